import { explain } from '../../model/advice.ts';
import { ApiError, isDenied } from '../../model/api-error.ts';
import { Lists } from '../../smartag/lists/lists.ts';
import { namedInstances, type PolledInstance, regionInstances } from './region-instances.ts';
import { namedRegions, regionsOf } from './regions-of.ts';
import type { AccountClient } from './with-accounts.ts';

/** An instance that the exporter would poll, and the account with which it does. */
export interface FleetInstance extends PolledInstance, AccountClient {}

/** A region, or a whole account, of which the API did not tell the instances. */
export interface FleetFailure extends Pick<AccountClient, 'account'> {
  readonly error: ApiError;
  /** Absent when the regions of the account could not be found, or its credentials were refused. */
  readonly regionId?: string;
  /**
   * Whether the exporter does its job with this failure: all instances are named by the configuration, and only
   * their details cannot be read, for want of the permission.
   */
  readonly isTolerable: boolean;
}

export interface FleetInstances {
  /** By account and region, as the configuration or the API orders them. */
  readonly instances: readonly FleetInstance[];
  readonly failures: readonly FleetFailure[];
}

/**
 * Finds all instances that the exporter would poll with the configuration. Where the API fails, the instances
 * that the configuration names are found without their details.
 *
 * @throws the signal's reason
 */
export async function fleetInstances(
  accounts: readonly AccountClient[],
  signal: AbortSignal,
): Promise<FleetInstances> {
  const instances: FleetInstance[] = [];
  const failures: FleetFailure[] = [];
  for (const owner of accounts) {
    const found = await accountInstances(owner, signal);
    instances.push(...found.instances);
    failures.push(...found.failures);
  }
  return { instances, failures };
}

async function accountInstances(
  { account, client }: AccountClient,
  signal: AbortSignal,
): Promise<FleetInstances> {
  const polled = new Map<string, readonly PolledInstance[]>();
  const failures: FleetFailure[] = [];
  const lists = new Lists(client);
  const named = namedRegions(account);
  try {
    const { taken } = await regionsOf(account, client, signal);
    for (const regionId of taken) {
      const isTrial = !named.has(regionId);
      const region = await regionInstances(account, { lists, regionId, isTrial }, signal);
      polled.set(regionId, region.polled);
      const { error } = region;
      if (!error || (isTrial && error.isUnresolved)) continue;
      // Every other call of the account would fail too.
      if (error.policy.trouble === 'account') throw error;
      const isTolerable = !account.discovery && isDenied(error.kind);
      failures.push({ account, regionId, error, isTolerable });
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    failures.push({ account, error, isTolerable: false });
    for (const regionId of named) {
      if (!polled.has(regionId)) polled.set(regionId, namedInstances(account, regionId));
    }
  }
  const instances = [...polled.values()].flat();
  return { instances: instances.map((instance) => ({ ...instance, account, client })), failures };
}

/** Describes a failure in sentences: where, what happened, and what to do. */
export function describeFailure({ account, regionId, error }: FleetFailure): string {
  const where = regionId === undefined ? '' : `, ${regionId}`;
  return `account ${account.name}${where}: ${explain(error)}`;
}
