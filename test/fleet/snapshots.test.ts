import { describe, expect, it } from 'vitest';
import {
  oldestStartOf,
  onlineSnapshot,
  sessionsSnapshot,
  usersSnapshot,
} from '../../src/fleet/snapshots.ts';
import { user } from '../support/fleet-bench.ts';

const ANN_AND_BOB = [user('ann'), user('bob')];

describe('the snapshot of a users pass', () => {
  it('sums by state', () => {
    const users = [
      user('ann', { bandwidth: 10, acceleratedBandwidth: 1 }),
      user('bob', { enabled: false, bandwidth: 20 }),
      user('cid', { bandwidth: 30 }),
    ];
    expect(usersSnapshot(users)).toEqual({
      users,
      enabled: { users: 2, bandwidth: 40, acceleratedBandwidth: 1 },
      disabled: { users: 1, bandwidth: 20, acceleratedBandwidth: 0 },
    });
  });
});

describe('the snapshot of an online pass', () => {
  it('contains the counts of the pass, and sums over users and clients', () => {
    const observed = new Map([
      ['ann', 3],
      ['bob', 0],
    ]);
    expect(onlineSnapshot(ANN_AND_BOB, observed, undefined)).toEqual({
      clients: observed,
      totals: { users: 1, clients: 3 },
    });
  });

  it('keeps the older count of a user who could not be asked about', () => {
    const previous = { clients: new Map([['bob', 2]]) };
    const now = onlineSnapshot(ANN_AND_BOB, new Map([['ann', 1]]), previous);
    expect(now.clients.get('bob')).toBe(2);
    expect(now.totals).toEqual({ users: 2, clients: 3 });
  });

  it('prefers the counts of the pass, including 0, to older ones', () => {
    const previous = { clients: new Map([['ann', 2]]) };
    const now = onlineSnapshot([user('ann')], new Map([['ann', 0]]), previous);
    expect(now).toEqual({ clients: new Map([['ann', 0]]), totals: { users: 0, clients: 0 } });
  });

  it('has no sums while a user was never counted', () => {
    const now = onlineSnapshot(ANN_AND_BOB, new Map([['ann', 1]]), undefined);
    expect(now).toEqual({ clients: new Map([['ann', 1]]) });
  });

  it('drops users who are no longer listed', () => {
    const previous = { clients: new Map([['gone', 5]]), totals: { users: 1, clients: 5 } };
    const observed = new Map([
      ['ann', 1],
      ['gone', 5],
    ]);
    expect(onlineSnapshot([user('ann')], observed, previous)).toEqual({
      clients: new Map([['ann', 1]]),
      totals: { users: 1, clients: 1 },
    });
  });

  it('has sums of 0 for an instance without users', () => {
    expect(onlineSnapshot([], new Map(), undefined).totals).toEqual({ users: 0, clients: 0 });
  });
});

describe('the snapshot of a sessions pass', () => {
  const at = (start: number) => [{ clientIp: '10.0.0.1', start }];

  it('has the start of the longest-running session of all users', () => {
    const observed = new Map([
      ['ann', [...at(300), ...at(200)]],
      ['bob', at(250)],
    ]);
    expect(sessionsSnapshot(ANN_AND_BOB, observed, undefined)).toEqual({
      sessions: observed,
      oldestStart: 200,
    });
  });

  it('keeps older sessions, and has no oldest start while the sessions of a user were never read', () => {
    const previous = { sessions: new Map([['bob', at(100)]]) };
    const kept = sessionsSnapshot(ANN_AND_BOB, new Map([['ann', at(300)]]), previous);
    expect(kept.oldestStart).toBe(100);
    const partly = sessionsSnapshot(ANN_AND_BOB, new Map([['ann', at(300)]]), undefined);
    expect(partly).toEqual({ sessions: new Map([['ann', at(300)]]) });
  });

  it('has no oldest start when all users are offline or no start can be read', () => {
    expect(sessionsSnapshot([user('ann')], new Map([['ann', []]]), undefined)).toEqual({
      sessions: new Map([['ann', []]]),
    });
    const unreadable = new Map([['ann', [{ clientIp: '10.0.0.1' }]]]);
    expect(sessionsSnapshot([user('ann')], unreadable, undefined)).not.toHaveProperty(
      'oldestStart',
    );
  });
});

describe('the oldest start', () => {
  it('ignores starts that cannot be read', () => {
    expect(oldestStartOf([])).toBeUndefined();
    expect(oldestStartOf([{ clientIp: 'a' }])).toBeUndefined();
    expect(oldestStartOf([{ clientIp: 'a' }, { clientIp: 'b', start: 2 }])).toBe(2);
  });
});
