import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../src/clock.ts';
import type { InstanceRecord } from '../../../src/fleet/fleet.ts';
import { UserAdmission } from '../../../src/metrics/admission.ts';
import { labelsWithMeanings } from '../../../src/metrics/metric.ts';
import type { Labels } from '../../../src/metrics/scopes.ts';
import { FleetBench, failure, STALE_AFTER, START, user } from '../../support/fleet-bench.ts';
import { fleetSamples } from '../../support/fleet-samples.ts';
import { parseExposition } from '../../support/parse-exposition.ts';
import { DEFAULT_METRICS } from '../../support/settings.ts';

/** A change of a fleet of up to four instances. */
type Event = (bench: FleetBench) => void | Promise<void>;

const INSTANCES = ['sag-a', 'sag-b', 'sag-c', 'sag-d'];
const NAMES = ['ann', 'bob', 'cid', 'dan', 'eve', 'a"b'];

function recordOf(bench: FleetBench, instanceId: string): InstanceRecord {
  const id = { account: 'prod', regionId: 'cn-shanghai', instanceId };
  return bench.fleet.instance(id) ?? bench.instance(instanceId, { limit: 5 });
}

const instance = fc.constantFrom(...INSTANCES);
const names = fc.uniqueArray(fc.constantFrom(...NAMES));
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.tuple(instance, names, fc.boolean()).map(
    ([id, some, enabled]): Event =>
      (bench) =>
        bench.users(
          recordOf(bench, id),
          some.map((name) => user(name, { enabled, bandwidth: some.length })),
        ),
  ),
  fc.tuple(instance, fc.dictionary(fc.constantFrom(...NAMES), fc.nat(2))).map(
    ([id, clients]): Event =>
      (bench) =>
        bench.online(recordOf(bench, id), clients),
  ),
  fc
    .tuple(
      instance,
      fc.dictionary(fc.constantFrom(...NAMES), fc.array(fc.nat(20_000), { maxLength: 3 })),
    )
    .map(
      ([id, ages]): Event =>
        (bench) =>
          bench.sessions(
            recordOf(bench, id),
            Object.fromEntries(
              Object.entries(ages).map(([name, some]) => [
                name,
                some.map((age, at) => ({ clientIp: `10.0.0.${at}`, start: START - age })),
              ]),
            ),
          ),
    ),
  fc.tuple(instance, fc.constantFrom('users', 'online', 'sessions')).map(
    ([id, stage]): Event =>
      (bench) =>
        bench.fail(recordOf(bench, id), stage, 'unavailable'),
  ),
  fc.tuple(instance, fc.double({ min: 0, max: 1, noNaN: true })).map(
    ([id, share]): Event =>
      (bench) => {
        recordOf(bench, id).stages.online.begin();
        recordOf(bench, id).stages.online.advance(share);
      },
  ),
  instance.map(
    (id): Event =>
      (bench) =>
        bench.fleet.removeInstance(recordOf(bench, id).id),
  ),
  instance.map(
    (instanceId): Event =>
      (bench) => {
        recordOf(bench, instanceId).details = { id: instanceId, name: 'n', status: 'Active' };
      },
  ),
  instance.map(
    (id): Event =>
      (bench) =>
        void recordOf(bench, id).counters.sessionsStarted++,
  ),
  fc.tuple(instance, fc.option(fc.nat(20_000), { nil: undefined })).map(
    ([id, age]): Event =>
      (bench) => {
        const session = { clientIp: '', ...(age !== undefined && { start: START - age }) };
        bench.fleet.sessionsEnded(recordOf(bench, id), [{ userName: 'ann', session }], START);
      },
  ),
  fc.constantFrom('well', 'unavailable').map(
    (ends): Event =>
      (bench) =>
        bench.discover(ends === 'well' ? 'well' : 'unavailable'),
  ),
  fc.boolean().map(
    (paused): Event =>
      (bench) => {
        const account = bench.fleet.account('prod');
        if (paused) account.paused = failure('unauthenticated');
        else delete account.paused;
      },
  ),
  fc.constantFrom(SECOND / 4, SECOND, 40 * SECOND, 20 * MINUTE).map(
    (ms): Event =>
      (bench) =>
        bench.clock.advance(ms),
  ),
);

