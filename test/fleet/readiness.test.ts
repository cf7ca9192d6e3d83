import { describe, expect, it } from 'vitest';
import { SECOND } from '../../src/clock.ts';
import { noEvidence } from '../../src/fleet/counting-evidence.ts';
import { restoreInstance, restoreRegion } from '../../src/fleet/handover.ts';
import { reasonText } from '../../src/fleet/not-ready.ts';
import { reasonsNotReady } from '../../src/fleet/readiness.ts';
import { usersSnapshot } from '../../src/fleet/snapshots.ts';
import { FleetBench, failure, STALE_AFTER, user } from '../support/fleet-bench.ts';

const NO_CREDENTIALS = failure('unauthenticated');
const REFUSED = failure('unauthenticated', { code: 'InvalidAccessKeyId.NotFound' });

const reasonsOf = ({ fleet }: FleetBench): readonly string[] =>
  reasonsNotReady(fleet, STALE_AFTER).map(reasonText);

describe('the exporter is not ready', () => {
  it('while the first discovery pass of a region has not ended', () => {
    const bench = new FleetBench();
    bench.fleet.region('prod', 'cn-shanghai', 1).discovery.begin();
    expect(reasonsOf(bench)).toEqual(['account prod: discovery in cn-shanghai has not ended yet']);
    bench.discover();
    expect(reasonsOf(bench)).toEqual([]);
  });

  it('while the list of regions has not been read', () => {
    const bench = new FleetBench();
    bench.fleet.account('prod').regionsPending = true;
    const { discovery } = bench.fleet.region('prod', '', 1);
    expect(reasonsOf(bench)).toEqual(['account prod: looking for its regions']);
    bench.fleet.account('prod').regionsPending = false;
    discovery.succeed();
    expect(reasonsOf(bench)).toEqual([]);
  });

  it('while an instance’s first users pass, then its first online pass, has not ended', () => {
    const bench = new FleetBench();
    const record = bench.instance('sag-a');
    expect(reasonsOf(bench)).toEqual(['0 of 1 instances read; still waiting for sag-a (users)']);
    bench.users(record, [user('ann')]);
    expect(reasonsOf(bench)).toEqual(['0 of 1 instances read; still waiting for sag-a (online)']);
    bench.online(record, { ann: 0 });
    expect(reasonsOf(bench)).toEqual([]);
  });

  it('while credentials are missing, which it says', () => {
    const bench = new FleetBench();
    bench.discover();
    const account = bench.fleet.account('prod');
    account.paused = NO_CREDENTIALS;
    expect(reasonsOf(bench)).toEqual([`account prod: ${NO_CREDENTIALS.message}`]);
    delete account.paused;
    expect(reasonsOf(bench)).toEqual([]);
  });

  it('right after credentials were added, before the first call with them', () => {
    const bench = new FleetBench();
    const { discovery } = bench.fleet.region('prod', '', 1);
    const { users } = bench.instance('sag-a').stages;
    for (const stage of [discovery, users]) stage.fail(NO_CREDENTIALS);
    expect(reasonsOf(bench)).toEqual([
      'account prod: looking for its regions',
      '0 of 1 instances read; still waiting for sag-a (users)',
    ]);
    for (const stage of [discovery, users]) stage.fail(failure('timeout'));
    expect(reasonsOf(bench)).toEqual([]);
  });

  it('while instances are read, with one reason for all of them', () => {
    const bench = new FleetBench();
    for (let n = 1; n <= 25; n++) {
      const record = bench.instance(`sag-${n}`);
      if (n > 20) {
        bench.users(record, []);
        bench.online(record, {});
      }
    }
    expect(reasonsOf(bench)).toEqual([
      '5 of 25 instances read; still waiting for sag-1 (users), sag-2 (users), sag-3 (users), 17 more',
    ]);
  });

  it('for many reasons, of which it lists twenty', () => {
    const bench = new FleetBench();
    for (let n = 1; n <= 25; n++) bench.fleet.region('prod', `region-${n}`, 1).discovery.begin();
    const reasons = reasonsOf(bench);
    expect(reasons).toHaveLength(21);
    expect(reasons.at(-1)).toBe('and 5 more');
  });
});

