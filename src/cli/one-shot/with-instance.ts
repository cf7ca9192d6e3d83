import type { AccountConfig, Config } from '../../config/config.ts';
import { explain } from '../../model/advice.ts';
import { ApiError } from '../../model/api-error.ts';
import { Lists } from '../../smartag/lists/lists.ts';
import type { Client } from '../../smartag/operation.ts';
import { configOf } from '../config-source.ts';
import type { ConfigFlags } from '../flags.ts';
import { CommandError, EXIT, type Host } from '../process/host.ts';
import { clientOf } from './client-of.ts';
import { namedRegions, regionsOf } from './regions-of.ts';

/** An instance, and everything that a command needs to call the API about it. */
export interface LocatedInstance {
  readonly config: Config;
  readonly account: AccountConfig;
  readonly client: Client;
  readonly regionId: string;
  readonly instanceId: string;
}

export interface InstanceWork {
  /** Name of the command, for messages. */
  readonly command: string;
  readonly instanceId: string;
  readonly flags: ConfigFlags;
  readonly host: Host;
}

/**
 * Finds the instance in the configured accounts and calls `work` with it.
 *
 * @throws CommandError when the instance is not found, a call fails, or the process is asked to end
 */
export async function withInstance<Result>(
  { command, instanceId, flags, host }: InstanceWork,
  work: (instance: LocatedInstance) => Promise<Result>,
): Promise<Result> {
  const config = await configOf(flags, host);
  const accounts = config.accounts.map((account) => ({
    account,
    client: clientOf(account, config, host),
  }));
  try {
    const location = await findInstance(instanceId, accounts, host.ending);
    return await work({ config, instanceId, ...location });
  } catch (error) {
    if (error instanceof CommandError) throw error;
    if (host.ending.aborted) {
      throw new CommandError(`${command} was ended before it was done`, EXIT.failed);
    }
    if (error instanceof ApiError) throw new CommandError(explain(error), EXIT.failed);
    throw error;
  } finally {
    for (const { client } of accounts) client.close();
  }
}

interface AccountClient {
  readonly account: AccountConfig;
  readonly client: Client;
}

type Location = Pick<LocatedInstance, 'account' | 'client' | 'regionId'>;

/** Calls the API only when the configuration leaves open in which account or region the instance is. */
async function findInstance(
  instanceId: string,
  accounts: readonly AccountClient[],
  signal: AbortSignal,
): Promise<Location> {
  for (const { account, client } of accounts) {
    const configured = account.instances.find(({ id }) => id === instanceId);
    if (configured) return { account, client, regionId: configured.region };
  }
  const [only, ...others] = accounts;
  const [regionId, ...moreRegions] = only?.account.regions ?? [];
  if (only && others.length === 0 && regionId !== undefined && moreRegions.length === 0) {
    return { ...only, regionId };
  }
  return searchInstance(instanceId, accounts, signal);
}

/** Searches each region of each account. A failed search is reported only when no other region has the instance. */
async function searchInstance(
  instanceId: string,
  accounts: readonly AccountClient[],
  signal: AbortSignal,
): Promise<Location> {
  const troubles = new Set<string>();
  for (const { account, client } of accounts) {
    const lists = new Lists(client);
    const named = namedRegions(account);
    try {
      const { taken } = await regionsOf(account, client, signal);
      for (const regionId of new Set([...account.regions, ...taken])) {
        const request = { regionId, instanceIds: [instanceId], isTrial: !named.has(regionId) };
        try {
          const { items } = await lists.instances(request, signal);
          if (items.some(({ id }) => id === instanceId)) return { account, client, regionId };
        } catch (error) {
          // Another region of the account may still have the instance.
          if (!(error instanceof ApiError) || error.policy.trouble === 'account') throw error;
          if (!(request.isTrial && error.isUnresolved)) troubles.add(troubleOf(account, error));
        }
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      troubles.add(troubleOf(account, error));
    }
  }
  const names = accounts.map(({ account }) => account.name).join(', ');
  throw new CommandError(
    troubles.size === 0
      ? `instance ${instanceId} is in no region of the configured accounts (${names}). Check the id, and accounts[].regions.`
      : [
          `instance ${instanceId} was not found. To skip the search, name the instance and its region in accounts[].instances.`,
          ...troubles,
        ].join('\n'),
    EXIT.failed,
  );
}

function troubleOf({ name }: AccountConfig, error: ApiError): string {
  return `account ${name}: ${explain(error)}`;
}