const UNUSED_AFTER = [
  { text: '1s', milliseconds: SECOND },
  { text: '30s', milliseconds: 30 * SECOND },
];

describe('an exposition that keeps its blocks', () => {
  it('shows after every change the same as an exposition that has kept no blocks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { maxLength: 30 }),
        fc.constantFrom('instances', 'users', 'sessions'),
        async (events, detail) => {
          const bench = new FleetBench();
          const wishes = { detail, unusedAfter: UNUSED_AFTER } as const;
          const keeping = bench.exposition(wishes);
          for (const apply of events) {
            await apply(bench);
            expect(bench.render(wishes, keeping)).toEqual(bench.render(wishes));
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('shows the samples of the fleet and no others', async () => {
    const settings = {
      ...DEFAULT_METRICS,
      detail: 'sessions',
      userMail: true,
      unusedAfter: UNUSED_AFTER,
    } as const;
    const keyOf = (name: string, labels: Labels, value: number) =>
      `${name} ${JSON.stringify(labels)} ${value}`;
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 30 }), async (events) => {
        const bench = new FleetBench();
        for (const apply of events) await apply(bench);
        const second = Math.floor(bench.clock.now() / SECOND);
        const samples = Array.from(
          fleetSamples(bench.fleet, STALE_AFTER, settings),
          ({ metric, name, labels, value }) => {
            const names = Object.keys(labelsWithMeanings(metric));
            const inOrder = Object.fromEntries(names.map((label) => [label, labels[label] ?? '']));
            const bound = labels['le'] === undefined ? {} : { le: labels['le'] };
            const shown = metric.isAge ? Math.max(0, second - Math.ceil(value)) : value;
            return keyOf(name, { ...inOrder, ...bound }, shown);
          },
        );
        const written = parseExposition(bench.text([], settings)).flatMap((family) =>
          family.samples.map(({ name, labels, value }) => keyOf(name, labels, value)),
        );
        expect(written.toSorted()).toEqual(samples.toSorted());
      }),
      { numRuns: 100 },
    );
  });

  it('drops the same series with a cap as an exposition that has kept no blocks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { maxLength: 30 }),
        fc.nat(80),
        fc.constantFrom('users', 'sessions'),
        async (events, most, detail) => {
          const bench = new FleetBench();
          // Both choose from the same series of events, independently of each other.
          const [one, other] = [new UserAdmission(most), new UserAdmission(most)];
          const keeping = bench.exposition({ detail, admission: one });
          for (const apply of events) {
            await apply(bench);
            const shown = bench.render({}, keeping);
            expect(shown).toEqual(bench.render({ detail, admission: other }));
            expect(shown.series.exposed).toBeLessThanOrEqual(most);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('shows thousands of users of large and small instances', () => {
    const bench = new FleetBench();
    const sizes = [2500, 3, 0, 999, 1, 1500, 40];
    const many = (size: number, bandwidth = 1) =>
      Array.from({ length: size }, (_, at) => user(`user-${at}`, { bandwidth }));
    const records = sizes.map((size, at) => {
      const record = bench.instance(`sag-${at}`);
      bench.users(record, many(size));
      return record;
    });
    const keeping = bench.exposition();
    expect(bench.render({}, keeping)).toEqual(bench.render());
    // Small instances grow, so that their group is divided.
    for (const record of records.slice(1, 4)) bench.users(record, many(2100, 2));
    expect(bench.render({}, keeping)).toEqual(bench.render());
    const total = bench.lines('sag_app_user_enabled').length;
    expect(total).toBe(2500 + 3 * 2100 + 1 + 1500 + 40);
  });
});
