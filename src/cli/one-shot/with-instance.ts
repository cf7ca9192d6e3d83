import type { AccountConfig, Config } from '../../config/config.ts';
import { explain } from '../../model/advice.ts';
import { ApiError } from '../../model/api-error.ts';
import { Lists } from '../../smartag/lists/lists.ts';
import { CommandError, EXIT } from '../process/host.ts';
import { visible } from '../terminal/visible-text.ts';
import { describeFailure, type FleetInstance, fleetInstances } from './fleet-instances.ts';
import { type NamedInstance, pickInstance, suggestInstances } from './pick-instance.ts';
import { namedRegions, regionsOf } from './regions-of.ts';
import { type AccountClient, type AccountsWork, withAccounts } from './with-accounts.ts';

/** An instance, and everything that a command needs to call the API about it. */
export interface LocatedInstance extends AccountClient {
  readonly config: Config;
  readonly regionId: string;
  readonly instanceId: string;
}

export interface InstanceWork extends AccountsWork {
  /** Id of the instance, or a name that only one instance has. */
  readonly wanted: string;
}

/**
 * Finds the instance in the configured accounts and calls `work` with it.
 *
 * When the configuration leaves no choice of account and region, an id is not checked before `work` is called.
 * If `work` then throws the ApiError of an instance that does not exist, the text may be a name: `work` is called
 * again with the instance that has the name.
 *
 * @throws CommandError when the instance is not found, a call fails, or the process is asked to end
 */
export function withInstance<Result>(
  { wanted, ...accountsWork }: InstanceWork,
  work: (instance: LocatedInstance) => Promise<Result>,
): Promise<Result> {
  const signal = accountsWork.host.ending;
  return withAccounts(accountsWork, async (accounts, config) => {
    const assumed = assumeLocation(wanted, accounts);
    if (!assumed) return work({ config, ...(await findInstance(wanted, accounts, signal)) });
    try {
      return await work({ config, ...assumed });
    } catch (error) {
      if (!(error instanceof ApiError) || error.kind !== 'not-found') throw error;
      const named = await findNamed(wanted, accounts, { signal, because: explain(error) });
      return work({ config, ...named });
    }
  });
}

type Location = Omit<LocatedInstance, 'config'>;

/** Ids of instances begin with `sag-` and consist of these characters (all pages of the API's documents). */
const looksLikeId = (text: string): boolean => /^sag-[\w.-]+$/.test(text);

/** Finds the instance without a call, by its id in the configuration or because there is no choice of region. */
function assumeLocation(wanted: string, accounts: readonly AccountClient[]): Location | undefined {
  for (const { account, client } of accounts) {
    const configured = account.instances.find(({ id }) => id === wanted);
    if (configured) return { account, client, regionId: configured.region, instanceId: wanted };
  }
  const [only, ...others] = accounts;
  const [regionId, ...moreRegions] = only?.account.regions ?? [];
  const isChoice = others.length > 0 || moreRegions.length > 0;
  if (!only || isChoice || regionId === undefined || !looksLikeId(wanted)) return undefined;
  return { ...only, regionId, instanceId: wanted };
}

async function findInstance(
  wanted: string,
  accounts: readonly AccountClient[],
  signal: AbortSignal,
): Promise<Location> {
  // This takes fewer calls than to list all instances.
  const byId = looksLikeId(wanted) ? await searchId(wanted, accounts, signal) : undefined;
  return byId ?? findNamed(wanted, accounts, { signal });
}

/**
 * Searches an id in each region of each account. A failed search is reported only when no other region has the
 * instance.
 */
async function searchId(
  instanceId: string,
  accounts: readonly AccountClient[],
  signal: AbortSignal,
): Promise<Location | undefined> {
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
          if (items.some(({ id }) => id === instanceId)) {
            return { account, client, regionId, instanceId };
          }
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
  if (troubles.size > 0) throw notFound(instanceId, troubles);
  return undefined;
}

/**
 * Finds an instance by its name, or by an id of an unusual form.
 *
 * @param because what the API has answered when the text was taken for an id
 * @throws CommandError when no instance has the name, several have it, or others that could not be listed may
 *   have it too
 */
async function findNamed(
  wanted: string,
  accounts: readonly AccountClient[],
  { signal, because }: { readonly signal: AbortSignal; readonly because?: string },
): Promise<Location> {
  const { instances, failures } = await fleetInstances(accounts, signal);
  const candidates = instances.map(candidateOf);
  const found = pickInstance(wanted, candidates);
  const troubles = new Set(failures.map(describeFailure));
  const isId = found?.instanceId === wanted;
  // The API has answered already that it does not find this id.
  if (because !== undefined && (isId || troubles.size > 0)) {
    throw new CommandError(because, EXIT.failed);
  }
  if (found && (isId || troubles.size === 0)) return found.location;
  if (found) {
    throw new CommandError(
      [
        `the instance ${found.instanceId} has the name ${visible(wanted)}, but others may have it too, because not all could be listed: give the id instead`,
        ...troubles,
      ].join('\n'),
      EXIT.failed,
    );
  }
  if (troubles.size > 0) throw notFound(wanted, troubles);
  const names = accounts.map(({ account }) => account.name).join(', ');
  const advice = `${suggestInstances(wanted, candidates)}\`sag-app-exporter instances\` lists the instances with their ids and names.`;
  throw new CommandError(
    because === undefined
      ? `instance ${visible(wanted)} is in no region of the configured accounts (${names}). Check the id or name, and accounts[].regions. ${advice}`
      : `${because}\n${advice}`,
    EXIT.failed,
  );
}

function candidateOf(instance: FleetInstance): NamedInstance & { readonly location: Location } {
  const { account, client, regionId, instanceId, details } = instance;
  return {
    account: account.name,
    regionId,
    instanceId,
    name: details?.name ?? '',
    location: { account, client, regionId, instanceId },
  };
}

function notFound(wanted: string, troubles: Iterable<string>): CommandError {
  return new CommandError(
    [
      `instance ${visible(wanted)} was not found. To skip the search, name the instance and its region in accounts[].instances.`,
      ...troubles,
    ].join('\n'),
    EXIT.failed,
  );
}

function troubleOf({ name }: AccountConfig, error: ApiError): string {
  return `account ${name}: ${explain(error)}`;
}
