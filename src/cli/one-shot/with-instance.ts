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

/** An instance and how to ask about it. */
export interface Place {
  readonly config: Config;
  readonly account: AccountConfig;
  readonly client: Client;
  readonly regionId: string;
  readonly instanceId: string;
}

/** What a command about one instance is given. */
export interface InstanceCommand {
  /** Its name, for messages. */
  readonly command: string;
  readonly instanceId: string;
  readonly flags: ConfigFlags;
  readonly host: Host;
}

/**
 * Finds the instance among the configured accounts and does the work there.
 *
 * @throws CommandError when it is not found, when a call fails, and when the process is asked to end
 */
export async function atInstance<Result>(
  { command, instanceId, flags, host }: InstanceCommand,
  work: (place: Place) => Promise<Result>,
): Promise<Result> {
  const config = await configOf(flags, host);
  const accounts = config.accounts.map((account) => ({
    account,
    client: clientOf(account, config, host),
  }));
  try {
    const place = await findInstance(instanceId, accounts, host.ending);
    return await work({ config, instanceId, ...place });
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

interface Reachable {
  readonly account: AccountConfig;
  readonly client: Client;
}

type Found = Pick<Place, 'account' | 'client' | 'regionId'>;

/** Where the configuration names it, or leaves no choice, nothing is asked. */
async function findInstance(
  instanceId: string,
  accounts: readonly Reachable[],
  signal: AbortSignal,
): Promise<Found> {
  for (const one of accounts) {
    const named = one.account.instances.find(({ id }) => id === instanceId);
    if (named) return { ...one, regionId: named.region };
  }
  const [only, ...others] = accounts;
  const [regionId, ...moreRegions] = only?.account.regions ?? [];
  if (only && others.length === 0 && regionId !== undefined && moreRegions.length === 0) {
    return { ...only, regionId };
  }
  return lookForInstance(instanceId, accounts, signal);
}

/** Asks each region of each account; one that cannot be asked matters only when no other has it. */
async function lookForInstance(
  instanceId: string,
  accounts: readonly Reachable[],
  signal: AbortSignal,
): Promise<Found> {
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
          if (!(error instanceof ApiError) || error.kind === 'unauthenticated') throw error;
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
          `instance ${instanceId} was not found. Where accounts[].instances names it with its region, it is not looked for.`,
          ...troubles,
        ].join('\n'),
    EXIT.failed,
  );
}

function troubleOf({ name }: AccountConfig, error: ApiError): string {
  return `account ${name}: ${explain(error)}`;
}
