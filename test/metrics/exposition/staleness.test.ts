import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../src/clock.ts';
import type { InstanceRecord } from '../../../src/fleet/fleet.ts';
import {
  DISCOVERY_INTERVAL,
  FleetBench,
  STALE_AFTER,
  START,
  user,
} from '../../support/fleet-bench.ts';
import { parseExposition } from '../../support/parse-exposition.ts';

const OWNED_BY = {
  discovery: [
    'sag_app_instance_info',
    'sag_app_instance_expiry_timestamp_seconds',
    'sag_app_instance_bandwidth_limit_bytes_per_second',
    'sag_app_users_limit',
  ],
  users: [
    'sag_app_users',
    'sag_app_bandwidth_allocated_bytes_per_second',
    'sag_app_accelerated_bandwidth_allocated_bytes_per_second',
    'sag_app_user_info',
    'sag_app_user_enabled',
    'sag_app_user_bandwidth_limit_bytes_per_second',
    'sag_app_user_accelerated_bandwidth_limit_bytes_per_second',
  ],
  online: ['sag_app_online_users', 'sag_app_online_clients', 'sag_app_user_online_clients'],
  sessions: [
    'sag_app_oldest_session_start_timestamp_seconds',
    'sag_app_user_session_start_timestamp_seconds',
    'sag_app_user_session_age_seconds',
    'sag_app_session_start_timestamp_seconds',
  ],
} as const;
type Stage = keyof typeof OWNED_BY;

const OF_NO_STAGE = [
  'sag_app_discovery_last_success_timestamp_seconds',
  'sag_app_instance_up',
  'sag_app_last_success_timestamp_seconds',
  'sag_app_stage_duration_seconds',
  'sag_app_stage_progress_ratio',
];

const PASSES: Readonly<Record<Stage, (bench: FleetBench, record: InstanceRecord) => void>> = {
  discovery: (bench) => bench.discover(),
  users: (bench, record) =>
    bench.users(record, [user('ann', { bandwidth: 1, acceleratedBandwidth: 1 })]),
  online: (bench, record) => bench.online(record, { ann: 1 }),
  sessions: (bench, record) =>
    bench.sessions(record, { ann: [{ clientIp: '10.0.0.1', start: START }] }),
};

const DETAILS = { name: 'A', status: 'Active', usersLimit: 5, bandwidthLimit: 1, expiresAt: START };

function shown(bench: FleetBench): readonly string[] {
  return parseExposition(bench.text([], { detail: 'sessions' })).map(({ name }) => name);
}

/** Every stage succeeds once; later, all stages but one succeed again. */
async function withStaleStage(stage: Stage, forMs: number): Promise<FleetBench> {
  const bench = new FleetBench();
  const record = bench.instance('sag-a', { details: DETAILS });
  for (const pass of Object.values(PASSES)) pass(bench, record);
  await bench.clock.advance(forMs);
  for (const [other, pass] of Object.entries(PASSES)) if (other !== stage) pass(bench, record);
  return bench;
}

describe.each([
  ['discovery', Math.max(STALE_AFTER, 2 * DISCOVERY_INTERVAL)],
  ['users', STALE_AFTER],
  ['online', STALE_AFTER],
  ['sessions', STALE_AFTER],
] as const)('the metrics of the %s stage', (stage, bound) => {
  it('stay until the stage has had no success for the allowed time, and disappear right after', async () => {
    const everything = Object.values(OWNED_BY).flat();
    expect(shown(await withStaleStage(stage, bound))).toEqual(expect.arrayContaining(everything));
    const after = shown(await withStaleStage(stage, bound + 1));
    expect(after.filter((name) => (OWNED_BY[stage] as readonly string[]).includes(name))).toEqual(
      [],
    );
    const others = Object.entries(OWNED_BY).flatMap(([other, names]) =>
      other === stage ? [] : names,
    );
    expect(after).toEqual(expect.arrayContaining([...others, ...OF_NO_STAGE]));
  });
});

