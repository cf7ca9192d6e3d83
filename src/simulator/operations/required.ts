import { SECOND } from '../../clock.ts';
import { apiFault, invalidParameter, missingParameter } from '../gateway/errors.ts';
import type { Quirks } from '../rules/quirks/table.ts';
import type { Instance } from '../world/instance.ts';
import { isUserName } from '../world/names.ts';
import type { InstanceDetails, User } from '../world/spec.ts';
import type { Call } from './operation.ts';

/**
 * Maximum number of names or ids in one call, by the documentation of DescribeUserOnlineClientStatistics and
 * DescribeSagOnlineClientStatistics.
 */
const LARGEST_BATCH = 50;

/**
 * The region, which the API's documentation requires. It has no error for a missing region, so the error is that
 * of the gateway. An unknown region is not refused: it has no instances.
 */
export function requiredRegion({ parameters }: Call): string {
  const regionId = parameters.get('RegionId');
  if (regionId === undefined) throw missingParameter('RegionId');
  return regionId;
}

/**
 * The SAG APP instance of a call about users. For these calls, an instance in another region or a hardware
 * instance does not exist.
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

export function hasExpired({ now }: Call, { endTime }: InstanceDetails): boolean {
  return endTime <= now;
}

/** With the quirk `newInstances`, an instance is unknown to the API for this long after its purchase. */
const UNKNOWN_AT_FIRST = 5 * SECOND;

function isTooNew({ now, quirks }: Call, { details }: Instance): boolean {
  return quirks.newInstances === 'unknown' && now < details.createTime + UNKNOWN_AT_FIRST;
}

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

/** The causes of the errors of `requiredInstance`, for the table of errors. */
export const INSTANCE_ERRORS = {
  'SAG.InstanceIdEmpty': 'SmartAGId is absent or empty.',
  'SAG.InstanceNoFound':
    'There is no SAG APP instance of that id in that region. Hardware instances do not count.',
} as const;

export const NAME_ERRORS = {
  'ClientUser.NameEmpty': 'UserName is absent or empty.',
  'ClientUser.NameInvalid': 'UserName is not the name of a user, and no user can have that name.',
} as const;

/**
 * The user of a call that changes a user. The pages have no error for a user who does not exist; here
 * the error is NameInvalid.
 */
export function requiredUser(call: Call, instance: Instance): User {
  const name = call.parameters.get('UserName') ?? '';
  if (name === '') throw apiFault('ClientUser.NameEmpty');
  const user = instance.user(name);
  if (user === undefined) throw apiFault('ClientUser.NameInvalid');
  return user;
}

export const USER_ERRORS = {
  'ClientUser.NameEmpty': 'UserName is absent or empty.',
  'ClientUser.NameInvalid': 'The instance has no user of that name.',
} as const;

/**
 * Finds the user of a name in a call that reads; undefined when no user has the name.
 *
 * @throws ApiFault when the name is empty, or when no user has it and no user can have it
 */
export function checkName({ quirks }: Call, instance: Instance, name: string): User | undefined {
  if (name === '') throw apiFault('ClientUser.NameEmpty');
  const user = instance.user(name);
  if (user === undefined && !isUserName(name, quirks.shortestName))
    throw apiFault('ClientUser.NameInvalid');
  return user;
}

/**
 * The values of `name.1`, `name.2`, … without repetitions. No page has an error for too many values, so the
 * error is the gateway's.
 */
export function batch({ parameters, quirks }: Call, name: string): readonly string[] {
  const values = parameters.list(name);
  if (values.length > LARGEST_BATCH && quirks.largeBatches === 'refused') {
    throw invalidParameter(name);
  }
  return [...new Set(values.slice(0, LARGEST_BATCH))];
}

/** ClientIp of a user who has neither a fixed address nor a connected client. */
export function noAddress({ noAddress }: Quirks): '' | undefined {
  return noAddress === 'empty' ? '' : undefined;
}
