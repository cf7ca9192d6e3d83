import type { AccountConfig } from '../../config/config.ts';
import { ApiError } from '../../model/api-error.ts';
import { fallbackReason } from '../../poll/fallbacks.ts';
import type { Availability, FleetLook, InstanceLook } from '../../poll/forecast/fleet-look.ts';
import { chunksOf } from '../../poll/strategies/chunks.ts';
import { Lists } from '../../smartag/lists/lists.ts';
import type { Client } from '../../smartag/operation.ts';
import {
  describeSagOnlineClientStatistics,
  INSTANCES_PER_CALL,
} from '../../smartag/operations/describe-sag-online-client-statistics.ts';
import { regionInstances } from '../one-shot/region-instances.ts';
import { namedRegions, regionsOf } from '../one-shot/regions-of.ts';
import { type InstanceRef, lookAtUsers } from '../one-shot/users-look.ts';
import { countUsers } from './counts.ts';

export interface LookOptions {
  readonly account: AccountConfig;
  readonly client: Client;
  readonly pageSize: number;
  readonly signal: AbortSignal;
}

interface LookContext extends LookOptions {
  readonly lists: Lists;
  readonly doubts: string[];
}

export interface AccountLook extends FleetLook {
  readonly calls: number;
  /** Sentences about facts that could not be found out. */
  readonly doubts: readonly string[];
}

/**
 * Users whose clients are counted, over all instances, when the totals do not tell how many users are
 * online. This takes at most 40 pages and 40 counts, and measures a share of 10 % with an error of about
 * half a per cent.
 */
const MOST_COUNTED = 2000;

/**
 * Looks at an account's fleet with few calls: one discovery pass; for each instance, one page of its
 * users and the counts of the users on that page; and the totals, for 50 instances a call. Where the
 * totals do not tell how many users are online, more users are counted: all of them in fleets of up to
 * 2,000 users.
 *
 * @throws ApiError; the signal's reason
 */
export async function lookAt(options: LookOptions): Promise<AccountLook> {
  const { account, signal } = options;
  const client = countingCalls(options.client);
  const doubts: string[] = [];
  const context: LookContext = { ...options, client, lists: new Lists(client), doubts };

  const { taken: regions } = await regionsOf(account, client, signal);
  const regionCalls = client.calls;
  const refs: InstanceRef[] = [];
  for (const region of regions) {
    refs.push(...(await instancesIn(region, context)));
  }
  const discoveryCalls = client.calls - regionCalls;

  const lists = await Promise.all(
    refs.map(async (ref) => ({ ref, list: await lookAtUsers(ref, context) })),
  );
  const totals = await totalsOf(refs, context);
  const allUsers = lists.reduce((sum, { list }) => sum + list.users, 0);
  const instances = await Promise.all(
    lists.map(async ({ ref, list }): Promise<InstanceLook> => {
      const { availability, counts } = totals.get(ref.regionId) ?? NO_TOTALS;
      const clients = counts.get(ref.instanceId);
      // A total of 0 may be wrong. Then, and without a total, only counts tell how many users are online.
      const wanted = clients ? 0 : (MOST_COUNTED * list.users) / allUsers;
      return {
        ...ref,
        users: list.users,
        pageSize: list.pageSize,
        totals: availability,
        ...(await countUsers(ref, list, wanted, context)),
        ...(clients !== undefined && { clients }),
      };
    }),
  );
  return {
    regionCalls,
    discoveryCalls,
    lengthsTold: lists.some(({ list }) => list.lengthTold),
    instances,
    calls: client.calls,
    doubts,
  };
}

/** The instances of a region that the exporter would poll. */
async function instancesIn(
  regionId: string,
  { account, lists, doubts, signal }: LookContext,
): Promise<readonly InstanceRef[]> {
  const isTrial = !namedRegions(account).has(regionId);
  const options = { lists, regionId, isTrial };
  const { polled, error } = await regionInstances(account, options, signal);
  if (error) {
    if (isTrial && error.isUnresolved) return [];
    // Without discovery, the exporter still polls the instances that the configuration names.
    if (polled.length === 0 || !fallbackReason(error)) throw error;
    doubts.push(
      `Discovery is not permitted in ${regionId}: the plan covers only the configured instances.`,
    );
  }
  return polled.map(({ instanceId }) => ({ regionId, instanceId }));
}

const NO_TOTALS: RegionTotals = { availability: 'answering', counts: new Map() };

interface RegionTotals {
  readonly availability: Availability;
  readonly counts: ReadonlyMap<string, number>;
}

/** The totals of each region. A plan works without totals, so their failure does not end it. */
async function totalsOf(
  refs: readonly InstanceRef[],
  { client, doubts, signal }: LookContext,
): Promise<ReadonlyMap<string, RegionTotals>> {
  const totals = new Map<string, RegionTotals>();
  for (const regionId of new Set(refs.map((ref) => ref.regionId))) {
    const ids = refs.filter((ref) => ref.regionId === regionId);
    const counts = new Map<string, number>();
    try {
      for (const chunk of chunksOf(ids, INSTANCES_PER_CALL)) {
        const request = { regionId, instanceIds: chunk.map(({ instanceId }) => instanceId) };
        const reply = await client.call(describeSagOnlineClientStatistics, request, signal);
        for (const [instanceId, count] of reply) counts.set(instanceId, count);
      }
      totals.set(regionId, { availability: 'answering', counts });
    } catch (error) {
      if (!(error instanceof ApiError) || error.policy.trouble === 'account') throw error;
      const reason = fallbackReason(error);
      if (!reason) doubts.push(`The totals of instances in ${regionId} failed: ${error.message}`);
      totals.set(regionId, { availability: reason ?? 'failing', counts: new Map() });
    }
  }
  return totals;
}

/** Decorates a client: counts the calls. Retries are not counted. */
function countingCalls(client: Client): Client & { calls: number } {
  const counting: Client & { calls: number } = {
    calls: 0,
    call(operation, request, signal) {
      counting.calls++;
      return client.call(operation, request, signal);
    },
  };
  return counting;
}