describe('a stage without success', () => {
  it('keeps its last good values while passes fail, until it is stale', async () => {
    const bench = new FleetBench();
    const record = bench.instance('sag-a');
    bench.users(record, [user('ann')]);
    for (let minute = 0; minute < 15; minute++) {
      await bench.clock.advance(MINUTE);
      bench.fail(record, 'users', 'unavailable');
    }
    expect(bench.lines('sag_app_users')).toHaveLength(2);
    expect(bench.lines('sag_app_last_success_timestamp_seconds')).toEqual([
      `sag_app_last_success_timestamp_seconds{account="prod",region_id="cn-shanghai",instance_id="sag-a",stage="users"} ${START}`,
    ]);
    await bench.clock.advance(1);
    expect(bench.lines('sag_app_users')).toEqual([]);
    expect(bench.lines('sag_app_stage_failures_total')).toHaveLength(1);
  });

  it('may be without success for twice its interval and its last pass when that is longer', async () => {
    const bench = new FleetBench();
    const record = bench.instance('sag-a');
    const pass = 20 * MINUTE;
    record.stages.online.begin();
    record.snapshot = {
      online: { clients: new Map([['ann', 1]]), totals: { users: 1, clients: 1 } },
    };
    await bench.clock.advance(pass);
    record.stages.online.succeed();
    await bench.clock.advance(2 * 30 * SECOND + pass);
    expect(bench.lines('sag_app_online_users')).toHaveLength(1);
    await bench.clock.advance(1);
    expect(bench.lines('sag_app_online_users')).toEqual([]);
  });

  it('may be without success for the online pass as well when it follows a long one', async () => {
    const bench = new FleetBench();
    const record = bench.instance('sag-a');
    const pass = 20 * MINUTE;
    bench.users(record, [user('ann')]);
    record.stages.online.begin();
    await bench.clock.advance(pass);
    record.stages.online.succeed();
    bench.sessions(record, { ann: [{ clientIp: '10.0.0.1', start: START }] });
    // The next sessions can only be read when the next online pass has ended.
    await bench.clock.advance(pass);
    expect(bench.lines('sag_app_user_session_start_timestamp_seconds')).toHaveLength(1);
    await bench.clock.advance(2 * 30 * SECOND);
    expect(bench.lines('sag_app_user_session_start_timestamp_seconds')).toHaveLength(1);
    await bench.clock.advance(1);
    expect(bench.lines('sag_app_user_session_start_timestamp_seconds')).toEqual([]);
  });

  it('is shown again when it succeeds', async () => {
    const bench = await withStaleStage('users', STALE_AFTER + 1);
    const [record] = bench.fleet.instances;
    if (record) PASSES.users(bench, record);
    expect(shown(bench)).toContain('sag_app_users');
  });
});

describe('an instance named in the configuration', () => {
  it('keeps its info, with empty labels, and its configured limit when discovery is stale', async () => {
    const bench = new FleetBench();
    bench.discover();
    bench.instance('sag-a', { details: DETAILS, configured: true, limit: 7 });
    const info = 'sag_app_instance_info{account="prod",region_id="cn-shanghai",instance_id="sag-a"';
    expect(bench.lines('sag_app_instance_info')).toEqual([`${info},name="A",status="Active"} 1`]);
    await bench.clock.advance(2 * DISCOVERY_INTERVAL + 1);
    expect(bench.lines('sag_app_instance_info')).toEqual([`${info},name="",status=""} 1`]);
    expect(bench.lines('sag_app_users_limit')[0]).toMatch(/ 7$/);
    expect(bench.lines('sag_app_instance_expiry_timestamp_seconds')).toEqual([]);
  });

  it('keeps its info when discovery never ran', async () => {
    const bench = new FleetBench();
    bench.instance('sag-a');
    await bench.clock.advance(60 * MINUTE);
    expect(bench.lines('sag_app_instance_info')).toHaveLength(1);
  });
});
