import { describe, expect, it } from 'vitest';
import { FleetBench, START } from '../../support/fleet-bench.ts';

describe('the details of an instance from discovery', () => {
  it('are shown, with times in seconds and bandwidth in bytes per second', () => {
    const bench = new FleetBench();
    bench.discover();
    bench.instance('sag-a', {
      details: {
        name: 'Head office',
        status: 'Active',
        usersLimit: 500,
        bandwidthLimit: 6_250_000,
        expiresAt: START + 86_400,
      },
    });
    expect(
      bench.text([
        'sag_app_instance_info',
        'sag_app_instance_expiry_timestamp_seconds',
        'sag_app_instance_bandwidth_limit_bytes_per_second',
        'sag_app_users_limit',
      ]),
    ).toBe(
      `# HELP sag_app_instance_info A monitored SAG APP instance, as last read by discovery; always 1.
# TYPE sag_app_instance_info gauge
sag_app_instance_info{account="prod",region_id="cn-shanghai",instance_id="sag-a",name="Head office",status="Active"} 1
# HELP sag_app_instance_expiry_timestamp_seconds When the instance's subscription ends.
# TYPE sag_app_instance_expiry_timestamp_seconds gauge
sag_app_instance_expiry_timestamp_seconds{account="prod",region_id="cn-shanghai",instance_id="sag-a"} 1767312000
# HELP sag_app_instance_bandwidth_limit_bytes_per_second Total bandwidth of the instance.
# TYPE sag_app_instance_bandwidth_limit_bytes_per_second gauge
sag_app_instance_bandwidth_limit_bytes_per_second{account="prod",region_id="cn-shanghai",instance_id="sag-a"} 6250000
# HELP sag_app_users_limit Maximum number of users of the instance; enabled and disabled users both count.
# TYPE sag_app_users_limit gauge
sag_app_users_limit{account="prod",region_id="cn-shanghai",instance_id="sag-a"} 500
`,
    );
  });

  it('are empty labels and absent metrics when they are unknown', () => {
    const bench = new FleetBench();
    bench.instance('sag-a');
    bench.users(bench.instance('sag-known'), []);
    const samples = bench
      .text()
      .split('\n')
      .filter(
        (line) => line.includes('"sag-a"') && !/_total|_stage_|_session_duration_/.test(line),
      );
    expect(samples).toEqual([
      'sag_app_instance_info{account="prod",region_id="cn-shanghai",instance_id="sag-a",name="",status=""} 1',
      'sag_app_instance_up{account="prod",region_id="cn-shanghai",instance_id="sag-a"} 0',
    ]);
  });
});

describe('the limit of users', () => {
  const details = { name: '', status: '', usersLimit: 500 };
  it.each([
    ['is the configured one when both are known', { details, limit: 300 }, ['300']],
    ['is the configured one when the API gives none', { limit: 300 }, ['300']],
    ['is the one of the API when none is configured', { details }, ['500']],
    ['can be 0', { limit: 0 }, ['0']],
    ['is absent when neither is known', {}, []],
  ])('%s', (_, options, limits) => {
    const bench = new FleetBench();
    bench.discover();
    bench.instance('sag-a', options);
    const values = bench.lines('sag_app_users_limit').map((line) => line.split(' ').at(-1));
    expect(values).toEqual(limits);
  });
});
