import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/clock.ts';
import { REQUIRED_STAGES } from '../../../src/model/stage.ts';
import { FleetBench, failure } from '../../support/fleet-bench.ts';

describe('an account', () => {
  it('is not up before its first call, and up or not as its newest call was', () => {
    const bench = new FleetBench();
    bench.fleet.account('prod').up = true;
    bench.fleet.account('test');
    expect(bench.text(['sag_app_account_up'])).toBe(
      `# HELP sag_app_account_up Whether the account's newest API call was authenticated and answered.
# TYPE sag_app_account_up gauge
sag_app_account_up{account="prod"} 1
sag_app_account_up{account="test"} 0
`,
    );
  });
});

describe('the discovery of a region', () => {
  it('shows when it last succeeded, nothing before', async () => {
    const bench = new FleetBench();
    bench.discover('timeout');
    expect(bench.lines('sag_app_discovery_last_success_timestamp_seconds')).toEqual([]);
    await bench.clock.advance(1500);
    bench.discover();
    await bench.clock.advance(SECOND);
    bench.discover('throttled');
    expect(bench.text(['sag_app_discovery_last_success_timestamp_seconds'])).toBe(
      `# HELP sag_app_discovery_last_success_timestamp_seconds When the instances of the region were last discovered or looked up.
# TYPE sag_app_discovery_last_success_timestamp_seconds gauge
sag_app_discovery_last_success_timestamp_seconds{account="prod",region_id="cn-shanghai"} 1767225601.5
`,
    );
  });

  it('counts its failures by reason, each from when it was first seen', () => {
    const bench = new FleetBench();
    bench.discover();
    expect(bench.text(['sag_app_discovery_failures_total'])).toBe('');
    for (const kind of ['timeout', 'forbidden', 'timeout'] as const) bench.discover(kind);
    expect(bench.text(['sag_app_discovery_failures_total'])).toBe(
      `# HELP sag_app_discovery_failures_total Discovery passes that failed; a reason appears when first seen.
# TYPE sag_app_discovery_failures_total counter
sag_app_discovery_failures_total{account="prod",region_id="cn-shanghai",reason="timeout"} 2
sag_app_discovery_failures_total{account="prod",region_id="cn-shanghai",reason="forbidden"} 1
`,
    );
  });
});

describe('an instance', () => {
  it('is up once every stage has ended well, and not while one has never ended or last failed', () => {
    const bench = new FleetBench();
    const up = (): readonly string[] => bench.lines('sag_app_instance_up');
    const down = [
      'sag_app_instance_up{account="prod",region_id="cn-shanghai",instance_id="sag-a"} 0',
    ];
    const record = bench.instance('sag-a');
    expect(up()).toEqual(down);
    bench.users(record, []);
    expect(up()).toEqual(down);
    bench.online(record, {});
    bench.sessions(record, {});
    expect(bench.text(['sag_app_instance_up'])).toBe(
      `# HELP sag_app_instance_up Whether the newest attempt of every stage of the instance succeeded and its account is not paused.
# TYPE sag_app_instance_up gauge
sag_app_instance_up{account="prod",region_id="cn-shanghai",instance_id="sag-a"} 1
`,
    );
    for (const stage of REQUIRED_STAGES) {
      bench.fail(record, stage, 'unavailable');
      expect(up()).toEqual(down);
      record.stages[stage].succeed();
      expect(up()).not.toEqual(down);
    }
  });

  it('is not up while its account is paused', () => {
    const bench = new FleetBench();
    const record = bench.instance('sag-a');
    bench.users(record, []);
    bench.online(record, {});
    bench.sessions(record, {});
    const account = bench.fleet.account('prod');
    account.paused = failure('unauthenticated', { code: 'InvalidAccessKeyId.NotFound' });
    expect(bench.lines('sag_app_instance_up')[0]).toMatch(/ 0$/);
    delete account.paused;
    expect(bench.lines('sag_app_instance_up')[0]).toMatch(/ 1$/);
  });
});
