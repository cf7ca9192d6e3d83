import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../src/clock.ts';
import { FleetBench, hoursBefore, START, user } from '../../support/fleet-bench.ts';

const ONLINE = ['sag_app_online_users', 'sag_app_online_clients', 'sag_app_user_online_clients'];

describe('the number of online users and clients', () => {
  it('is shown for the instance and for each user, and is 0 for a user who is offline', () => {
    const bench = new FleetBench();
    const record = bench.instance('sag-a');
    bench.users(record, [user('ann'), user('bob'), user('cid')]);
    bench.online(record, { ann: 2, bob: 0, cid: 1 });
    expect(bench.text(ONLINE)).toBe(
      `# HELP sag_app_online_users Users with at least one online client, as counted by the newest online pass.
# TYPE sag_app_online_users gauge
sag_app_online_users{account="prod",region_id="cn-shanghai",instance_id="sag-a"} 2
# HELP sag_app_online_clients Online clients of all users, as counted by the newest online pass.
# TYPE sag_app_online_clients gauge
sag_app_online_clients{account="prod",region_id="cn-shanghai",instance_id="sag-a"} 3
# HELP sag_app_user_online_clients Online clients of the user; 0 when the user is known to be offline.
# TYPE sag_app_user_online_clients gauge
sag_app_user_online_clients{account="prod",region_id="cn-shanghai",instance_id="sag-a",user_name="ann"} 2
sag_app_user_online_clients{account="prod",region_id="cn-shanghai",instance_id="sag-a",user_name="bob"} 0
sag_app_user_online_clients{account="prod",region_id="cn-shanghai",instance_id="sag-a",user_name="cid"} 1
`,
    );
  });

  it('has no sums while one user was never observed, and shows the other users', () => {
    const bench = new FleetBench();
    const record = bench.instance('sag-a');
    bench.users(record, [user('ann'), user('bob')]);
    bench.online(record, { ann: 2 });
    expect(bench.lines('sag_app_online_users')).toEqual([]);
    expect(bench.lines('sag_app_online_clients')).toEqual([]);
    expect(bench.lines('sag_app_user_online_clients')).toEqual([
      'sag_app_user_online_clients{account="prod",region_id="cn-shanghai",instance_id="sag-a",user_name="ann"} 2',
    ]);
  });

  it('is unknown before the first pass', () => {
    const bench = new FleetBench();
    const record = bench.instance('sag-a');
    bench.users(record, [user('ann')]);
    bench.fail(record, 'online', 'timeout');
    expect(bench.text(ONLINE)).toBe('');
  });

  it('is 0 in an instance without users', () => {
    const bench = new FleetBench();
    const record = bench.instance('sag-a');
    bench.users(record, []);
    bench.online(record, {});
    bench.sessions(record, {});
    expect(bench.lines('sag_app_online_users')[0]).toMatch(/ 0$/);
    expect(bench.lines('sag_app_online_clients')[0]).toMatch(/ 0$/);
    expect(bench.lines('sag_app_oldest_session_start_timestamp_seconds')).toEqual([]);
  });
});

