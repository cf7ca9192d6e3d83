import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/clock.ts';
import { FleetBench, failure } from '../../support/fleet-bench.ts';

describe('the stages of an instance', () => {
  it('show the last success, the duration of the last pass and the progress of each stage', async () => {
    const bench = new FleetBench();
    const record = bench.instance('sag-a');
    const { users, online } = record.stages;
    users.begin();
    await bench.clock.advance(2 * SECOND);
    users.succeed();
    online.begin();
    online.advance(0.25);
    expect(
      bench.text([
        'sag_app_last_success_timestamp_seconds',
        'sag_app_stage_duration_seconds',
        'sag_app_stage_progress_ratio',
      ]),
    ).toBe(
      `# HELP sag_app_last_success_timestamp_seconds When the stage last succeeded on the instance; its data is from then.
# TYPE sag_app_last_success_timestamp_seconds gauge
sag_app_last_success_timestamp_seconds{account="prod",region_id="cn-shanghai",instance_id="sag-a",stage="users"} 1767225602
# HELP sag_app_stage_duration_seconds Duration of the last complete pass of the stage.
# TYPE sag_app_stage_duration_seconds gauge
sag_app_stage_duration_seconds{account="prod",region_id="cn-shanghai",instance_id="sag-a",stage="users"} 2
# HELP sag_app_stage_progress_ratio Completed share of the running pass; 1 when no pass is running.
# TYPE sag_app_stage_progress_ratio gauge
sag_app_stage_progress_ratio{account="prod",region_id="cn-shanghai",instance_id="sag-a",stage="users"} 1
sag_app_stage_progress_ratio{account="prod",region_id="cn-shanghai",instance_id="sag-a",stage="online"} 0.25
sag_app_stage_progress_ratio{account="prod",region_id="cn-shanghai",instance_id="sag-a",stage="sessions"} 1
`,
    );
  });

  it('show why they cannot be read now; while the account is paused, only the reason of the pause', () => {
    const bench = new FleetBench();
    const record = bench.instance('sag-a');
    const reasons = () =>
      bench
        .lines('sag_app_stage_failure_info')
        .map((line) => /stage="(\w+)",reason="([\w-]+)"} 1$/.exec(line)?.slice(1).join(' '));
    expect(reasons()).toEqual([]);
    bench.fail(record, 'users', 'throttled');
    bench.fail(record, 'online', 'timeout');
    bench.fail(record, 'online', 'forbidden');
    expect(reasons()).toEqual(['users throttled', 'online forbidden']);
    bench.users(record, []);
    expect(reasons()).toEqual(['online forbidden']);
    const account = bench.fleet.account('prod');
    account.paused = failure('unauthenticated');
    const paused = ['users', 'online', 'sessions'].map((stage) => `${stage} unauthenticated`);
    expect(reasons()).toEqual(paused);
    delete account.paused;
    expect(reasons()).toEqual(['online forbidden']);
  });

  it('count their failures by reason; a reason is absent until its first failure', () => {
    const bench = new FleetBench();
    const record = bench.instance('sag-a');
    expect(bench.text(['sag_app_stage_failures_total'])).toBe('');
    bench.fail(record, 'users', 'throttled');
    bench.fail(record, 'online', 'timeout');
    bench.fail(record, 'online', 'not-found');
    bench.fail(record, 'online', 'timeout');
    expect(bench.text(['sag_app_stage_failures_total'])).toBe(
      `# HELP sag_app_stage_failures_total Failed passes of the stage; a reason has a series once it has occurred.
# TYPE sag_app_stage_failures_total counter
sag_app_stage_failures_total{account="prod",region_id="cn-shanghai",instance_id="sag-a",stage="users",reason="throttled"} 1
sag_app_stage_failures_total{account="prod",region_id="cn-shanghai",instance_id="sag-a",stage="online",reason="timeout"} 2
sag_app_stage_failures_total{account="prod",region_id="cn-shanghai",instance_id="sag-a",stage="online",reason="not-found"} 1
`,
    );
  });
});
