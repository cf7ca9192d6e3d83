import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../../src/clock.ts';
import { REQUIRED_STAGES, type RequiredStage } from '../../../src/model/stage.ts';
import { ownerOf } from '../../../src/poll/shard-owner.ts';
import {
  type ExporterLife,
  type Handover,
  type LifeOptions,
  RestartApi,
  STALE_AFTER,
} from '../../support/restarts.ts';
import { samplesOfScrape, samplesOfWorld } from '../../support/world-samples.ts';

const IDS = ['sag-0', 'sag-1'];
/** A sample that the stage owns, for each instance that has a user online. */
const OWNED: Readonly<Record<RequiredStage, string>> = {
  users: 'sag_app_users',
  online: 'sag_app_online_users',
  sessions: 'sag_app_oldest_session_start_timestamp_seconds',
};

interface Life {
  /** Milliseconds. */
  readonly lasts: number;
  readonly down: number;
  /** Milliseconds by which the wall clock of the process is fast. */
  readonly clockError: number;
  readonly options: LifeOptions;
}

const options: fc.Arbitrary<LifeOptions> = fc.oneof(
  { arbitrary: fc.constant({}), weight: 3 },
  fc.constant({ strategy: 'fan-out' as const }),
  fc.constant({ account: { exclude: ['sag-0'] } }),
  fc.constant({ shard: { index: 1, total: 2 } }),
  fc.constant({ settings: { traffic: { enabled: true, interval: MINUTE } } }),
);
const life: fc.Arbitrary<Life> = fc.record({
  lasts: fc.oneof(
    fc.integer({ min: 0, max: 3 * MINUTE }),
    fc.integer({ min: 0, max: 12 * MINUTE }),
  ),
  down: fc.oneof(fc.integer({ min: 0, max: MINUTE }), fc.integer({ min: 0, max: 30 * MINUTE })),
  clockError: fc.oneof(
    { arbitrary: fc.constant(0), weight: 2 },
    fc.integer({ min: -HOUR, max: HOUR }),
  ),
  options,
});

const isWanted = ({ account, shard }: LifeOptions, instanceId: string): boolean =>
  !account?.exclude?.includes(instanceId) &&
  (!shard ||
    ownerOf({ account: 'test', regionId: 'cn-shanghai', instanceId }, shard.total) === shard.index);

/** Follows how old each part is: the time that counts towards its staleness. */
class Ages {
  readonly #ages = new Map<string, number>();
  readonly #successes = new Map<string, number | undefined>();

  /** At the end of a life that has lasted so many milliseconds. */
  ends({ fleet, clock }: ExporterLife, lasted: number): void {
    for (const { id, stages } of fleet.instances) {
      for (const stage of REQUIRED_STAGES) {
        const key = `${id.instanceId} ${stage}`;
        const { lastSuccess } = stages[stage];
        const before = this.#ages.get(key) ?? 0;
        const isNew = lastSuccess !== undefined && lastSuccess !== this.#successes.get(key);
        this.#ages.set(key, isNew ? clock.now() - lastSuccess * SECOND : before + lasted);
        this.#successes.set(key, lastSuccess);
      }
    }
  }

  /** @param by milliseconds by the wall clock; less than 0 when it went back */
  downFor(by: number): void {
    for (const [key, age] of this.#ages) this.#ages.set(key, age + Math.max(0, by));
  }

  isShown({ fleet }: ExporterLife, instanceId: string, stage: RequiredStage): boolean {
    const age = this.#ages.get(`${instanceId} ${stage}`);
    const record = [...fleet.instances].find(({ id }) => id.instanceId === instanceId);
    const own = record?.stages[stage];
    if (!record || own?.lastSuccess === undefined || age === undefined) return false;
    const leader = stage === 'sessions' ? (record.stages.online.lastDuration ?? 0) : 0;
    const took = SECOND * ((own.lastDuration ?? 0) + leader);
    return age <= Math.max(STALE_AFTER, 2 * own.interval + took);
  }
}

const familyOf = (key: string): string => key.replace(/\{.*/, '');
const instanceOf = (key: string): string | undefined => /"instance_id":"([^"]*)"/.exec(key)?.[1];

it('after any restart, the first scrape has what is not stale, and nothing else', {
  timeout: 300_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(life, { minLength: 2, maxLength: 4 }), async (lives) => {
      const api = new RestartApi([25, 8], { of: { activity: 'still', onlineRatio: 0.3 } });
      const ages = new Ages();
      let handover: Handover | undefined;
      let shownBefore: Readonly<Record<string, number>> = {};
      let clockError = 0;
      let down = 0;
      for (const next of lives) {
        ages.downFor(down + next.clockError - clockError);
        const begun = api.begin(next.options, handover, next.clockError);
        const shown = begun.lasting();
        for (const [key, value] of Object.entries(shown)) {
          if (handover) expect([key, value]).toEqual([key, shownBefore[key]]);
        }
        for (const id of IDS) {
          for (const stage of REQUIRED_STAGES) {
            const isOwned = Object.keys(shown).some(
              (key) => familyOf(key) === OWNED[stage] && instanceOf(key) === id,
            );
            const isExpected = isWanted(next.options, id) && ages.isShown(begun, id, stage);
            expect([id, stage, isOwned]).toEqual([id, stage, isExpected]);
          }
        }
        await api.time.advance(next.lasts);
        ages.ends(begun, next.lasts);
        handover = begun.handover();
        shownBefore = begun.lasting();
        ({ clockError, down } = next);
        await begun.kill();
        await api.time.advance(down);
      }
      const last = api.begin({}, handover, clockError);
      await api.time.advance(11 * MINUTE);
      expect(samplesOfScrape(last.scrape())).toEqual(samplesOfWorld(api.world));
      await last.kill();
    }),
    { numRuns: 12 },
  );
});
