import { invalidParameter } from '../errors.ts';
import type { Quirks } from '../quirks.ts';
import { list, type Value } from '../reply.ts';
import type { Instance } from '../world-instance.ts';
import type { InstanceDetails } from '../world-spec.ts';
import type { Call, Operation } from './operation.ts';
import { cutPage, each } from './pages.ts';
import { batch } from './required.ts';

/** PageSize: 1 to 50 (DescribeSmartAccessGateways page). */
const LARGEST_PAGE = 50;

/**
 * The instances of a region, or of all regions where none is named. Filters want the whole value,
 * Status in any case. Ids that do not exist are no error, they are just not there.
 */
export const describeSmartAccessGateways: Operation = {
  name: 'DescribeSmartAccessGateways',
  errors: { Forbidden: 'RAM denies the operation.' },
  answer(call) {
    const page = cutPage(call, select(call), LARGEST_PAGE);
    const fields = (instance: Instance): Value => fieldsOf(instance.details, call.quirks);
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

/** Filters by things that no instance here has: any value finds nothing. */
const NEVER_MATCHED = [
  'AclIds',
  'AssociatedCcnId',
  'AssociatedCcnName',
  'HardwareType',
  'SerialNumber',
  'SoftwareVersion',
] as const;

/** Filters that are one of few words. */
const INSTANCE_TYPES = ['software', 'hardware'] as const;
const BUSINESS_STATES = ['Normal', 'Arrearage'] as const;

function select(call: Call): readonly Instance[] {
  const { parameters, world } = call;
  const type = oneOf(call, 'InstanceType', INSTANCE_TYPES);
  const businessState = oneOf(call, 'BusinessState', BUSINESS_STATES);
  const ids = batch(call, 'SmartAGIds');
  const status = parameters.get('Status')?.toLowerCase();
  const wanted = (name: string, value: string): boolean => {
    const filter = parameters.get(name);
    return filter === undefined || filter === value;
  };
  if (
    // Nobody owes anything here.
    businessState === 'Arrearage' ||
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
        (type === undefined || details.type === type) &&
        wanted('SmartAGId', details.id) &&
        (ids.length === 0 || ids.includes(details.id)) &&
        wanted('Name', details.name) &&
        (status === undefined || details.status.toLowerCase() === status),
    );
}

/** @throws ApiFault `Invalid<name>` where the value is another word */
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

function fieldsOf(details: InstanceDetails, quirks: Quirks): Value {
  return {
    SmartAGId: details.id,
    SmartAGUid: uidOf(details, quirks),
    Name: details.name,
    Description: details.description,
    Status: details.status,
    City: '',
    MaxBandwidth: `${details.maxBandwidth}${quirks.maxBandwidth}`,
    AccelerateBandwidth: 0,
    UserCount: details.type === 'software' ? details.usersLimit : undefined,
    DataPlan: details.type === 'software' ? details.dataPlan : undefined,
    CidrBlock: details.cidrBlock,
    AssociatedCcnId: '',
    AssociatedCcnName: '',
    CreateTime: details.createTime,
    EndTime: details.endTime,
    ResourceGroupId: RESOURCE_GROUP,
    SecurityLockThreshold: 0,
    EnableSoftwareConnectionAudit: false,
    // Links are those of the hardware; an APP instance has none.
    ...list(quirks, 'Links', 'Link', []),
  };
}

/** As a number where one can hold it: a reply with a bigint is far slower to write. */
function uidOf({ uid }: InstanceDetails, quirks: Quirks): number | bigint {
  if (quirks.bigIntegers) return uid * 1000n + 999n;
  return uid <= Number.MAX_SAFE_INTEGER ? Number(uid) : uid;
}
