import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/clock.ts';
import { Presence } from '../../src/fleet/presence.ts';

const START = 1_767_225_600;
const [minute, hour, day] = [MINUTE / SECOND, HOUR / SECOND, DAY / SECOND];

/** Counts users at a time given in seconds since START. */
function count(
  presence: Presence,
  at: number,
  counts: Readonly<Record<string, number>>,
  isComplete = true,
): void {
  presence.counted(START + at, new Map(Object.entries(counts)), isComplete);
}

/** Counts the same at every half hour, from the first hour up to, but without, the second. */
function countThrough(
  presence: Presence,
  from: number,
  to: number,
  counts: Readonly<Record<string, number>>,
): void {
  for (let at = from; at < to; at += 30 * minute) count(presence, at, counts);
}

describe('last online', () => {
  it('is absent for a user who was never seen online', () => {
    const presence = new Presence();
    count(presence, 0, { ada: 0 });
    expect(presence.lastOnline('ada')).toBeUndefined();
    expect(presence.lastOnline('nobody')).toBeUndefined();
  });

  it('moves at most once an hour while the user stays online, and to the last pass at logout', () => {
    const presence = new Presence();
    count(presence, 0, { ada: 1 });
    expect(presence.lastOnline('ada')).toBe(START);
    count(presence, 59 * minute, { ada: 2 });
    expect(presence.lastOnline('ada')).toBe(START);
    count(presence, 60 * minute, { ada: 1 });
    expect(presence.lastOnline('ada')).toBe(START + hour);
    count(presence, 90 * minute, { ada: 1 });
    expect(presence.lastOnline('ada')).toBe(START + hour);
    count(presence, 91 * minute, { ada: 0 });
    expect(presence.lastOnline('ada')).toBe(START + 90 * minute);
    count(presence, 5 * hour, { ada: 0 });
    expect(presence.lastOnline('ada')).toBe(START + 90 * minute);
  });

  it('keeps its value for a user whom a pass could not ask about', () => {
    const presence = new Presence();
    count(presence, 0, { ada: 1 });
    count(presence, 30 * minute, { bob: 0 }, false);
    expect(presence.lastOnline('ada')).toBe(START);
  });

  it('is forgotten when the user is deleted, so that a new user of the same name begins anew', () => {
    const presence = new Presence();
    count(presence, 0, { ada: 1, bob: 0 });
    presence.keepOnly(new Set(['bob']));
    count(presence, minute, { ada: 0, bob: 0 });
    expect(presence.lastOnline('ada')).toBeUndefined();
    expect(presence.unusedFor('ada', START + hour)).toBe(hour - minute);
  });

  it('is never in the future after the clock was set back', () => {
    const presence = new Presence();
    count(presence, 10 * day, { ada: 1, bob: 1 });
    count(presence, 10 * day + minute, { ada: 0, bob: 1 });
    count(presence, 0, { ada: 0, bob: 1 });
    expect(presence.lastOnline('ada')).toBe(START);
    expect(presence.lastOnline('bob')).toBe(START);
    expect(presence.watchedSince).toBe(START);
    expect(presence.unusedFor('ada', START + minute)).toBe(minute);
  });
});

describe('the times of users', () => {
  it('are the same map while no time changes, and another map afterwards', () => {
    const presence = new Presence();
    count(presence, 0, { ada: 1, bob: 0 });
    const { times } = presence;
    count(presence, minute, { ada: 1, bob: 0 });
    presence.keepOnly(new Set(['ada', 'bob']));
    expect(presence.times).toBe(times);
    count(presence, 2 * minute, { ada: 0, bob: 1 });
    presence.keepOnly(new Set(['ada']));
    expect(presence.times).toEqual(
      new Map([['ada', { firstSeen: START, lastOnline: START + minute }]]),
    );
    expect(times).toEqual(
      new Map([
        ['ada', { firstSeen: START, lastOnline: START }],
        ['bob', { firstSeen: START }],
      ]),
    );
  });

  it('stay in plain data as they were when it was taken', () => {
    const presence = new Presence();
    count(presence, 0, { ada: 1, bob: 0 });
    const users = presence.data?.users ?? [];
    const before = [
      ['ada', { firstSeen: START, lastOnline: START, onlineUntil: START }],
      ['bob', { firstSeen: START }],
    ];
    expect([...users]).toEqual(before);
    count(presence, minute, { ada: 0, bob: 1 });
    presence.keepOnly(new Set());
    expect([...users]).toEqual(before);
  });
});

