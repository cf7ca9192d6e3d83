import { describe, expect, it } from 'vitest';
import { FleetBench, user } from '../../support/fleet-bench.ts';

const TOTALS = [
  'sag_app_users',
  'sag_app_bandwidth_allocated_bytes_per_second',
  'sag_app_accelerated_bandwidth_allocated_bytes_per_second',
];

describe('the users of an instance', () => {
  it('are counted and summed by state; a user without a bandwidth adds nothing', () => {
    const bench = new FleetBench();
    const record = bench.instance('sag-a');
    bench.users(record, [
      user('ann', { bandwidth: 250_000, acceleratedBandwidth: 125_000 }),
      user('bob', { bandwidth: 250_000 }),
      user('cid'),
      user('dan', { enabled: false, bandwidth: 62_500, acceleratedBandwidth: 1_000 }),
    ]);
    expect(bench.text(TOTALS)).toBe(
      `# HELP sag_app_users Users of the instance, as counted by the newest users pass.
# TYPE sag_app_users gauge
sag_app_users{account="prod",region_id="cn-shanghai",instance_id="sag-a",state="enabled"} 3
sag_app_users{account="prod",region_id="cn-shanghai",instance_id="sag-a",state="disabled"} 1
# HELP sag_app_bandwidth_allocated_bytes_per_second Sum of the users' bandwidth limits.
# TYPE sag_app_bandwidth_allocated_bytes_per_second gauge
sag_app_bandwidth_allocated_bytes_per_second{account="prod",region_id="cn-shanghai",instance_id="sag-a",state="enabled"} 500000
sag_app_bandwidth_allocated_bytes_per_second{account="prod",region_id="cn-shanghai",instance_id="sag-a",state="disabled"} 62500
# HELP sag_app_accelerated_bandwidth_allocated_bytes_per_second Sum of the users' application acceleration bandwidth limits.
# TYPE sag_app_accelerated_bandwidth_allocated_bytes_per_second gauge
sag_app_accelerated_bandwidth_allocated_bytes_per_second{account="prod",region_id="cn-shanghai",instance_id="sag-a",state="enabled"} 125000
sag_app_accelerated_bandwidth_allocated_bytes_per_second{account="prod",region_id="cn-shanghai",instance_id="sag-a",state="disabled"} 1000
`,
    );
  });

  it('are 0 in both states when the instance is known to have none', () => {
    const bench = new FleetBench();
    bench.users(bench.instance('sag-a'), []);
    for (const name of TOTALS) {
      expect(bench.lines(name).map((line) => line.slice(line.indexOf('state')))).toEqual([
        'state="enabled"} 0',
        'state="disabled"} 0',
      ]);
    }
  });

  it('are absent, not 0, before the first users pass', () => {
    const bench = new FleetBench();
    bench.fail(bench.instance('sag-a'), 'users', 'forbidden');
    expect(bench.text([...TOTALS, 'sag_app_user_info'])).toBe('');
  });
});

describe('a user', () => {
  it('is shown with its state and limits, without limits that the API omits', () => {
    const bench = new FleetBench();
    bench.users(bench.instance('sag-a'), [
      user('ann', { staticIp: true, mail: 'ann@example.com', bandwidth: 250_000 }),
      user('bob', { enabled: false, acceleratedBandwidth: 0 }),
    ]);
    expect(
      bench.text([
        'sag_app_user_info',
        'sag_app_user_enabled',
        'sag_app_user_bandwidth_limit_bytes_per_second',
        'sag_app_user_accelerated_bandwidth_limit_bytes_per_second',
      ]),
    ).toBe(
      `# HELP sag_app_user_info A user (client account) of the instance; always 1.
# TYPE sag_app_user_info gauge
sag_app_user_info{account="prod",region_id="cn-shanghai",instance_id="sag-a",user_name="ann",static_ip="true",user_mail=""} 1
sag_app_user_info{account="prod",region_id="cn-shanghai",instance_id="sag-a",user_name="bob",static_ip="false",user_mail=""} 1
# HELP sag_app_user_enabled Whether the user is enabled.
# TYPE sag_app_user_enabled gauge
sag_app_user_enabled{account="prod",region_id="cn-shanghai",instance_id="sag-a",user_name="ann"} 1
sag_app_user_enabled{account="prod",region_id="cn-shanghai",instance_id="sag-a",user_name="bob"} 0
# HELP sag_app_user_bandwidth_limit_bytes_per_second Maximum bandwidth of the user.
# TYPE sag_app_user_bandwidth_limit_bytes_per_second gauge
sag_app_user_bandwidth_limit_bytes_per_second{account="prod",region_id="cn-shanghai",instance_id="sag-a",user_name="ann"} 250000
# HELP sag_app_user_accelerated_bandwidth_limit_bytes_per_second Maximum application acceleration bandwidth of the user.
# TYPE sag_app_user_accelerated_bandwidth_limit_bytes_per_second gauge
sag_app_user_accelerated_bandwidth_limit_bytes_per_second{account="prod",region_id="cn-shanghai",instance_id="sag-a",user_name="bob"} 0
`,
    );
  });

  it('has its mail address only with metrics.user_mail, and an empty one when there is none', () => {
    const bench = new FleetBench();
    bench.users(bench.instance('sag-a'), [user('ann', { mail: 'ann@example.com' }), user('bob')]);
    expect(bench.text()).not.toContain('ann@example.com');
    const mails = bench
      .lines('sag_app_user_info', { userMail: true })
      .map((line) => line.slice(line.indexOf('user_mail')));
    expect(mails).toEqual(['user_mail="ann@example.com"} 1', 'user_mail=""} 1']);
  });

  it('can have the same name in several instances', () => {
    const bench = new FleetBench();
    bench.users(bench.instance('sag-a'), [user('ann')]);
    bench.users(bench.instance('sag-b'), [user('ann')]);
    expect(bench.lines('sag_app_user_enabled')).toHaveLength(2);
  });
});