describe('the exporter is ready', () => {
  it('even when every first pass failed: waiting longer would not help', () => {
    const bench = new FleetBench();
    bench.discover('forbidden');
    const noUsers = bench.instance('sag-a');
    bench.fail(noUsers, 'users', 'forbidden');
    const noOnline = bench.instance('sag-b');
    bench.users(noOnline, []);
    bench.fail(noOnline, 'online', 'timeout');
    expect(reasonsOf(bench)).toEqual([]);
  });

  it('when the API refuses the credentials', () => {
    const bench = new FleetBench();
    bench.fleet.account('prod').paused = REFUSED;
    bench.fleet.region('prod', 'cn-shanghai', 1).discovery.fail(REFUSED);
    expect(reasonsOf(bench)).toEqual([]);
  });

  it('when there is no instance', () => {
    expect(reasonsOf(new FleetBench())).toEqual([]);
  });
});

describe('after a restart, the exporter', () => {
  const id = { account: 'prod', regionId: 'cn-shanghai', instanceId: 'sag-a' };

  /** A fleet with an instance that an earlier process has left, with stages that were read so long ago. */
  function restored(seconds: { readonly users?: number; readonly online?: number }): FleetBench {
    const bench = new FleetBench();
    const { clock, fleet } = bench;
    const writtenAt = clock.now() / SECOND;
    const stage = (ago: number | undefined) => ({
      staleFrom: writtenAt - (ago ?? 0),
      ...(ago !== undefined && { lastSuccess: writtenAt - ago }),
      ended: 'well' as const,
    });
    restoreRegion(
      fleet,
      { writtenAt, account: 'prod', regionId: 'cn-shanghai', discovery: stage(1e6) },
      clock,
    );
    restoreInstance(
      fleet,
      {
        writtenAt,
        id,
        isUp: true,
        snapshot: { users: usersSnapshot([user('ann')]) },
        stages: { users: stage(seconds.users), online: stage(seconds.online) },
        evidence: noEvidence(),
        userCountEqualAt: [],
        readings: [],
        areSessionsComplete: false,
      },
      clock,
    );
    return bench;
  }

  it('is ready when the data of each instance is fresh, without waiting for discovery', () => {
    const { fleet } = restored({ users: 60, online: 60 });
    expect(reasonsNotReady(fleet, STALE_AFTER).map(reasonText)).toEqual([]);
  });

  it('is ready even without credentials', () => {
    const bench = restored({ users: 60, online: 60 });
    bench.fleet.account('prod').paused = NO_CREDENTIALS;
    expect(reasonsOf(bench)).toEqual([]);
    bench.instance('sag-b');
    expect(reasonsOf(bench)).toEqual([
      `account prod: ${NO_CREDENTIALS.message}`,
      '1 of 2 instances read; still waiting for sag-b (users)',
    ]);
  });

  it.each([
    ['stale', { users: 60, online: 1000 }],
    ['missing', { users: 60 }],
  ])('waits for the first pass of a stage whose data is %s', (_, seconds) => {
    const { fleet } = restored(seconds);
    expect(reasonsNotReady(fleet, STALE_AFTER).map(reasonText)).toEqual([
      '0 of 1 instances read; still waiting for sag-a (online)',
    ]);
    fleet.instance(id)?.stages.online.fail(failure('timeout'));
    expect(reasonsNotReady(fleet, STALE_AFTER).map(reasonText)).toEqual([]);
  });

  it('waits for discovery when it looks for other instances now', () => {
    const { fleet } = restored({ users: 60, online: 60 });
    const [region] = fleet.regions;
    region?.discovery.expire();
    expect(reasonsNotReady(fleet, STALE_AFTER).map(reasonText)).toEqual([
      'account prod: discovery in cn-shanghai has not ended yet',
    ]);
  });
});
