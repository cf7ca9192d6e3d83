import { afterEach, describe, expect, it } from 'vitest';
import { DAY, systemClock } from '../../src/clock.ts';
import { type InstanceSpec, QUIRK_PRESETS, type Quirks } from '../../src/simulator/index.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';
import {
  type Samples,
  samplesNamed,
  samplesOfScrape,
  samplesOfWorld,
} from '../support/world-samples.ts';
import { configOf, MARKED_KEY, ran } from './one-shot.ts';

/*
 * Public evidence shows how the live API differs from its documents (docs/simulator.md has the sources). For
 * each point, the simulator behaves in that way and the whole program is run against it over HTTP. The tests
 * compare its metrics with the simulated world. The numbers in the titles are those of the points.
 */

const END = Math.floor(systemClock.now() / 1000) * 1000 + 90 * DAY;

const FLEET: readonly InstanceSpec[] = [
  {
    id: 'sag-a',
    regionId: 'cn-shanghai',
    users: 63,
    usersLimit: 100,
    onlineRatio: 0.3,
    endTime: END,
  },
  {
    id: 'sag-b',
    regionId: 'ap-southeast-1',
    users: 41,
    usersLimit: 50,
    onlineRatio: 0.5,
    endTime: END,
  },
  { id: 'sag-c', regionId: 'eu-west-1', users: 12, usersLimit: 20, onlineRatio: 0, endTime: END },
];
const EXPIRED: InstanceSpec = {
  id: 'sag-old',
  regionId: 'cn-shanghai',
  users: 9,
  usersLimit: 10,
  endTime: systemClock.now() - DAY,
};
const DEVICE: InstanceSpec = { id: 'sag-device', regionId: 'cn-shanghai', type: 'hardware' };

let api: StartedSimulator;
afterEach(() => api.stop());

/** Runs `once` in all regions; returns the metrics after one pass of each stage. */
async function metrics(
  quirks: Partial<Quirks>,
  instances: readonly InstanceSpec[] = FLEET,
): Promise<{ readonly code: number; readonly text: string; readonly samples: Samples }> {
  const all: Partial<Quirks> = { regions: ['newer'], ...quirks };
  api = await startSimulator({ clock: systemClock, instances, quirks: all, keys: [MARKED_KEY] });
  const config = await configOf(api.url, { account: 'regions: []' });
  const { code, out } = await ran(['once', `--config.file=${config}`]);
  return { code, text: out, samples: samplesOfScrape(out) };
}

/** The samples that show the world, without metrics whose values the exporter cannot know. */
const world = (...unknown: readonly string[]): Samples =>
  Object.fromEntries(
    Object.entries(samplesOfWorld(api.simulator.world, 'prod')).filter(
      ([key]) => !unknown.some((family) => key.startsWith(`${family}{`)),
    ),
  );

const samplesOf = (samples: Samples, instance: string): Samples =>
  Object.fromEntries(
    Object.entries(samples).filter(([key]) => key.includes(`instance_id="${instance}"`)),
  );

/** The reasons for which the passes of an instance fail. */
function reasonsOf(text: string, instance: string): readonly string[] {
  const errors = samplesNamed(text, (name) => name === 'sag_app_stage_failure_info');
  const reasons = Object.entries(samplesOf(errors, instance)).map(
    ([key]) => /reason="([^"]*)"/.exec(key)?.[1],
  );
  return [...new Set(reasons)].map(String);
}

const LIMIT = 'sag_app_users_limit';
const BANDWIDTH = 'sag_app_instance_bandwidth_limit_bytes_per_second';
const EXPIRY = 'sag_app_instance_expiry_timestamp_seconds';

