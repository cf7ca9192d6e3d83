import { z } from 'zod';
import type { InstanceData } from '../../fleet/instance-data.ts';
import { usersSnapshot } from '../../fleet/snapshots.ts';
import type { Instance } from '../../model/instance.ts';
import type { InstanceSnapshot } from '../../model/snapshot.ts';
import { INSTANCE_STAGES } from '../../model/stage.ts';
import { jsonSlices } from '../json-slices.ts';
import type { StateFormat } from '../state-file.ts';
import { partsOfRows, rowsOf, type UserParts, userRows } from './user-rows.ts';
import { number, optionalNumber, presentFields, stageData, text } from './values.ts';

/** The data of an instance as an exporter left it. */
export type StoredInstance = InstanceData;

/** To be raised when an older exporter would misread what this one writes. */
const VERSION = 1;

const content = z.object({
  version: z.literal(VERSION),
  writtenAt: number,
  id: z.object({ account: text, regionId: text, instanceId: text }),
  details: z
    .object({
      id: text,
      name: text,
      status: text,
      usersLimit: optionalNumber,
      bandwidthLimit: optionalNumber,
      expiresAt: optionalNumber,
      device: text.nullish(),
      doubts: z.array(text).nullish(),
    } satisfies Record<keyof Instance, z.ZodType>)
    .exactOptional(),
  stages: z.partialRecord(z.enum(INSTANCE_STAGES), stageData),
  /** The parts of the snapshot that exist; their users are in the rows. */
  parts: z.array(z.enum(INSTANCE_STAGES)),
  onlineTotals: z.object({ users: number, clients: number }).exactOptional(),
  oldestStart: number.exactOptional(),
  presence: z
    .object({
      watchedSince: number,
      countedAt: number,
      gaps: z.array(z.object({ from: number, to: number })),
    })
    .exactOptional(),
  evidence: z.object({
    leftOutIsOffline: z.boolean(),
    /** Whether there is a list of users who were left out; these users have a flag in their rows. */
    hasLeftOut: z.boolean(),
    checkedUpTo: text.exactOptional(),
    zeroTotal: z.enum(['unproven', 'confirmed', 'contradicted']),
  }),
  userCountEqualAt: z.array(number),
  areSessionsComplete: z.boolean(),
  isUp: z.boolean(),
  users: userRows,
  readings: z.array(z.tuple([text, number, number])),
});

type Content = z.infer<typeof content>;

export const INSTANCE_FORMAT: StateFormat<StoredInstance> = {
  version: VERSION,
  schema: content.transform(fromContent),
};

/** The JSON text of an instance's state file in pieces. */
export function instanceSlices(data: InstanceData, keepsMail: boolean): Iterable<string> {
  const { id, details, snapshot, stages, presence, evidence } = data;
  const { leftOut, ...otherEvidence } = evidence;
  const head: Omit<z.input<typeof content>, 'users' | 'readings'> = {
    version: VERSION,
    writtenAt: data.writtenAt,
    id,
    ...(details && { details: { ...details, doubts: details.doubts && [...details.doubts] } }),
    stages,
    parts: INSTANCE_STAGES.filter((stage) => snapshot[stage] !== undefined),
    ...(snapshot.online?.totals && { onlineTotals: snapshot.online.totals }),
    ...(snapshot.sessions?.oldestStart !== undefined && {
      oldestStart: snapshot.sessions.oldestStart,
    }),
    ...(presence && {
      presence: {
        watchedSince: presence.watchedSince,
        countedAt: presence.countedAt,
        gaps: [...presence.gaps],
      },
    }),
    evidence: { ...otherEvidence, hasLeftOut: leftOut !== undefined },
    userCountEqualAt: [...data.userCountEqualAt],
    areSessionsComplete: data.areSessionsComplete,
    isUp: data.isUp,
  };
  return jsonSlices(head, { users: rowsOf(data, keepsMail), readings: readingRows(data) });
}

function* readingRows({ readings }: InstanceData): Generator<readonly [string, number, number]> {
  for (const [name, { at, clients }] of readings) yield [name, at, clients];
}

function fromContent(stored: Content): StoredInstance {
  const { writtenAt, id, details, stages, presence, userCountEqualAt, areSessionsComplete, isUp } =
    stored;
  const { hasLeftOut, ...evidence } = stored.evidence;
  const parts = partsOfRows(stored.users);
  return {
    writtenAt,
    id,
    ...(details && {
      details: {
        ...presentFields(details),
        id: details.id,
        name: details.name,
        status: details.status,
      },
    }),
    snapshot: snapshotOf(stored, parts),
    stages,
    ...(presence && { presence: { ...presence, users: parts.presence } }),
    evidence: { ...evidence, ...(hasLeftOut && { leftOut: parts.leftOut }) },
    userCountEqualAt,
    areSessionsComplete,
    isUp,
    readings: stored.readings.map(([name, at, clients]) => [name, { at, clients }] as const),
  };
}

function snapshotOf(
  { parts, onlineTotals, oldestStart }: Content,
  users: UserParts,
): InstanceSnapshot {
  const has = new Set(parts);
  return {
    ...(has.has('users') && { users: usersSnapshot(users.users) }),
    ...(has.has('online') && {
      online: { clients: users.clients, ...(onlineTotals && { totals: onlineTotals }) },
    }),
    ...(has.has('sessions') && {
      sessions: { sessions: users.sessions, ...(oldestStart !== undefined && { oldestStart }) },
    }),
    ...(has.has('traffic') && { traffic: { users: users.traffic } }),
  };
}
