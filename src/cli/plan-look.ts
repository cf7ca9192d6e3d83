import type { AccountConfig } from '../config/config.ts';
import { ApiError } from '../model/api-error.ts';
import type { FleetLook, InstanceLook } from '../poll/forecast.ts';
import { discoveryPass } from '../poll/stages/discovery.ts';
import { chunksOf } from '../poll/strategies/chunks.ts';
import { Lists } from '../smartag/lists.ts';
import type { Client, Operation, Request } from '../smartag/operation.ts';
import {
  describeSagOnlineClientStatistics,
  INSTANCES_PER_CALL,
} from '../smartag/operations/describe-sag-online-client-statistics.ts';
import { describeSmartAccessGatewayClientUsers } from '../smartag/operations/describe-smart-access-gateway-client-users.ts';
import { describeUserOnlineClientStatistics } from '../smartag/operations/describe-user-online-client-statistics.ts';
import { namedRegions, regionsOf } from './regions-of.ts';

/** What a look needs. */
export interface LookOptions {
  readonly account: AccountConfig;
  readonly client: Client;
  readonly pageSize: number;
  readonly signal: AbortSignal;
}

/** A look at an account's fleet and what it cost. */
export interface AccountLook extends FleetLook {
  /** API calls the look took. */
  readonly calls: number;
  /** What could not be seen, in sentences. */
  readonly doubts: readonly string[];
}

/** An instance to be watched. */
interface Place {
  readonly regionId: string;
  readonly instanceId: string;
}

/** The length of an instance's list of users. */
interface UsersLook {
  readonly users: number;
  readonly pageSize: number;
  /** Whether the first page told the length. */
  readonly lengthTold: boolean;
  /** Somebody to ask about. */
  readonly userName?: string;
}

/**
 * Looks at an account's fleet with few calls: one discovery pass, for each instance one page of its
 * users and the count of one of them, and the totals of 50 instances a call.
 *
 * @throws ApiError; the signal's reason
 */
export async function lookAt(options: LookOptions): Promise<AccountLook> {
  const { account, signal } = options;
  const client = new CountingClient(options.client);
  const lists = new Lists(client);
  const doubts: string[] = [];

  const { taken: regions } = await regionsOf(account, client, signal);
  const regionCalls = client.calls;
  const places: Place[] = [];
  for (const region of regions) {
    places.push(...(await placesIn(region, { account, lists, doubts, signal })));
  }
  const discoveryCalls = client.calls - regionCalls;

  const read = { client, lists, pageSize: options.pageSize, signal };
  const seen = await Promise.all(
    places.map(async (place) => {
      const users = await usersOf(place, read);
      return { place, users, countsPermitted: await answersCounts(place, users, read) };
    }),
  );
  const totals = await totalsOf(places, client, signal);
  const instances = seen.map(({ place, users, countsPermitted }): InstanceLook => {
    const inRegion = totals.get(place.regionId);
    const clients = inRegion?.get(place.instanceId);
    return {
      ...place,
      users: users.users,
      pageSize: users.pageSize,
      totalsPermitted: inRegion !== undefined,
      countsPermitted,
      ...(clients !== undefined && { clients }),
    };
  });
  return {
    regionCalls,
    discoveryCalls,
    lengthsTold: seen.some(({ users }) => users.lengthTold),
    instances,
    calls: client.calls,
    doubts,
  };
}

/** The instances of a region that would be watched. */
async function placesIn(
  regionId: string,
  options: {
    readonly account: AccountConfig;
    readonly lists: Lists;
    readonly doubts: string[];
    readonly signal: AbortSignal;
  },
): Promise<readonly Place[]> {
  const { account, lists, doubts, signal } = options;
  const ids = new Set(
    account.instances.filter(({ region }) => region === regionId).map(({ id }) => id),
  );
  const discovers =
    account.discovery && (account.regions.length === 0 || account.regions.includes(regionId));
  const isTrial = !namedRegions(account).has(regionId);
  try {
    const { found } = await discoveryPass(account, { lists, regionId, discovers, isTrial }, signal);
    for (const { id } of found ?? []) ids.add(id);
  } catch (error) {
    if (isTrial && error instanceof ApiError && error.isUnresolved) return [];
    // The instances that the configuration names are polled nevertheless.
    if (ids.size === 0 || !isDenied(error)) throw error;
    doubts.push(`Discovery is not permitted in ${regionId}: only configured instances are seen.`);
  }
  return Array.from(ids, (instanceId) => ({ regionId, instanceId }));
}

/** How many users an instance has: by its first page, unless that may speak of itself only. */
async function usersOf(
  place: Place,
  options: {
    readonly client: Client;
    readonly lists: Lists;
    readonly pageSize: number;
    readonly signal: AbortSignal;
  },
): Promise<UsersLook> {
  const { client, lists, pageSize, signal } = options;
  const request = { ...place, pageNumber: 1, pageSize };
  const page = await client.call(describeSmartAccessGatewayClientUsers, request, signal);
  const entries = page.items.length;
  const userName = page.items.find((user) => user !== null)?.name;
  const somebody = { ...(userName !== undefined && { userName }) };
  const total = page.totalCount ?? entries;
  if (total > entries && entries > 0) {
    return { users: total, pageSize: entries, lengthTold: true, ...somebody };
  }
  if (entries < pageSize) return { users: entries, pageSize, lengthTold: false, ...somebody };
  // "The number of entries returned", as the API page puts it, may be the page's.
  const { items } = await lists.users({ ...place, pageSize }, signal);
  return { users: items.length, pageSize, lengthTold: false, ...somebody };
}

/** Whether users can be counted in batches; where nobody is, nobody will be counted. */
async function answersCounts(
  place: Place,
  { userName }: UsersLook,
  { client, signal }: { readonly client: Client; readonly signal: AbortSignal },
): Promise<boolean> {
  if (userName === undefined) return true;
  try {
    const request = { ...place, userNames: [userName] };
    await client.call(describeUserOnlineClientStatistics, request, signal);
    return true;
  } catch (error) {
    if (isDenied(error)) return false;
    throw error;
  }
}

/** Online clients by region and instance; a region where they cannot be had is left out. */
async function totalsOf(
  places: readonly Place[],
  client: Client,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
  const totals = new Map<string, ReadonlyMap<string, number>>();
  for (const regionId of new Set(places.map((place) => place.regionId))) {
    const ids = places.filter((place) => place.regionId === regionId);
    const found = new Map<string, number>();
    try {
      for (const chunk of chunksOf(ids, INSTANCES_PER_CALL)) {
        const request = { regionId, instanceIds: chunk.map(({ instanceId }) => instanceId) };
        const reply = await client.call(describeSagOnlineClientStatistics, request, signal);
        for (const [instanceId, count] of reply) found.set(instanceId, count);
      }
      totals.set(regionId, found);
    } catch (error) {
      if (!isDenied(error)) throw error;
    }
  }
  return totals;
}

/** Whether the error means that the operation is not to be had, as `auto` takes it. */
function isDenied(error: unknown): boolean {
  return error instanceof ApiError && (error.kind === 'forbidden' || error.kind === 'unsupported');
}

/** Counts what is asked; a retry is not another call of the plan. */
class CountingClient implements Client {
  readonly #client: Client;
  calls = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  call<Req extends Request, Reply>(
    operation: Operation<Req, Reply>,
    request: Req,
    signal: AbortSignal,
  ): Promise<Reply> {
    this.calls++;
    return this.#client.call(operation, request, signal);
  }
}
