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
 * The instances of a region, or of all regions where none is named. Filters it knows: InstanceType,
 * SmartAGId, SmartAGIds.N, Name (the whole name), Status (any case); others are ignored. Ids that do
 * not exist are no error, they are just not there.
 */
export const describeSmartAccessGateways: Operation = {
  name: 'DescribeSmartAccessGateways',
  errors: ['Forbidden'],
  answer(call) {
    const page = cutPage(call, select(call), LARGEST_PAGE);
    const fields = (instance: Instance): Value => fieldsOf(instance.details, call.quirks);
    return {
      TotalCount: page.totalCount,
      RequestId: call.requestId,
      PageSize: page.pageSize,
      PageNumber: page.pageNumber,
      ...list(call.quirks, 'SmartAccessGateways', 'SmartAccessGateway', each(page, fields)),
    };
  },
};

function select(call: Call): readonly Instance[] {
  const { parameters, world } = call;
  const type = parameters.get('InstanceType');
  if (type !== undefined && type !== 'software' && type !== 'hardware') {
    throw invalidParameter('InstanceType');
  }
  const regionId = parameters.get('RegionId');
  const id = parameters.get('SmartAGId');
  const ids = batch(call, 'SmartAGIds');
  const name = parameters.get('Name');
  const status = parameters.get('Status')?.toLowerCase();
  return world.instances().filter(({ details }) => {
    return (
      (regionId === undefined || details.regionId === regionId) &&
      (type === undefined || details.type === type) &&
      (id === undefined || details.id === id) &&
      (ids.length === 0 || ids.includes(details.id)) &&
      (name === undefined || details.name === name) &&
      (status === undefined || details.status.toLowerCase() === status)
    );
  });
}

function fieldsOf(details: InstanceDetails, quirks: Quirks): Value {
  return {
    SmartAGId: details.id,
    SmartAGUid: quirks.bigIntegers ? details.uid * 1000n + 999n : details.uid,
    Name: details.name,
    Description: details.description,
    Status: details.status,
    City: '',
    MaxBandwidth: `${details.maxBandwidth}M`,
    AccelerateBandwidth: 0,
    UserCount: details.type === 'software' ? details.usersLimit : undefined,
    DataPlan: details.type === 'software' ? details.dataPlan : undefined,
    CidrBlock: details.cidrBlock,
    AssociatedCcnId: '',
    AssociatedCcnName: '',
    CreateTime: details.createTime,
    EndTime: details.endTime,
    ResourceGroupId: 'rg-default',
    SecurityLockThreshold: 0,
    EnableSoftwareConnectionAudit: false,
    // Links are those of the hardware; an APP instance has none.
    ...list(quirks, 'Links', 'Link', []),
  };
}
