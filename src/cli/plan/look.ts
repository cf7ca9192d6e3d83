import type { AccountConfig } from '../../config/config.ts';
import { ApiError } from '../../model/api-error.ts';
import { fallbackReason } from '../../poll/fallbacks.ts';
import type { Availability, FleetLook, InstanceLook } from '../../poll/forecast-inputs.ts';
import { discoveryPass } from '../../poll/stages/discovery.ts';
import { chunksOf } from '../../poll/strategies/chunks.ts';
import { Lists } from '../../smartag/lists/lists.ts';
import type { Client, Operation, Request } from '../../smartag/operation.ts';
import {
  describeSagOnlineClientStatistics,
  INSTANCES_PER_CALL,
} from '../../smartag/operations/describe-sag-online-client-statistics.ts';
import { describeSmartAccessGatewayClientUsers } from '../../smartag/operations/describe-smart-access-gateway-client-users.ts';
import { namedRegions, regionsOf } from '../one-shot/regions-of.ts';
import { countUsers, type InstanceRef, namesOn } from './counts.ts';

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

/** The length of an instance's list of users. */
interface UsersLook {
  readonly users: number;
  readonly pageSize: number;
  /** Whether the first page told the length. */
  readonly lengthTold: boolean;
  /** Names on the first page. */
  readonly userNames: readonly string[];
}

/**
 * Users who are counted, on all instances together, where totals do not tell how many are online. So
 * many take at most 40 pages and 40 counts, and tell a share of 10 % to about half a per cent.
 */
const MOST_COUNTED = 2000;

/**
 * Looks at an account's fleet with few calls: one discovery pass, for each instance one page of its
 * users and the count of those on it, and the totals of 50 instances a call. Where the totals do not
 * tell who is online, more users are counted, in fleets of up to 2,000 users all of them.
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
  const places: InstanceRef[] = [];
  for (const region of regions) {
    places.push(...(await instancesIn(region, { account, lists, doubts, signal })));
  }
  const discoveryCalls = client.calls - regionCalls;

  const read = { client, lists, pageSize: options.pageSize, signal };
  const seen = await Promise.all(
    places.map(async (place) => ({ place, users: await usersOf(place, read) })),
  );
  const totals = await totalsOf(places, { client, doubts, signal });
  const allUsers = seen.reduce((sum, { users }) => sum + users.users, 0);
  const instances = await Promise.all(
    seen.map(async ({ place, users }): Promise<InstanceLook> => {
      const { availability, counts } = totals.get(place.regionId) ?? NO_TOTALS;
      const clients = counts.get(place.instanceId);
      // A total of 0 may be wrong, and where there is none, only counts tell how many are online.
      const wanted = clients ? 0 : (MOST_COUNTED * users.users) / allUsers;
      const counted = await countUsers(place, users, wanted, read);
      return {
        ...place,
        users: users.users,
        pageSize: users.pageSize,
        totals: availability,
        ...counted,
        ...(clients !== undefined && { clients }),
      };
    }),
  );
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
async function instancesIn(
  regionId: string,
  options: {
    readonly account: AccountConfig;
    readonly lists: Lists;
    readonly doubts: string[];
    readonly signal: AbortSignal;
  },
): Promise<readonly InstanceRef[]> {
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
    if (ids.size === 0 || !fallbackReason(error)) throw error;
    doubts.push(`Discovery is not permitted in ${regionId}: only configured instances are seen.`);
  }
  return Array.from(ids, (instanceId) => ({ regionId, instanceId }));
}

/** How many users an instance has: by its first page, unless that may speak of itself only. */
async function usersOf(
  place: InstanceRef,
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
  const userNames = namesOn(page);
  const total = page.totalCount ?? entries;
  if (total > entries && entries > 0) {
    return { users: total, pageSize: entries, lengthTold: true, userNames };
  }
  if (entries < pageSize) return { users: entries, pageSize, lengthTold: false, userNames };
  // "The number of entries returned", as the API page puts it, may be the page's.
  const { items } = await lists.users({ ...place, pageSize }, signal);
  return { users: items.length, pageSize, lengthTold: false, userNames };
}

/** The totals of a region without instances. */
const NO_TOTALS: RegionTotals = { availability: 'answering', counts: new Map() };

interface RegionTotals {
  readonly availability: Availability;
  /** Online clients by instance. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Online clients of instances by region. A plan needs no totals, so no failure of theirs ends the look. */
async function totalsOf(
  places: readonly InstanceRef[],
  options: {
    readonly client: Client;
    readonly doubts: string[];
    readonly signal: AbortSignal;
  },
): Promise<ReadonlyMap<string, RegionTotals>> {
  const { client, doubts, signal } = options;
  const totals = new Map<string, RegionTotals>();
  for (const regionId of new Set(places.map((place) => place.regionId))) {
    const ids = places.filter((place) => place.regionId === regionId);
    const counts = new Map<string, number>();
    try {
      for (const chunk of chunksOf(ids, INSTANCES_PER_CALL)) {
        const request = { regionId, instanceIds: chunk.map(({ instanceId }) => instanceId) };
        const reply = await client.call(describeSagOnlineClientStatistics, request, signal);
        for (const [instanceId, count] of reply) counts.set(instanceId, count);
      }
      totals.set(regionId, { availability: 'answering', counts });
    } catch (error) {
      if (!(error instanceof ApiError) || error.kind === 'unauthenticated') throw error;
      const reason = fallbackReason(error);
      if (!reason) doubts.push(`The totals of instances in ${regionId} failed: ${error.message}`);
      totals.set(regionId, { availability: reason ?? 'failing', counts: new Map() });
    }
  }
  return totals;
}

/** Decorates a client: counts the calls. A retry is not counted again. */
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
