import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sessionDiff } from '../../src/fleet/session-diff.ts';
import type { Session } from '../../src/model/session.ts';
import type { SessionsSnapshot } from '../../src/model/snapshot.ts';

const at = (start: number, clientIp = '10.0.0.1'): Session => ({ clientIp, start });

function snapshot(sessions: Readonly<Record<string, readonly Session[]>>): SessionsSnapshot {
  return { sessions: new Map(Object.entries(sessions)) };
}

describe('sessionDiff', () => {
  it('counts nothing in the first pass', () => {
    expect(sessionDiff(undefined, snapshot({ ann: [at(1)] }), false)).toEqual({
      started: 0,
      ended: [],
    });
  });

  it.each<[string, readonly Session[], readonly Session[], number, number]>([
    ['a login', [], [at(1)], 1, 0],
    ['a logout', [at(1)], [], 0, 1],
    ['nothing', [at(1)], [at(1)], 0, 0],
    ['a reconnect with a new start as one end and one start', [at(1)], [at(2)], 1, 1],
    ['a change of address as one end and one start', [at(1)], [at(1, '10.0.0.2')], 1, 1],
    ['a second device', [at(1)], [at(1), at(5, '10.0.0.2')], 1, 0],
    ['a second device behind one address', [at(1)], [at(1), at(1)], 1, 0],
    ['one of two twins gone', [at(1), at(1)], [at(1)], 0, 1],
    ['sessions in another order as nothing', [at(1), at(2)], [at(2), at(1)], 0, 0],
  ])('counts %s', (_, before, after, started, ended) => {
    const diff = sessionDiff(snapshot({ ann: before }), snapshot({ ann: after }), true);
    expect(diff.started).toBe(started);
    expect(diff.ended).toHaveLength(ended);
    for (const { userName, session } of diff.ended) {
      expect(userName).toBe('ann');
      expect(before).toContainEqual(session);
    }
  });

  it('counts the sessions of a new user as started, but only after a complete pass', () => {
    const before = snapshot({ ann: [] });
    const after = snapshot({ ann: [], bob: [at(3), at(4)] });
    expect(sessionDiff(before, after, true)).toEqual({ started: 2, ended: [] });
    expect(sessionDiff(before, after, false)).toEqual({ started: 0, ended: [] });
  });

  it('counts the sessions of a removed user as ended', () => {
    expect(sessionDiff(snapshot({ ann: [at(1), at(2)] }), snapshot({}), true)).toEqual({
      started: 0,
      ended: [
        { userName: 'ann', session: at(1) },
        { userName: 'ann', session: at(2) },
      ],
    });
  });

  it('started minus ended equals the change of the number of sessions', () => {
    const session = fc.record({
      clientIp: fc.constantFrom('10.0.0.1', '10.0.0.2'),
      start: fc.integer({ min: 1, max: 4 }),
    });
    const fleet = fc.dictionary(fc.constantFrom('ann', 'bob', 'cyd'), fc.array(session), {
      noNullPrototype: true,
    });
    const count = (sessions: Readonly<Record<string, readonly Session[]>>): number =>
      Object.values(sessions).reduce((sum, list) => sum + list.length, 0);
    fc.assert(
      fc.property(fleet, fleet, (before, after) => {
        const { started, ended } = sessionDiff(snapshot(before), snapshot(after), true);
        expect(started - ended.length).toBe(count(after) - count(before));
        expect(started).toBeLessThanOrEqual(count(after));
        expect(ended.length).toBeLessThanOrEqual(count(before));
      }),
    );
  });
});
