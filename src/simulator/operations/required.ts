import { SECOND } from '../../clock.ts';
import { apiFault, invalidParameter, missingParameter } from '../gateway/errors.ts';
import type { Quirks } from '../rules/quirks/table.ts';
import type { Instance } from '../world/instance.ts';
import { isUserName } from '../world/names.ts';
import type { InstanceDetails, User } from '../world/spec.ts';
import type { Call } from './operation.ts';

/** At most so many names or ids in one batched call (the pages of both statistics operations). */
const LARGEST_BATCH = 50;

/**
 * The region, which pages call required; no page has an error for its want, so the gateway's stands
 * in. An unknown region is not refused: it has no instances.
 */
export function requiredRegion({ parameters }: Call): string {
  const regionId = parameters.get('RegionId');
  if (regionId === undefined) throw missingParameter('RegionId');
  return regionId;
}

/**
 * The SAG APP instance of a call about users. One in another region or of hardware does not exist
 * for it.
 */
export function requiredInstance(call: Call): Instance {
  const regionId = requiredRegion(call);
  const instanceId = call.parameters.get('SmartAGId');
  if (instanceId === undefined) throw apiFault('SAG.InstanceIdEmpty');
  const instance = findInstance(call, regionId, instanceId);
  if (instance === undefined || isTooNew(call, instance)) {
    throw apiFault(call.quirks.unknownInstance);
  }
  const { expiredInstances } = call.quirks;
  if (expiredInstances !== 'answered' && hasExpired(call, instance.details)) {
    throw apiFault(expiredInstances);
  }
  return instance;
}

/** Whether the subscription of the instance has ended. */
export function hasExpired({ now }: Call, { endTime }: InstanceDetails): boolean {
  return endTime <= now;
}

/** How long after a purchase the API does not know an instance yet, with the quirk `newInstances`. */
const UNKNOWN_AT_FIRST = 5 * SECOND;

function isTooNew({ now, quirks }: Call, { details }: Instance): boolean {
  return quirks.newInstances === 'unknown' && now < details.createTime + UNKNOWN_AT_FIRST;
}

/** The SAG APP instance of that id in that region. */
export function findInstance(
  { world }: Call,
  regionId: string,
  instanceId: string,
): Instance | undefined {
  const instance = world.instance(instanceId);
  return instance?.regionId === regionId && instance.details.type === 'software'
    ? instance
    : undefined;
}

/** What causes the errors of the two functions around here, for the table of errors. */
export const INSTANCE_ERRORS = {
  'SAG.InstanceIdEmpty': 'SmartAGId is absent or empty.',
  'SAG.InstanceNoFound':
    'No SAG APP instance of that id in that region; one of hardware does not count.',
} as const;

export const NAME_ERRORS = {
  'ClientUser.NameEmpty': 'UserName is absent or empty.',
  'ClientUser.NameInvalid': 'UserName is neither that of a user nor one that a user could have.',
} as const;

/**
 * The user of a call that changes one. The pages name no error for a user who does not exist; here
 * the name is invalid.
 */
export function requiredUser(call: Call, instance: Instance): User {
  const name = call.parameters.get('UserName') ?? '';
  if (name === '') throw apiFault('ClientUser.NameEmpty');
  const user = instance.user(name);
  if (user === undefined) throw apiFault('ClientUser.NameInvalid');
  return user;
}

/** What causes the errors of `requiredUser`. */
export const USER_ERRORS = {
  'ClientUser.NameEmpty': 'UserName is absent or empty.',
  'ClientUser.NameInvalid': 'The instance has no user of that name.',
} as const;

/**
 * A name asked about: refused when empty, or when no user can be called so. A user that exists is
 * never refused, however it came by its name. Undefined: it is the name of nobody.
 */
export function checkName({ quirks }: Call, instance: Instance, name: string): User | undefined {
  if (name === '') throw apiFault('ClientUser.NameEmpty');
  const user = instance.user(name);
  if (user === undefined && !isUserName(name, quirks.shortestName))
    throw apiFault('ClientUser.NameInvalid');
  return user;
}

/** `name.1`, `name.2`, … each value once; pages give no error for too many, so the gateway's. */
export function batch({ parameters, quirks }: Call, name: string): readonly string[] {
  const values = parameters.list(name);
  if (values.length > LARGEST_BATCH && quirks.largeBatches === 'refused') {
    throw invalidParameter(name);
  }
  return [...new Set(values.slice(0, LARGEST_BATCH))];
}

/** ClientIp of a user who has none: neither a fixed one nor a client connected. */
export function noAddress({ noAddress }: Quirks): '' | undefined {
  return noAddress === 'empty' ? '' : undefined;
}
