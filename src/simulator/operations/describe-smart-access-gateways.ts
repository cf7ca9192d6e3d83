import { invalidParameter } from '../gateway/errors.ts';
import type { Value } from '../gateway/reply.ts';
import { list } from '../gateway/write-reply.ts';
import type { Quirks } from '../rules/quirks/table.ts';
import type { Instance } from '../world/instance.ts';
import type { InstanceDetails } from '../world/spec.ts';
import type { Call, Operation } from './operation.ts';
import { cutPage, each } from './pages.ts';
import { batch, hasExpired } from './required.ts';

/** Largest PageSize; the page says 1 to 50 (DescribeSmartAccessGateways page). */
const LARGEST_PAGE = 50;

/**
 * The instances of a region, by default of all regions. Filters compare the whole value; Status ignores upper
 * and lower case. Ids that do not exist are left out of the reply, without an error.
 */
export const describeSmartAccessGateways: Operation = {
  name: 'DescribeSmartAccessGateways',
  errors: { Forbidden: 'RAM denies the operation.' },
  answer(call) {
    const page = cutPage(call, select(call), LARGEST_PAGE);
    const fields = (instance: Instance): Value => fieldsOf(instance, call);
    return {
      TotalCount: page.totalCount,
      RequestId: call.requestId,
      PageSize: page.pageSize,
      [call.quirks.pageField]: page.pageNumber,
      ...list(call.quirks, 'SmartAccessGateways', 'SmartAccessGateway', each(page, fields)),
    };
  },
};

const RESOURCE_GROUP = 'rg-default';

/**
 * Filters on properties that no instance of the simulator has. With any value, such a filter matches no
 * instance.
 */
const NEVER_MATCHED = [
  'AclIds',
  'AssociatedCcnId',
  'AssociatedCcnName',
  'HardwareType',
  'SerialNumber',
  'SoftwareVersion',
] as const;

const INSTANCE_TYPES = ['software', 'hardware'] as const;
const BUSINESS_STATES = ['Normal', 'Arrearage'] as const;

function select(call: Call): readonly Instance[] {
  const { parameters, world, quirks } = call;
  const type = oneOf(call, 'InstanceType', INSTANCE_TYPES);
  const businessState = oneOf(call, 'BusinessState', BUSINESS_STATES);
  const ids = batch(call, 'SmartAGIds');
  const ignoresType = quirks.instanceTypeFilter === 'ignored';
  const status = parameters.get('Status')?.toLowerCase();
  const wanted = (name: string, value: string): boolean => {
    const filter = parameters.get(name);
    return filter === undefined || filter === value;
  };
  if (
    !wanted('ResourceGroupId', RESOURCE_GROUP) ||
    NEVER_MATCHED.some((name) => parameters.get(name) !== undefined)
  ) {
    return [];
  }
  return world
    .instances()
    .filter(
      ({ details }) =>
        wanted('RegionId', details.regionId) &&
        (type === undefined || details.type === type || ignoresType) &&
        wanted('SmartAGId', details.id) &&
        (ids.length === 0 || ids.includes(details.id)) &&
        wanted('Name', details.name) &&
        (status === undefined || statusOf(details, call).toLowerCase() === status) &&
        (businessState === undefined || businessStateOf(details, call) === businessState),
    );
}

/** @throws ApiFault `Invalid<name>` when the value is another word */
function oneOf<T extends string>(
  { parameters }: Call,
  name: string,
  values: readonly T[],
): T | undefined {
  const text = parameters.get(name);
  if (text === undefined) return undefined;
  const found = values.find((value) => value === text);
  if (found === undefined) throw invalidParameter(name);
  return found;
}

/** When calls about the users of an expired instance are refused, the status of the instance gives the reason. */
function statusOf(details: InstanceDetails, call: Call): string {
  return isInArrears(details, call) ? 'arrearage' : details.status;
}

function businessStateOf(details: InstanceDetails, call: Call): (typeof BUSINESS_STATES)[number] {
  return isInArrears(details, call) ? 'Arrearage' : 'Normal';
}

/** By default an expired instance answers like any other. */
function isInArrears(details: InstanceDetails, call: Call): boolean {
  return call.quirks.expiredInstances !== 'answered' && hasExpired(call, details);
}

function fieldsOf({ details, userCount }: Instance, call: Call): Value {
  const { quirks } = call;
  const isApp = details.type === 'software';
  return {
    SmartAGId: details.id,
    SmartAGUid: uidOf(details, quirks),
    Name: details.name,
    Description: details.description,
    Status: statusOf(details, call),
    City: '',
    MaxBandwidth: maxBandwidthOf(details, quirks),
    AccelerateBandwidth: 0,
    UserCount: isApp
      ? { limit: details.usersLimit, users: userCount }[quirks.userCount]
      : undefined,
    DataPlan: isApp ? details.dataPlan : undefined,
    CidrBlock: details.cidrBlock,
    AssociatedCcnId: '',
    AssociatedCcnName: '',
    CreateTime: details.createTime,
    EndTime: END_TIMES[quirks.endTime](details.endTime),
    HardwareVersion: quirks.hardwareVersion ? HARDWARE_VERSIONS[details.type] : undefined,
    ResourceGroupId: RESOURCE_GROUP,
    SecurityLockThreshold: 0,
    EnableSoftwareConnectionAudit: false,
    // Only hardware has links.
    ...list(quirks, 'Links', 'Link', []),
  };
}

const HARDWARE_VERSIONS: Readonly<Record<InstanceDetails['type'], string>> = {
  software: 'sag-software',
  hardware: 'sag-100wm',
};

function maxBandwidthOf({ maxBandwidth }: InstanceDetails, quirks: Quirks): string {
  return quirks.maxBandwidth === '0M' ? '0M' : `${maxBandwidth}${quirks.maxBandwidth}`;
}

/** Writes EndTime, given in milliseconds since the epoch. */
const END_TIMES: Readonly<Record<Quirks['endTime'], (ms: number) => Value>> = {
  milliseconds: (ms) => ms,
  iso: (ms) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z'),
  zero: () => 0,
  empty: () => '',
};

/** Returns a number where a number is exact, because a reply with a bigint takes much longer to write. */
function uidOf({ uid }: InstanceDetails, quirks: Quirks): number | bigint {
  if (quirks.bigIntegers) return uid * 1000n + 999n;
  return uid <= Number.MAX_SAFE_INTEGER ? Number(uid) : uid;
}
