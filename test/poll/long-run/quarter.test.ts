import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../../src/clock.ts';
import { Office, shownUnused, UNUSED_DAYS, Watcher } from '../../support/long-run/quarter.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const DAYS = 92;

/** Changes of the list of users, by the day on which they happen. */
const CHANGES: ReadonlyMap<number, (office: Office) => void> = new Map([
  // New users who never come, and one who comes on a single day.
  [20, (office: Office) => office.add('never-new')],
  [45, (office: Office) => office.add('once-new')],
  // A user who was unused is deleted, and a new user gets the same name.
  [50, (office: Office) => office.remove('quitter-0')],
  [54, (office: Office) => office.add('quitter-0')],
  [60, (office: Office) => office.disable('leaver-0')],
]);

describe('a quarter', () => {
  it('shows each day exactly the users who are unused in the world, also with a restart each day', async () => {
    const clock = new ManualClock();
    const office = new Office(clock);
    const lasting = new Watcher(office, clock, 30 * MINUTE);
    // A pass may take longer than an hour, for example when very many users are asked one by one.
    const restarted = [30 * MINUTE, 2 * HOUR].map((each) => new Watcher(office, clock, each));
    const watchers = [lasting, ...restarted];
    const found = new Map<number, number>();

    for (let day = 0; day < DAYS; day++) {
      const midnight = day * DAY;
      const until = (time: number): Promise<void> =>
        clock.advance(midnight + time - clock.monotonic());
      await until(9 * HOUR + 15 * MINUTE);
      CHANGES.get(day)?.(office);
      const comers = [...office.comers(day), ...(day === 46 ? ['once-new'] : [])];
      for (const name of comers) office.come(name);

      await until(12 * HOUR + 10 * MINUTE);
      for (const [index, watcher] of watchers.entries()) {
        const scrape = watcher.scrape();
        for (const days of UNUSED_DAYS) {
          const expected = day < days ? undefined : office.unused(days);
          const shown = shownUnused(scrape, days);
          expect(shown, `watcher ${index}, day ${day}, ${days} days`).toEqual(expected);
          found.set(days, (found.get(days) ?? 0) + (shown?.length ?? 0));
        }
      }

      await until(17 * HOUR + 15 * MINUTE);
      for (const name of comers) office.leave(name);
      await until(20 * HOUR + 10 * MINUTE);
      for (const watcher of restarted) await watcher.restart();
    }

    // There was something to compare on many days.
    for (const days of UNUSED_DAYS) expect(found.get(days)).toBeGreaterThan(200);
    const shown = lasting.scrape();
    expect(shown.figure('sag_app_sessions_ended_total')).toBe(office.endedSessions);
    const count = shown.figure('sag_app_session_duration_seconds_count');
    expect(count).toBe(office.endedSessions);
    // All sessions lasted for eight hours, and the pass that missed them began a quarter of an hour later.
    const buckets = shown.by('le', 'sag_app_session_duration_seconds_bucket');
    expect([buckets.get('28800'), buckets.get('43200')]).toEqual([0, count]);
    for (const watcher of watchers) await watcher.stop();
    expect(clock.pending).toBe(0);
  }, 120_000);
});
