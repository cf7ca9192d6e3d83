import { type Claim, mandatory } from '../gateway/claim.ts';
import { apiFault, invalidParameter } from '../gateway/errors.ts';
import { assumeRole } from './assume-role.ts';
import { createSmartAccessGatewayClientUser } from './create-smart-access-gateway-client-user.ts';
import { deleteSmartAccessGatewayClientUser } from './delete-smart-access-gateway-client-user.ts';
import { describeRegions } from './describe-regions.ts';
import { describeSagOnlineClientStatistics } from './describe-sag-online-client-statistics.ts';
import { describeSmartAccessGatewayClientUsers } from './describe-smart-access-gateway-client-users.ts';
import { describeSmartAccessGateways } from './describe-smart-access-gateways.ts';
import { describeUserFlowStatistics } from './describe-user-flow-statistics.ts';
import { describeUserOnlineClientStatistics } from './describe-user-online-client-statistics.ts';
import { describeUserOnlineClients } from './describe-user-online-clients.ts';
import { kickOutClients } from './kick-out-clients.ts';
import { modifySmartAccessGatewayClientUser } from './modify-smart-access-gateway-client-user.ts';
import type { Operation, Product } from './operation.ts';
import { resetSmartAccessGatewayClientUserPassword } from './reset-smart-access-gateway-client-user-password.ts';
import {
  disableSmartAccessGatewayUser,
  enableSmartAccessGatewayUser,
} from './switch-smart-access-gateway-user.ts';

/** The products, by the version of their API. */
const PRODUCTS: ReadonlyMap<string, Product> = new Map([
  ['2018-03-13', 'Smartag'],
  ['2015-04-01', 'Sts'],
]);

export const OPERATIONS: readonly Operation[] = [
  describeRegions,
  describeSmartAccessGateways,
  describeSmartAccessGatewayClientUsers,
  describeUserOnlineClients,
  describeUserOnlineClientStatistics,
  describeSagOnlineClientStatistics,
  describeUserFlowStatistics,
  createSmartAccessGatewayClientUser,
  modifySmartAccessGatewayClientUser,
  deleteSmartAccessGatewayClientUser,
  enableSmartAccessGatewayUser,
  disableSmartAccessGatewayUser,
  kickOutClients,
  resetSmartAccessGatewayClientUserPassword,
  assumeRole,
];

const BY_NAME: ReadonlyMap<string, Operation> = new Map(
  OPERATIONS.map((operation) => [operation.name, operation]),
);

export function operationNamed(name: string | undefined): Operation | undefined {
  return name === undefined ? undefined : BY_NAME.get(name);
}

/** The product whose API has this version; Smartag for an unknown version. */
export function productOf(version: string | undefined): Product {
  return PRODUCTS.get(version ?? '') ?? 'Smartag';
}

/** @throws ApiFault when the API with that version has no operation of that name */
export function findOperation(claim: Pick<Claim, 'action' | 'version'>): Operation {
  const name = mandatory(claim.action, 'Action');
  const product = PRODUCTS.get(mandatory(claim.version, 'Version'));
  if (product === undefined) throw invalidParameter('Version');
  const operation = operationNamed(name);
  if (operation === undefined || (operation.product ?? 'Smartag') !== product) {
    throw apiFault('InvalidAction.NotFound');
  }
  return operation;
}
