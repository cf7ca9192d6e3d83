import { type Clock, SECOND } from '../../clock.ts';
import type { Fleet, InstanceRecord, RegionRecord } from '../../fleet/fleet.ts';
import { instanceData, regionData } from '../../fleet/handover.ts';
import type { StageRecord } from '../../fleet/stage-record.ts';
import type { InstanceId } from '../../model/instance.ts';
import type { Learned } from '../../model/learned.ts';
import { INSTANCE_STAGES } from '../../model/stage.ts';
import { accountFileName, instanceFileName } from './file-names.ts';
import { accountSlices } from './stored-account.ts';
import { instanceSlices } from './stored-instance.ts';

/** Where the state comes from. */
export interface StateSource {
  readonly fleet: Fleet;
  /** What was learned of the API of an account; undefined when the account is not polled. */
  readonly learnedOf: (account: string) => Learned | undefined;
  /** Whether the configuration allows to keep mail addresses. */
  readonly keepsMail: () => boolean;
}

/** An account or instance that has a state file. */
export interface Subject {
  readonly fileName: string;
  readonly account: string;
  /** What the data depends on. While all of it stays the same, the file need not be written again. */
  readonly marks: readonly unknown[];
  /** Takes the data at once, and serialises it while the slices are iterated over. */
  readonly slices: () => Iterable<string>;
}

export function* subjectsOf(source: StateSource, clock: Clock): Generator<Subject> {
  for (const { name } of source.fleet.accounts) yield accountSubject(name, source, clock);
  const keepsMail = source.keepsMail();
  for (const record of source.fleet.instances) {
    yield {
      fileName: fileNameOf(record.id),
      account: record.id.account,
      marks: [...instanceMarks(record), source.fleet.isUp(record), keepsMail],
      slices: () => instanceSlices(instanceData(source.fleet, record, clock), keepsMail),
    };
  }
}

function accountSubject(account: string, { fleet, learnedOf }: StateSource, clock: Clock): Subject {
  const regions = fleet.regionsOf(account);
  const learned = learnedOf(account);
  const isUp = fleet.account(account).up;
  // The moment is translated from monotonic time, which makes it a millisecond more or less each time.
  const comparable = JSON.stringify({ ...learned, inStepWith: 0 });
  return {
    fileName: accountFileName(account),
    account,
    marks: [
      comparable,
      isUp,
      ...regions.flatMap(({ regionId, discovery }) => [regionId, ...stageMarks(discovery)]),
    ],
    slices: () =>
      accountSlices({
        writtenAt: clock.now() / SECOND,
        account,
        isUp,
        regions: regions.map((region) => ({
          ...regionData(region, clock),
          instanceIds: instanceIdsIn(region, fleet),
        })),
        ...(learned && { learned }),
      }),
  };
}

function instanceIdsIn({ account, regionId }: RegionRecord, fleet: Fleet): readonly string[] {
  return fleet
    .instancesOf(account)
    .filter(({ id }) => id.regionId === regionId)
    .map(({ id }) => id.instanceId);
}

/** Presence, evidence and the proof about UserCount change only together with these. */
function instanceMarks({
  snapshot,
  details,
  readings,
  stages,
}: InstanceRecord): readonly unknown[] {
  const { users, online, sessions, traffic } = snapshot;
  const stageRecords = INSTANCE_STAGES.flatMap((stage) => stageMarks(stages[stage]));
  return [users, online, sessions, traffic, details, readings, ...stageRecords];
}

function stageMarks(stage: StageRecord | undefined): readonly unknown[] {
  if (!stage) return [];
  const { ended, lastSuccess, lastError, progress } = stage;
  return [ended, lastSuccess, lastError, progress < 1];
}

const fileNames = new WeakMap<InstanceId, string>();

/** Remembers the names, because their hashes would cost more than everything else that is compared. */
function fileNameOf(id: InstanceId): string {
  const known = fileNames.get(id);
  if (known !== undefined) return known;
  const name = instanceFileName(id);
  fileNames.set(id, name);
  return name;
}
