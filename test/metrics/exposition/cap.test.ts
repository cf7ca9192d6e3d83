import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../../src/clock.ts';
import { UserAdmission } from '../../../src/metrics/admission.ts';
import { FLEET_METRICS } from '../../../src/metrics/catalog/index.ts';
import { FleetBench, type RenderWishes, START, user } from '../../support/fleet-bench.ts';

/** Series a user may have with the detail `users`, where traffic is not polled. */
const SERIES = FLEET_METRICS.filter(
  ({ scope, insteadOf }) =>
    ['user', 'online user', 'watched user', 'session user'].includes(scope) &&
    insteadOf === undefined,
).length;

/** The users that have series, as `instance:user`. */
function shown(bench: FleetBench, admission: UserAdmission): readonly string[] {
  return bench
    .lines('sag_app_user_enabled', { admission })
    .map((line) => line.replace(/.*instance_id="sag-(.*)",user_name="(.*)".*/, '$1:$2'));
}

/** The series of users in a text. */
const userSeries = (text: string): number => text.match(/^\w+\{.*user_name=/gm)?.length ?? 0;

/** The series of users with the limit, and those that only an exposition without a limit has. */
function counted(bench: FleetBench, wishes: RenderWishes) {
  const exposed = userSeries(bench.render(wishes).text);
  const { admission: _, ...unlimited } = wishes;
  return { exposed, dropped: userSeries(bench.render(unlimited).text) - exposed };
}

const users = (...names: readonly string[]) => names.map((name) => user(name));

describe('with max_user_series', () => {
  it('all users have series while there is room, and nothing is dropped', () => {
    const bench = new FleetBench();
    bench.users(bench.instance('sag-a'), users('ann', 'bob'));
    const admission = new UserAdmission(2 * SERIES);
    expect(shown(bench, admission)).toEqual(['a:ann', 'a:bob']);
    const { exposed, dropped } = counted(bench, { admission });
    expect(exposed).toBeGreaterThanOrEqual(4);
    expect(dropped).toBe(0);
    expect(bench.render({ admission }).series).toEqual({ exposed, dropped });
  });

  it('the first users of the first instances have series, and the series of the others are counted as dropped', () => {
    const bench = new FleetBench();
    bench.users(bench.instance('sag-b'), users('eve', 'fay'));
    const first = bench.instance('sag-a');
    bench.users(first, users('ann', 'bob'));
    bench.online(first, { ann: 0, bob: 0 });
    const admission = new UserAdmission(3 * SERIES);
    expect(shown(bench, admission)).toEqual(['b:eve', 'a:ann', 'a:bob']);
    const { exposed, dropped } = counted(bench, { admission });
    expect(dropped).toBeGreaterThanOrEqual(2);
    expect(bench.render({ admission }).series).toEqual({ exposed, dropped });
  });

  it('the sums of an instance include users without series', () => {
    const bench = new FleetBench();
    const record = bench.instance('sag-a');
    bench.users(record, users('ann', 'bob'));
    bench.online(record, { ann: 1, bob: 1 });
    const text = bench.text(['sag_app_users', 'sag_app_online_users', 'sag_app_user_info'], {
      admission: new UserAdmission(0),
    });
    expect(text).toContain('state="enabled"} 2\n');
    expect(text).toContain(
      'sag_app_online_users{account="prod",region_id="cn-shanghai",instance_id="sag-a"} 2\n',
    );
    expect(text).not.toContain('sag_app_user_info');
  });

  it('a user who comes online takes no series from another user', () => {
    const bench = new FleetBench();
    const record = bench.instance('sag-a');
    bench.users(record, users('ann', 'bob', 'cid'));
    bench.online(record, { ann: 0, bob: 0, cid: 0 });
    const admission = new UserAdmission(2 * SERIES);
    expect(shown(bench, admission)).toEqual(['a:ann', 'a:bob']);
    bench.online(record, { ann: 0, bob: 0, cid: 9 });
    bench.sessions(record, { ann: [], bob: [], cid: [{ clientIp: '10.0.0.1', start: START }] });
    expect(shown(bench, admission)).toEqual(['a:ann', 'a:bob']);
  });

  it('a new user takes no series from another user, at any place in the list', () => {
    const bench = new FleetBench();
    const record = bench.instance('sag-b');
    bench.users(record, users('ann', 'bob'));
    const admission = new UserAdmission(2 * SERIES);
    expect(shown(bench, admission)).toEqual(['b:ann', 'b:bob']);
    bench.users(record, users('new', 'ann', 'bob'));
    expect(shown(bench, admission)).toEqual(['b:ann', 'b:bob']);
    bench.users(bench.instance('sag-a'), users('newer'));
    expect(shown(bench, admission)).toEqual(['b:ann', 'b:bob']);
  });

  it('a user who leaves makes room for one other user', () => {
    const bench = new FleetBench();
    const record = bench.instance('sag-a');
    bench.users(record, users('ann', 'bob', 'cid', 'dan'));
    const admission = new UserAdmission(2 * SERIES);
    shown(bench, admission);
    bench.users(record, users('bob', 'cid', 'dan'));
    expect(shown(bench, admission)).toEqual(['a:bob', 'a:cid']);
  });

  it('the choice stays the same when the list of users becomes stale', async () => {
    const bench = new FleetBench();
    const record = bench.instance('sag-a');
    bench.users(record, users('ann', 'bob', 'cid'));
    bench.online(record, { ann: 1, bob: 1, cid: 1 });
    const admission = new UserAdmission(2 * SERIES);
    shown(bench, admission);
    await bench.clock.advance(20 * MINUTE);
    bench.online(record, { ann: 1, bob: 1, cid: 1 });
    const lines = bench.lines('sag_app_user_online_clients', { admission });
    expect(lines.map((line) => /user_name="(.*)"/.exec(line)?.[1])).toEqual(['ann', 'bob']);
  });

  it('users with many sessions never have more series than allowed', () => {
    const bench = new FleetBench();
    const record = bench.instance('sag-a');
    bench.users(record, users('ann', 'bob'));
    const many = Array.from({ length: 50 }, (_, n) => ({ clientIp: `10.0.0.${n}`, start: START }));
    bench.sessions(record, { ann: many, bob: many });
    const most = 2 * (SERIES + 1) + 10;
    const wishes = { detail: 'sessions', admission: new UserAdmission(most) } as const;
    const { series, text } = bench.render(wishes);
    const lines = text.split('\n').filter((line) => line.includes('user_name='));
    expect(lines).toHaveLength(most);
    expect(series).toEqual(counted(bench, wishes));
    expect(series?.dropped).toBeGreaterThanOrEqual(4 + 4 + 100 - most);
  });
});
