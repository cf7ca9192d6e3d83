import fc from 'fast-check';
import type { InstanceData } from '../../../src/fleet/instance-data.ts';
import { usersSnapshot } from '../../../src/fleet/snapshots.ts';
import { ERROR_KINDS, type ErrorKind } from '../../../src/model/api-error.ts';
import { INSTANCE_STAGES } from '../../../src/model/stage.ts';

const KINDS = Object.keys(ERROR_KINDS) as ErrorKind[];

const text = fc.string({ unit: 'grapheme', maxLength: 8 });
/** Few names, so that the parts of the data name the same users. */
const userName = fc.oneof(
  fc.constantFrom('ada', 'grace', 'ada@example.com', '李雷', '__proto__', 'constructor', '', '7'),
  text,
);
const number = fc.oneof(fc.nat(), fc.double({ noNaN: true, noDefaultInfinity: true })).map(
  // JSON has no negative zero.
  (value) => value + 0,
);

function some<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<ReadonlyMap<string, Value>> {
  return fc.array(fc.tuple(userName, value), { maxLength: 8 }).map((entries) => new Map(entries));
}

/** A record, of which the optional fields are absent now and then. */
const optional = <Fields extends object, Optional extends object>(
  fields: { [Key in keyof Fields]: fc.Arbitrary<Fields[Key]> },
  more: { [Key in keyof Optional]: fc.Arbitrary<Optional[Key]> },
): fc.Arbitrary<Fields & Partial<Optional>> =>
  fc
    .tuple(fc.record(fields), fc.record(more, { requiredKeys: [] }))
    .map(([one, other]) => ({ ...one, ...other }) as Fields & Partial<Optional>);

const user = optional(
  { name: userName, enabled: fc.boolean(), staticIp: fc.boolean() },
  { mail: text, clientIp: text, bandwidth: number, acceleratedBandwidth: number },
);

const snapshot = fc.record(
  {
    users: fc
      .uniqueArray(user, { selector: ({ name }) => name, maxLength: 8 })
      .map((users) => usersSnapshot(users)),
    online: optional(
      { clients: some(fc.nat()) },
      { totals: fc.record({ users: fc.nat(), clients: fc.nat() }) },
    ),
    sessions: optional(
      {
        sessions: some(
          fc.array(
            optional({ clientIp: text }, { start: fc.nat().map((seconds) => seconds + 1) }),
            {
              maxLength: 3,
            },
          ),
        ),
      },
      { oldestStart: number },
    ),
    traffic: fc.record({ users: some(optional({ month: number }, { remaining: number })) }),
  },
  { requiredKeys: [] },
);

const failure = optional(
  { kind: fc.constantFrom(...KINDS), operation: text },
  { code: text, requestId: text, httpStatus: fc.nat() },
);

const stage = optional(
  { staleFrom: number, ended: fc.constantFrom('never', 'well', 'badly') },
  { startedAt: number, lastSuccess: number, lastDuration: number, failure },
);

/** Any data of an instance, also with parts that do not fit together. */
export const anyInstanceData: fc.Arbitrary<InstanceData> = optional(
  {
    writtenAt: number,
    isUp: fc.boolean(),
    id: fc.record({ account: text, regionId: text, instanceId: text }),
    snapshot,
    stages: fc.dictionary(fc.constantFrom(...INSTANCE_STAGES), stage),
    evidence: optional(
      {
        leftOutIsOffline: fc.boolean(),
        zeroTotal: fc.constantFrom('unproven', 'confirmed', 'contradicted'),
      },
      { leftOut: fc.uniqueArray(userName, { maxLength: 5 }), checkedUpTo: userName },
    ),
    userCountEqualAt: fc.uniqueArray(fc.nat(), { maxLength: 2 }),
    areSessionsComplete: fc.boolean(),
    readings: some(fc.record({ at: number, clients: fc.nat() })),
  },
  {
    details: optional(
      { id: text, name: text, status: text },
      {
        usersLimit: number,
        bandwidthLimit: number,
        expiresAt: number,
        device: text,
        doubts: fc.array(text, { maxLength: 2 }),
      },
    ),
    presence: fc.record({
      watchedSince: number,
      countedAt: number,
      gaps: fc.array(fc.record({ from: number, to: number }), { maxLength: 3 }),
      users: some(optional({ firstSeen: number }, { lastOnline: number, onlineUntil: number })),
    }),
  },
) as fc.Arbitrary<InstanceData>;