describe('the metrics equal the world', () => {
  it.each<[point: string, quirks: Partial<Quirks>]>([
    ['9.1 totals are gone', { totals: 'gone' }],
    ['9.1 totals are always 0', { totals: 'zero' }],
    ['9.1 statistics leave out offline users', { totals: 'gone', statisticsOmit: 'offline' }],
    ['9.2 newer regions are listed', {}],
    [
      '9.2 closed, internal and foreign regions are listed',
      { regions: ['newer', 'closed', 'internal', 'foreign'] },
    ],
    ['9.5 bandwidth as 50M', { maxBandwidth: 'M' }],
    ['9.5 bandwidth as 50Mbps', { maxBandwidth: 'Mbps' }],
    ['9.5 times as ISO texts', { endTime: 'iso' }],
    ['9.7 HardwareVersion of APP instances', { hardwareVersion: true }],
    ['9.8 mail addresses as names', { mailNames: 1 }],
    ['the preset live', QUIRK_PRESETS.live],
  ])('%s', async (_, quirks) => {
    const { code, samples } = await metrics(quirks, withMailNames(quirks.mailNames ?? 0));
    expect(code).toBe(0);
    expect(samples).toEqual(world());
  });

  it.each<[point: string, quirks: Partial<Quirks>, absent: string]>([
    ['9.5 a MaxBandwidth of 0M is not a limit', { maxBandwidth: '0M' }, BANDWIDTH],
    ['9.5 an EndTime of 0 means that the end is unknown', { endTime: 'zero' }, EXPIRY],
    ['9.5 an empty EndTime means that the end is unknown', { endTime: 'empty' }, EXPIRY],
    [
      '9.6 a UserCount that equals the number of users is not a limit',
      { userCount: 'users' },
      LIMIT,
    ],
  ])('except for doubtful values: %s', async (_, quirks, absent) => {
    const { samples } = await metrics(quirks);
    expect(samples).toEqual(world(absent));
  });

  it('9.7 devices among the APP instances are left out', async () => {
    const quirks = { hardwareVersion: true, instanceTypeFilter: 'ignored' } as const;
    const { code, text } = await metrics(quirks, [...FLEET, DEVICE]);
    expect(code).toBe(0);
    expect(text).not.toContain('sag-device');
  });

  it('9.1 finds an online user whom the statistics leave out', async () => {
    api = await startSimulator({ clock: systemClock, instances: FLEET, keys: [MARKED_KEY] });
    const [user] = api.simulator.world.onlineUsers('sag-a');
    await api.stop();
    const statisticsForget = [user?.name ?? ''];
    const { samples } = await metrics({ totals: 'gone', statisticsForget });
    expect(samples).toEqual(world());
  });
});

describe('9.3 an expired instance', () => {
  it.each([
    ['SmartAccessGatewayInArrears', 500, 'inactive'],
    ['SmartAccessGatewayInArrears', 400, 'inactive'],
    ['SmartAccessGatewayNotActivated', 500, 'inactive'],
    ['PermissionError', 500, 'forbidden'],
  ] as const)(
    '%s with %i has the kind %s and does not affect other instances',
    async (code, status, kind) => {
      const quirks = { expiredInstances: code, httpStatus: { [code]: status } };
      const { text, samples } = await metrics(quirks, [...FLEET, EXPIRED]);
      for (const { id } of FLEET) expect(samplesOf(samples, id)).toEqual(samplesOf(world(), id));
      const up = samplesNamed(text, (name) => name === 'sag_app_instance_up');
      expect(Object.values(samplesOf(up, EXPIRED.id))).toEqual([0]);
      expect(reasonsOf(text, EXPIRED.id)).toEqual([kind]);
    },
  );
});

describe('9.4 an instance that the API does not know', () => {
  it.each([
    'SAG.InstanceNoFound',
    'InvalidSmartAGId.NotFound',
    'InstanceNotExit',
    'InvalidId.SMARTAG',
  ] as const)('%s does not affect other instances', async (unknownInstance) => {
    const quirks: Partial<Quirks> = { unknownInstance, newInstances: 'unknown' };
    const createTime = systemClock.now() + DAY;
    const { text, samples } = await metrics(quirks, [
      ...FLEET,
      { ...EXPIRED, endTime: END, createTime },
    ]);
    for (const { id } of FLEET) expect(samplesOf(samples, id)).toEqual(samplesOf(world(), id));
    expect(reasonsOf(text, EXPIRED.id)).toEqual(['not-found']);
  });
});

function withMailNames(mailNameRatio: number): readonly InstanceSpec[] {
  return FLEET.map((spec) => ({ ...spec, mailNameRatio }));
}
