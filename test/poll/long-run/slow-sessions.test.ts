import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/clock.ts';
import { createHour, SETTINGS } from '../../support/long-run/hour.ts';
import { readScrape, type ScrapedInstance } from '../../support/long-run/scraped-fleet.ts';

const ID = 'sag-quiet';
const START = 'sag_app_user_session_start_timestamp_seconds';
const ASKED = 'DescribeUserOnlineClients';
const ONLINE_INTERVAL = SETTINGS.onlineInterval / SECOND;
/** The first online pass at which sessions read at the beginning are due again. */
const DUE = SETTINGS.sessionsInterval / SECOND + ONLINE_INTERVAL;

/** A polled world in which somebody, offline at first, is watched. */
function watchSomebody() {
  const hour = createHour('auto');
  const { clock, world, history } = hour;
  const name = world.users(ID).find(({ state }) => state === 0)?.name ?? '';
  return {
    ...hour,
    name,
    connect: () => world.connect(ID, name),
    kick: () => world.kick(ID, name),
    /** Lets time pass up to so many seconds after the start, the world's history being written. */
    async until(second: number): Promise<void> {
      while (clock.monotonic() < second * SECOND) {
        history.note();
        await clock.advance(SECOND);
      }
      history.note();
    },
    shown(): ScrapedInstance | undefined {
      return readScrape(hour.scrape(), clock.now() / SECOND).instances.get(ID);
    },
  };
}

describe('a user who logs out and in again while the sessions are read slowly', () => {
  it('has the new session at the next passes, not after the sessions interval', async () => {
    const one = watchSomebody();
    one.poller.start();
    await one.until(ONLINE_INTERVAL - 2);
    one.connect();
    // Counted at once, asked about four seconds later.
    const faster = one.simulator.faults.add({
      match: { operation: ASKED, userName: one.name },
      effect: { delayMs: 4 * SECOND },
    });
    await one.until(ONLINE_INTERVAL + 2);
    one.kick();
    await one.until(ONLINE_INTERVAL + 12);
    faster();
    expect(one.shown()?.byUser(START).has(one.name)).toBe(false);

    const { onlineTime } = one.connect();
    await one.until(3 * ONLINE_INTERVAL + 10);
    expect(one.shown()?.byUser(START).get(one.name)).toBe(onlineTime);
    await one.stop();
  });

  it('ends and starts no session more often than it did', async () => {
    const one = watchSomebody();
    one.connect();
    one.history.note();
    const { began: already } = one.history.instances.get(ID) ?? { began: 0 };
    one.poller.start();
    await one.until(DUE - 1);
    // The sessions are due to be read again, and that takes until after the next online pass.
    one.simulator.limits.set({
      operation: ASKED,
      kind: 'sliding-second',
      limit: 0,
      retryAfterMs: (ONLINE_INTERVAL - 2) * SECOND,
    });
    await one.until(DUE + 10);
    one.simulator.limits.clear();
    const faster = one.simulator.faults.add({
      match: { operation: ASKED, userName: one.name },
      effect: { delayMs: 4 * SECOND },
    });
    await one.until(DUE + 15);
    one.kick();
    await one.until(DUE + ONLINE_INTERVAL + 1);
    one.connect();
    await one.until(DUE + ONLINE_INTERVAL + 8);
    faster();
    await one.until(DUE + 3 * ONLINE_INTERVAL + 10);
    const truth = one.history.instances.get(ID);
    const shown = one.shown();
    expect({
      started: shown?.figure('sag_app_sessions_started_total'),
      ended: shown?.figure('sag_app_sessions_ended_total'),
    }).toEqual({ started: (truth?.began ?? 0) - already, ended: truth?.ended });
    await one.stop();
  });
});