describe('sessions', () => {
  function withSessions(): FleetBench {
    const bench = new FleetBench();
    const record = bench.instance('sag-a');
    bench.users(record, [user('ann'), user('bob'), user('cid')]);
    bench.sessions(record, {
      ann: [
        { clientIp: '10.0.0.1', start: hoursBefore(1) },
        { clientIp: '10.0.0.2', start: hoursBefore(3) },
      ],
      bob: [],
      cid: [{ clientIp: '10.0.0.3', start: START + 30 }, { clientIp: '10.0.0.4' }],
    });
    return bench;
  }

  it('show the longest-running session of each instance and user, and its age at the scrape', async () => {
    const bench = withSessions();
    await bench.clock.advance(10 * SECOND);
    expect(
      bench.text([
        'sag_app_oldest_session_start_timestamp_seconds',
        'sag_app_user_session_start_timestamp_seconds',
        'sag_app_user_session_age_seconds',
      ]),
    ).toBe(
      `# HELP sag_app_oldest_session_start_timestamp_seconds When the longest-running session of the instance began; absent when no user is online.
# TYPE sag_app_oldest_session_start_timestamp_seconds gauge
sag_app_oldest_session_start_timestamp_seconds{account="prod",region_id="cn-shanghai",instance_id="sag-a"} 1767214800
# HELP sag_app_user_session_start_timestamp_seconds When the user's longest-running session began; absent when the user is offline.
# TYPE sag_app_user_session_start_timestamp_seconds gauge
sag_app_user_session_start_timestamp_seconds{account="prod",region_id="cn-shanghai",instance_id="sag-a",user_name="ann"} 1767214800
sag_app_user_session_start_timestamp_seconds{account="prod",region_id="cn-shanghai",instance_id="sag-a",user_name="cid"} 1767225630
# HELP sag_app_user_session_age_seconds Age of the user's longest-running session at the time of the scrape, in whole seconds; absent when the user is offline.
# TYPE sag_app_user_session_age_seconds gauge
sag_app_user_session_age_seconds{account="prod",region_id="cn-shanghai",instance_id="sag-a",user_name="ann"} 10810
sag_app_user_session_age_seconds{account="prod",region_id="cn-shanghai",instance_id="sag-a",user_name="cid"} 0
`,
    );
  });

  it('get older from scrape to scrape without a pass between', async () => {
    const bench = withSessions();
    const ages = async (): Promise<string | undefined> => {
      await bench.clock.advance(5 * MINUTE);
      return bench.lines('sag_app_user_session_age_seconds')[0]?.split(' ').at(-1);
    };
    expect([await ages(), await ages()]).toEqual(['11100', '11400']);
  });

  it('have no age when metrics.session_age is false', () => {
    const text = withSessions().text([], { sessionAge: false });
    expect(text).not.toContain('session_age');
    expect(text).toContain('sag_app_user_session_start_timestamp_seconds');
  });

  it('have no oldest start of the instance while one user was never observed', () => {
    const bench = new FleetBench();
    const record = bench.instance('sag-a');
    bench.users(record, [user('ann'), user('bob')]);
    bench.sessions(record, { ann: [{ clientIp: '10.0.0.1', start: START }] });
    expect(bench.lines('sag_app_oldest_session_start_timestamp_seconds')).toEqual([]);
    expect(bench.lines('sag_app_user_session_start_timestamp_seconds')).toHaveLength(1);
  });

  it('have a series each with detail sessions; two from one address share one with the older start', () => {
    const bench = new FleetBench();
    const record = bench.instance('sag-a');
    bench.users(record, [user('ann'), user('bob')]);
    bench.sessions(record, {
      ann: [
        { clientIp: '10.0.0.1', start: START },
        { clientIp: '10.0.0.1', start: hoursBefore(2) },
        { clientIp: '10.0.0.1' },
        { clientIp: '10.0.0.2', start: hoursBefore(1) },
      ],
      bob: [{ clientIp: '', start: START }],
    });
    expect(bench.text(['sag_app_session_start_timestamp_seconds'], { detail: 'sessions' })).toBe(
      `# HELP sag_app_session_start_timestamp_seconds When the session began. Sessions of one user from one address are one series, with the oldest start.
# TYPE sag_app_session_start_timestamp_seconds gauge
sag_app_session_start_timestamp_seconds{account="prod",region_id="cn-shanghai",instance_id="sag-a",user_name="ann",client_ip="10.0.0.1"} 1767218400
sag_app_session_start_timestamp_seconds{account="prod",region_id="cn-shanghai",instance_id="sag-a",user_name="ann",client_ip="10.0.0.2"} 1767222000
sag_app_session_start_timestamp_seconds{account="prod",region_id="cn-shanghai",instance_id="sag-a",user_name="bob",client_ip=""} 1767225600
`,
    );
  });
});

describe('the detail', () => {
  it.each([
    ['instances', false, false],
    ['users', true, false],
    ['sessions', true, true],
  ] as const)('%s decides whether users and sessions have series', (detail, users, sessions) => {
    const bench = new FleetBench();
    const record = bench.instance('sag-a');
    bench.users(record, [user('ann')]);
    bench.online(record, { ann: 1 });
    bench.sessions(record, { ann: [{ clientIp: '10.0.0.1', start: START }] });
    const text = bench.text([], { detail });
    expect(text.includes('user_name=')).toBe(users);
    expect(text.includes('client_ip=')).toBe(sessions);
    expect(text).toContain('sag_app_online_clients{');
    expect(text).toContain('sag_app_oldest_session_start_timestamp_seconds{');
  });
});