describe('unused', () => {
  it('is evaluated at the newest complete pass', () => {
    const presence = new Presence();
    countThrough(presence, 0, day, { ada: 0 });
    expect(presence.unusedUsers(day)).toBeUndefined();
    count(presence, day, { ada: 0 });
    expect(presence.unusedUsers(day)).toBe(1);
    count(presence, day + minute, { bob: 0 }, false);
    expect(presence.unusedUsers(day + minute)).toBeUndefined();
  });

  it('counts on during passes that take hours, and not while they fail', () => {
    const presence = new Presence();
    const pass = (at: number): void =>
      presence.counted(START + at, new Map([['ada', 0]]), true, 3 * hour);
    for (let at = 0; at <= day; at += 3 * hour) pass(at);
    expect(presence.watchedFor(START + day)).toBe(day);
    // A single pass may fail.
    pass(30 * hour);
    expect(presence.watchedFor(START + 30 * hour)).toBe(30 * hour);
    pass(37 * hour);
    expect(presence.watchedFor(START + 37 * hour)).toBe(30 * hour);
    expect(presence.unusedUsers(30 * hour)).toBe(1);
    expect(presence.unusedUsers(31 * hour)).toBeUndefined();
  });

  it('counts the time between the last slow pass of a process and the first of the next', () => {
    const before = new Presence();
    before.counted(START, new Map([['ada', 0]]), true, 3 * hour);
    const presence = new Presence(before.data);
    presence.counted(START + 3 * hour, new Map([['ada', 0]]), true, 3 * hour);
    expect(presence.unusedUsers(3 * hour)).toBe(1);
  });

  it('is unknown before the instance was watched for so long', () => {
    const presence = new Presence();
    expect(presence.watchedFor(START)).toBe(0);
    expect(presence.unusedUsers(0)).toBeUndefined();
    countThrough(presence, 0, 30 * day, { ada: 0, bob: 1 });
    expect(presence.unusedUsers(30 * day)).toBeUndefined();
    expect(presence.unusedUsers(30 * day - 30 * minute)).toBe(1);
    count(presence, 30 * day, { ada: 0, bob: 1 });
    expect(presence.unusedUsers(30 * day)).toBe(1);
  });

  it('is counted anew after each pass, and when a user is deleted', () => {
    const presence = new Presence();
    countThrough(presence, 0, 2 * day, { ada: 0, bob: 0, cho: 0 });
    expect(presence.unusedUsers(day)).toBe(3);
    count(presence, 2 * day, { ada: 1, bob: 0, cho: 0 });
    expect(presence.unusedUsers(day)).toBe(2);
    presence.keepOnly(new Set(['ada', 'bob']));
    expect(presence.unusedUsers(day)).toBe(1);
  });

  it('is told of each user by a test that later passes do not change', () => {
    const presence = new Presence();
    expect(presence.unusedTest(0)).toBeUndefined();
    countThrough(presence, 0, 2 * day, { ada: 0, bob: 1 });
    expect(presence.unusedTest(2 * day)).toBeUndefined();
    const isUnused = presence.unusedTest(day);
    const told = () => ['ada', 'bob', 'unknown'].map((name) => isUnused?.(name));
    expect(told()).toEqual([true, false, false]);
    count(presence, 2 * day, { ada: 1, bob: 0 });
    expect(told()).toEqual([true, false, false]);
  });

  it('counts a new user only after the user was watched for so long', () => {
    const presence = new Presence();
    countThrough(presence, 0, 10 * day, { ada: 0 });
    countThrough(presence, 10 * day, 12 * day, { ada: 0, new: 0 });
    expect(presence.unusedUsers(2 * day)).toBe(1);
    count(presence, 12 * day, { ada: 0, new: 0 });
    expect(presence.unusedUsers(2 * day)).toBe(2);
  });

  it('does not count a time in which the online users were not counted', () => {
    const presence = new Presence();
    countThrough(presence, 0, 10 * day, { ada: 0 });
    countThrough(presence, 20 * day, 25 * day, { ada: 0 });
    const now = START + 25 * day;
    expect(presence.watchedFor(now)).toBe(15 * day - 30 * minute);
    expect(presence.unusedFor('ada', now)).toBe(15 * day - 30 * minute);
    expect(presence.unusedUsers(14 * day)).toBe(1);
    expect(presence.unusedUsers(15 * day)).toBeUndefined();
  });

  it('does not count a time in which the counts of some users failed', () => {
    const presence = new Presence();
    countThrough(presence, 0, day, { ada: 0, bob: 0 });
    for (let at = day; at < 2 * day; at += 30 * minute) count(presence, at, { bob: 0 }, false);
    expect(presence.watchedFor(START + 2 * day)).toBe(day - 30 * minute);
  });

  it('equals a model that looks at every half hour', () => {
    const step = 30 * minute;
    const pass = fc.record({
      isComplete: fc.boolean(),
      isDown: fc.boolean(),
      counts: fc.dictionary(fc.constantFrom('ada', 'bob'), fc.nat(1), { noNullPrototype: true }),
    });
    fc.assert(
      fc.property(
        fc.array(pass, { minLength: 1, maxLength: 40 }),
        fc.nat(20),
        fc.boolean(),
        (passes, wanted, isRestarted) => {
          let presence = new Presence();
          passes.forEach(({ isDown, isComplete, counts }, index) => {
            if (isDown) return;
            const all = isComplete ? { ada: 0, bob: 0, ...counts } : counts;
            count(presence, index * step, all, isComplete);
            if (isRestarted) presence = new Presence(presence.data);
          });
          const now = passes.length - 1;
          const complete = passes.flatMap(({ isDown, isComplete }, index) =>
            isComplete && !isDown ? [index] : [],
          );
          // Half hour k lies between the passes k and k + 1. Two complete passes at most an hour apart watch it.
          const isWatched = (k: number): boolean => {
            const before = complete.findLast((index) => index <= k);
            const after = complete.find((index) => index > k) ?? now;
            return before !== undefined && (after - before) * step <= hour;
          };
          const watched = (from: number, to: number): number => {
            let halfHours = 0;
            for (let at = from; at < to; at++) if (isWatched(at)) halfHours++;
            return halfHours * step;
          };
          const [first, last] = [complete.at(0), complete.at(-1)];
          const nowSeconds = START + now * step;
          if (first === undefined || last === undefined) {
            expect(presence.unusedUsers(0)).toBeUndefined();
            return;
          }
          expect(presence.watchedFor(nowSeconds)).toBe(watched(first, now));
          const unused = ['ada', 'bob'].map((name) => {
            const seen = passes.flatMap(({ isDown, isComplete, counts }, index) =>
              isDown || !(isComplete || name in counts) ? [] : [{ index, n: counts[name] ?? 0 }],
            );
            const since = seen.findLast(({ n }) => n > 0)?.index ?? seen[0]?.index ?? now;
            const unusedUntil = (time: number): number =>
              seen.at(-1)?.n ? 0 : watched(Math.max(since, first), time);
            expect(presence.unusedFor(name, nowSeconds)).toBe(unusedUntil(now));
            return unusedUntil(last);
          });
          if (wanted > 0) {
            const seconds = wanted * step;
            expect(presence.unusedUsers(seconds)).toBe(
              watched(first, last) < seconds
                ? undefined
                : unused.filter((time) => time >= seconds).length,
            );
          }
        },
      ),
    );
  });

  it('keeps a bounded number of gaps, and never watches longer for it', () => {
    const presence = new Presence();
    for (let night = 0; night < 1200; night++) count(presence, night * 2 * hour, { ada: 0 });
    const { gaps = [] } = presence.data ?? {};
    expect(gaps).toHaveLength(1000);
    expect(presence.watchedFor(START + 2400 * hour)).toBe(0);
  });
});

