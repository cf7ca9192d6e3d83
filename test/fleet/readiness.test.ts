import { describe, expect, it } from 'vitest';
import { reasonsNotReady } from '../../src/fleet/readiness.ts';
import { FleetBench, failure, user } from '../support/fleet-bench.ts';

const NO_CREDENTIALS = failure('unauthenticated');
const REFUSED = failure('unauthenticated', { code: 'InvalidAccessKeyId.NotFound' });

describe('the picture is not complete', () => {
  it('while discovery in a region has never ended', () => {
    const bench = new FleetBench();
    bench.fleet.region('prod', 'cn-shanghai', 1).discovery.begin();
    expect(reasonsNotReady(bench.fleet)).toEqual([
      'account prod: discovery in cn-shanghai has not ended yet',
    ]);
    bench.discover();
    expect(reasonsNotReady(bench.fleet)).toEqual([]);
  });

  it('while the regions themselves are looked for', () => {
    const bench = new FleetBench();
    bench.fleet.account('prod').regionsPending = true;
    const { discovery } = bench.fleet.region('prod', '', 1);
    expect(reasonsNotReady(bench.fleet)).toEqual(['account prod: looking for its regions']);
    bench.fleet.account('prod').regionsPending = false;
    discovery.succeed();
    expect(reasonsNotReady(bench.fleet)).toEqual([]);
  });

  it('while an instance’s first users pass, then its first online pass, has not ended', () => {
    const bench = new FleetBench();
    const record = bench.instance('sag-a');
    expect(reasonsNotReady(bench.fleet)).toEqual([
      '0 of 1 instances read; still waiting for sag-a (users)',
    ]);
    bench.users(record, [user('ann')]);
    expect(reasonsNotReady(bench.fleet)).toEqual([
      '0 of 1 instances read; still waiting for sag-a (online)',
    ]);
    bench.online(record, { ann: 0 });
    expect(reasonsNotReady(bench.fleet)).toEqual([]);
  });

  it('while there is nothing to sign with, and says so', () => {
    const bench = new FleetBench();
    bench.discover();
    const account = bench.fleet.account('prod');
    account.paused = NO_CREDENTIALS;
    expect(reasonsNotReady(bench.fleet)).toEqual([`account prod: ${NO_CREDENTIALS.message}`]);
    delete account.paused;
    expect(reasonsNotReady(bench.fleet)).toEqual([]);
  });

  it('right after credentials came, before anything was asked with them', () => {
    const bench = new FleetBench();
    const { discovery } = bench.fleet.region('prod', '', 1);
    const { users } = bench.instance('sag-a').stages;
    for (const stage of [discovery, users]) stage.fail(NO_CREDENTIALS);
    expect(reasonsNotReady(bench.fleet)).toEqual([
      'account prod: looking for its regions',
      '0 of 1 instances read; still waiting for sag-a (users)',
    ]);
    for (const stage of [discovery, users]) stage.fail(failure('timeout'));
    expect(reasonsNotReady(bench.fleet)).toEqual([]);
  });

  it('while instances are read one after the other, which is one reason', () => {
    const bench = new FleetBench();
    for (let n = 1; n <= 25; n++) {
      const record = bench.instance(`sag-${n}`);
      if (n > 20) {
        bench.users(record, []);
        bench.online(record, {});
      }
    }
    expect(reasonsNotReady(bench.fleet)).toEqual([
      '5 of 25 instances read; still waiting for sag-1 (users), sag-2 (users), sag-3 (users), 17 more',
    ]);
  });

  it('with many reasons, of which twenty are spelled out', () => {
    const bench = new FleetBench();
    for (let n = 1; n <= 25; n++) bench.fleet.region('prod', `region-${n}`, 1).discovery.begin();
    const reasons = reasonsNotReady(bench.fleet);
    expect(reasons).toHaveLength(21);
    expect(reasons.at(-1)).toBe('and 5 more');
  });
});

describe('the picture is complete', () => {
  it('also where everything ended badly: waiting longer would not help', () => {
    const bench = new FleetBench();
    bench.discover('forbidden');
    const noUsers = bench.instance('sag-a');
    bench.fail(noUsers, 'users', 'forbidden');
    const noOnline = bench.instance('sag-b');
    bench.users(noOnline, []);
    bench.fail(noOnline, 'online', 'timeout');
    expect(reasonsNotReady(bench.fleet)).toEqual([]);
  });

  it('where the API refuses the credentials', () => {
    const bench = new FleetBench();
    bench.fleet.account('prod').paused = REFUSED;
    bench.fleet.region('prod', 'cn-shanghai', 1).discovery.fail(REFUSED);
    expect(reasonsNotReady(bench.fleet)).toEqual([]);
  });

  it('where there is nothing to watch', () => {
    expect(reasonsNotReady(new FleetBench().fleet)).toEqual([]);
  });
});
