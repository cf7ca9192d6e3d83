import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/clock.ts';
import { createHour, SETTINGS } from '../../support/long-run/hour.ts';
import { readScrape, type ScrapedInstance } from '../../support/long-run/scraped-fleet.ts';

const ID = 'sag-quiet';
const START = 'sag_app_user_session_start_timestamp_seconds';
const SESSIONS = 'DescribeUserOnlineClients';
const ONLINE_INTERVAL = SETTINGS.onlineInterval / SECOND;
/** The second of the first online pass at which sessions that were read at the start are due again. */
const DUE = SETTINGS.sessionsInterval / SECOND + ONLINE_INTERVAL;

/** A polled world with one user whom the test connects and disconnects. The user is enabled. */
function startWithUser() {
  const hour = createHour('auto');
  const { clock, world, history } = hour;
  const name = world.users(ID).find(({ state }) => state === 0)?.name ?? '';
  return {
    ...hour,
    name,
    connect: () => world.connect(ID, name),
    kick: () => world.kick(ID, name),
    /** Moves time to this second after the start, and records the history of the world on the way. */
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
    const run = startWithUser();
    run.poller.start();
    await run.until(ONLINE_INTERVAL - 2);
    run.connect();
    // The user is counted at once. The sessions are read four seconds later.
    const endDelay = run.simulator.faults.add({
      match: { operation: SESSIONS, userName: run.name },
      effect: { delayMs: 4 * SECOND },
    });
    await run.until(ONLINE_INTERVAL + 2);
    run.kick();
    await run.until(ONLINE_INTERVAL + 12);
    endDelay();
    expect(run.shown()?.byUser(START).has(run.name)).toBe(false);

    const { onlineTime } = run.connect();
    await run.until(3 * ONLINE_INTERVAL + 10);
    expect(run.shown()?.byUser(START).get(run.name)).toBe(onlineTime);
    await run.stop();
  });

  it('is counted with exactly the sessions that began and ended', async () => {
    const run = startWithUser();
    run.connect();
    run.history.note();
    const { began: beganBefore } = run.history.instances.get(ID) ?? { began: 0 };
    run.poller.start();
    await run.until(DUE - 1);
    // The sessions are due to be read again. Reading them takes until after the next online pass.
    run.simulator.limits.set({
      operation: SESSIONS,
      kind: 'sliding-second',
      limit: 0,
      retryAfterMs: (ONLINE_INTERVAL - 2) * SECOND,
    });
    await run.until(DUE + 10);
    run.simulator.limits.clear();
    const endDelay = run.simulator.faults.add({
      match: { operation: SESSIONS, userName: run.name },
      effect: { delayMs: 4 * SECOND },
    });
    await run.until(DUE + 15);
    run.kick();
    await run.until(DUE + ONLINE_INTERVAL + 1);
    run.connect();
    await run.until(DUE + ONLINE_INTERVAL + 8);
    endDelay();
    await run.until(DUE + 3 * ONLINE_INTERVAL + 10);
    const truth = run.history.instances.get(ID);
    const shown = run.shown();
    expect({
      started: shown?.figure('sag_app_sessions_started_total'),
      ended: shown?.figure('sag_app_sessions_ended_total'),
    }).toEqual({ started: (truth?.began ?? 0) - beganBefore, ended: truth?.ended });
    await run.stop();
  });
});
