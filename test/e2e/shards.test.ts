import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SECOND } from '../../src/clock.ts';
import type { InstanceSpec } from '../../src/simulator/index.ts';
import { CallClock } from '../support/call-clock.ts';
import { parseExposition } from '../support/parse-exposition.ts';
import { exporterConfig, type StartedExporter, startExporter } from '../support/start-exporter.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';
import { samplesOfScrape, samplesOfWorld } from '../support/world-samples.ts';

const REGIONS = ['cn-shanghai', 'ap-southeast-1'];
const TIMEOUT = 9999;
const DISCOVERY = 60 * SECOND;
/** In calls per second and operation: the limit of the API, and also the budget that the shards share. */
const LIMIT = 10;

const INSTANCES: readonly InstanceSpec[] = Array.from({ length: 24 }, (_, index) => ({
  id: `sag-${index}`,
  regionId: REGIONS[index % 2] ?? '',
  users: 10 + 2 * index,
  onlineRatio: index % 4 === 0 ? 0 : 0.2,
}));

const clock = new CallClock(TIMEOUT);
let api: StartedSimulator;
let shards: StartedExporter[];

beforeEach(async () => {
  api = await startSimulator({
    clock,
    instances: INSTANCES,
    limits: [{ kind: 'sliding-second', limit: LIMIT }],
  });
  shards = [];
});

afterEach(async () => {
  for (const shard of shards) await shard.stop();
  await api.stop();
});

interface Wishes {
  readonly adaptive: boolean;
  readonly explicit: boolean;
}

/** The configuration of one shard. Only the index differs, as with one configuration file for all. */
const wishesOf = (index: number, total: number, { adaptive, explicit }: Wishes) => ({
  endpoint: api.url,
  clock,
  account: {
    regions: REGIONS,
    ...(explicit && {
      discovery: false,
      instances: INSTANCES.map(({ id, regionId: region }) => ({ id, region })),
    }),
  },
  polling: {
    timeout: TIMEOUT,
    requestsPerSecond: LIMIT,
    adaptive,
    discoveryInterval: DISCOVERY,
    usersInterval: 30 * SECOND,
    onlineInterval: 10 * SECOND,
    sessionsInterval: 30 * SECOND,
  },
  shard: { index, total },
});

async function startShard(index: number, total: number, wishes: Wishes): Promise<void> {
  shards.push(await startExporter(wishesOf(index, total, wishes)));
}

/** Reloads every running shard with another total. */
async function divideAmong(total: number, wishes: Wishes): Promise<void> {
  for (const [index, shard] of shards.entries()) {
    await shard.apply(await exporterConfig(wishesOf(index, total, wishes)));
  }
}

/** For each shard, the values of all series about instances, by metric name and labels. */
async function instanceSeries(): Promise<readonly ReadonlyMap<string, number>[]> {
  const texts = await Promise.all(shards.map((shard) => shard.scrape()));
  return texts.map((text) => {
    const samples = parseExposition(text).flatMap((family) => family.samples);
    const series = samples.filter(({ labels }) => labels['instance_id'] !== undefined);
    return new Map(
      series.map(({ name, labels, value }) => [JSON.stringify([name, labels]), value]),
    );
  });
}

/** Together, the shards must show the series of one exporter for the whole fleet, each series once. */
async function expectWholeFleet(): Promise<void> {
  const texts = await Promise.all(shards.map((shard) => shard.scrape()));
  const parts = texts.map(samplesOfScrape);
  expect(Object.assign({}, ...parts)).toEqual(samplesOfWorld(api.simulator.world));
  const series = await instanceSeries();
  const all = series.flatMap((own) => [...own.keys()]);
  expect(new Set(all).size).toBe(all.length);
  for (const own of series) expect(own.size).toBeGreaterThan(0);
}

const throttled = (): number => api.simulator.requests.count({ code: 'Throttling.User' });

/** The ids of the instances that each shard watches. */
const watched = (): readonly (readonly string[])[] =>
  shards.map(({ fleet }) => [...fleet.instances].map(({ id }) => id.instanceId).toSorted());

async function expectReady(): Promise<void> {
  for (const { url } of shards) expect((await fetch(`${url}/-/ready`)).status).toBe(200);
}

describe.each([
  ['discovered', { adaptive: true, explicit: false }],
  ['named in the configuration, at a steady rate', { adaptive: false, explicit: true }],
])('three shards of a fleet that is %s', (_, wishes) => {
  it('show each instance once, also after a change to four shards and back to three, and no call is throttled', async () => {
    for (const index of [0, 1, 2]) await startShard(index, 3, wishes);
    await clock.advance(DISCOVERY);
    await expectReady();
    await expectWholeFleet();
    expect(throttled()).toBe(0);
    const ofThree = watched();

    await divideAmong(4, wishes);
    await startShard(3, 4, wishes);
    await clock.advance(DISCOVERY);
    await expectReady();
    await expectWholeFleet();
    const ofFour = watched();
    expect(ofFour[3]?.length).toBeGreaterThan(0);
    for (const [index, own] of ofThree.entries()) {
      expect(ofFour[index]).toEqual(own.filter((id) => !ofFour[3]?.includes(id)));
    }
    const throttledAfterChange = throttled();
    await clock.advance(DISCOVERY);
    await expectWholeFleet();
    expect(throttled()).toBe(throttledAfterChange);

    await shards.pop()?.stop();
    await divideAmong(3, wishes);
    await clock.advance(DISCOVERY);
    await expectReady();
    await expectWholeFleet();
    expect(watched()).toEqual(ofThree);
    const throttledAfterReturn = throttled();
    await clock.advance(DISCOVERY);
    await expectWholeFleet();
    expect(throttled()).toBe(throttledAfterReturn);
  }, 180_000);
});