describe('what another process has recorded', () => {
  /** Two processes that have counted the same instance one after the other, the second now with both records. */
  function joined(
    first: (presence: Presence) => void,
    second: (presence: Presence) => void,
  ): Presence {
    const [before, presence] = [new Presence(), new Presence()];
    first(before);
    second(presence);
    if (before.data) presence.include(before.data);
    return presence;
  }

  it('counts as if this process had recorded it', () => {
    const presence = joined(
      (before) => {
        countThrough(before, 0, day, { ada: 1, bob: 0 });
        countThrough(before, day, 3 * day, { ada: 0, bob: 0 });
      },
      (after) => countThrough(after, 3 * day, 4 * day, { ada: 0, bob: 0 }),
    );
    const now = START + 4 * day;
    expect(presence.watchedSince).toBe(START);
    expect(presence.watchedFor(now)).toBe(4 * day);
    expect(presence.lastOnline('ada')).toBe(START + day - 30 * minute);
    expect(presence.lastOnline('bob')).toBeUndefined();
    expect(presence.unusedUsers(3 * day)).toBe(2);
    expect(presence.unusedUsers(4 * day)).toBeUndefined();
    count(presence, 4 * day, { ada: 0, bob: 0 });
    expect(presence.unusedUsers(4 * day)).toBe(1);
  });

  it('leaves a gap between the two processes, and none where both have watched', () => {
    const offline = (from: number, to: number) => (presence: Presence) =>
      countThrough(presence, from * day, to * day, { ada: 0 });
    const now = START + 5 * day;
    expect(joined(offline(0, 2), offline(3, 5)).watchedFor(now)).toBe(4 * day - 30 * minute);
    expect(joined(offline(0, 4), offline(3, 5)).watchedFor(now)).toBe(5 * day);
    expect(joined(offline(3, 4), offline(0, 5)).watchedFor(now)).toBe(5 * day);
  });

  it('is all there is while this process has not counted yet', () => {
    const presence = joined(
      (before) => countThrough(before, 0, day, { ada: 1 }),
      () => {},
    );
    expect(presence.watchedSince).toBe(START);
    expect(presence.lastOnline('ada')).toBe(START + day - 30 * minute);
  });

  it('does not bring back a user who was deleted, nor move a newer login back', () => {
    const presence = joined(
      (before) => countThrough(before, 0, day, { ada: 1, gone: 1 }),
      (after) => countThrough(after, day, 2 * day, { ada: 1 }),
    );
    expect(presence.unusedFor('gone', START + 2 * day)).toBeUndefined();
    expect(presence.lastOnline('ada')).toBeGreaterThan(START + 2 * day - 2 * hour);
    expect(presence.unusedFor('ada', START + 2 * day)).toBe(0);
  });
});
