import { apiFault, invalidParameter } from '../errors.ts';
import { createSmartAccessGatewayClientUser } from './create-smart-access-gateway-client-user.ts';
import { describeRegions } from './describe-regions.ts';
import { describeSagOnlineClientStatistics } from './describe-sag-online-client-statistics.ts';
import { describeSmartAccessGatewayClientUsers } from './describe-smart-access-gateway-client-users.ts';
import { describeSmartAccessGateways } from './describe-smart-access-gateways.ts';
import { describeUserFlowStatistics } from './describe-user-flow-statistics.ts';
import { describeUserOnlineClientStatistics } from './describe-user-online-client-statistics.ts';
import { describeUserOnlineClients } from './describe-user-online-clients.ts';
import type { Operation } from './operation.ts';

/** The version of the product's API. */
const VERSION = '2018-03-13';

/** Every operation of the simulator. */
export const OPERATIONS: readonly Operation[] = [
  describeRegions,
  describeSmartAccessGateways,
  describeSmartAccessGatewayClientUsers,
  describeUserOnlineClients,
  describeUserOnlineClientStatistics,
  describeSagOnlineClientStatistics,
  describeUserFlowStatistics,
  createSmartAccessGatewayClientUser,
];

const BY_NAME: ReadonlyMap<string, Operation> = new Map(
  OPERATIONS.map((operation) => [operation.name, operation]),
);

/** Undefined where there is none of that name. */
export function operationNamed(name: string | undefined): Operation | undefined {
  return name === undefined ? undefined : BY_NAME.get(name);
}

/** The operation of that name in that version. @throws ApiFault where there is none */
export function findOperation(name: string | undefined, version: string | undefined): Operation {
  if (version !== VERSION) throw invalidParameter('Version');
  const operation = operationNamed(name);
  if (operation === undefined) throw apiFault('InvalidAction.NotFound');
  return operation;
}
