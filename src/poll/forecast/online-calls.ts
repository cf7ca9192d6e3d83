import { SECOND } from '../../clock.ts';
import {
  describeSagOnlineClientStatistics,
  INSTANCES_PER_CALL,
} from '../../smartag/operations/describe-sag-online-client-statistics.ts';
import {
  describeUserOnlineClientStatistics,
  USERS_PER_CALL,
} from '../../smartag/operations/describe-user-online-client-statistics.ts';
import { describeUserOnlineClients } from '../../smartag/operations/describe-user-online-clients.ts';
import { SAMPLE } from '../strategies/left-out.ts';
import { GATHERING } from '../totals.ts';
import { type Calls, callsOf, sum } from './calls.ts';
import type { FleetLook, ForecastSettings, ForecastStrategy, InstanceLook } from './fleet-look.ts';

/**
 * Assumed number of clients of each online user, to estimate the online users from a total of clients. If users
 * have more clients, fewer users are online and fewer calls are needed.
 */
const CLIENTS_PER_ONLINE_USER = 1;

/** Assumed share of users who are online, when neither totals nor counts are available. */
export const ASSUMED_ONLINE_SHARE = 0.1;

/**
 * The calls of the online stage: for totals, for counts in batches, and for users who are asked about one by
 * one.
 */
export function onlineCalls(
  { instances }: FleetLook,
  settings: ForecastSettings,
  strategy: ForecastStrategy,
): readonly Calls[] {
  const withUsers = instances.filter(({ users }) => users > 0);
  const areTotalsProven = withUsers.some(({ clients = 0 }) => clients > 0);
  const counting = withUsers.map((instance) =>
    countingCalls(instance, areTotalsProven, settings, strategy),
  );
  return [
    ...totalsCalls(withUsers, settings, strategy),
    ...callsOf(
      describeUserOnlineClientStatistics.name,
      sum(counting, ({ batches, share }) => batches * share),
      sum(counting, ({ batches }) => batches),
    ),
    ...callsOf(
      describeUserOnlineClients.name,
      sum(counting, ({ singly, share }) => singly * share),
      sum(counting, ({ firstSingly }) => firstSingly),
    ),
  ];
}

function totalsCalls(
  withUsers: readonly InstanceLook[],
  settings: ForecastSettings,
  strategy: ForecastStrategy,
): readonly Calls[] {
  if (strategy === 'fan-out') return [];
  const { requestsPerSecond } = settings;
  const withTotal = withUsers.filter((one) => asksTotal(one, strategy));
  const together = sum([...new Set(withTotal.map(({ regionId }) => regionId))], (region) =>
    Math.ceil(withTotal.filter((one) => one.regionId === region).length / INSTANCES_PER_CALL),
  );
  const instancesPerBatch = Math.max(1, (requestsPerSecond * GATHERING) / SECOND);
  // The first pass of an instance begins when its users are known. The budget spreads these moments over time,
  // so few instances share a call.
  const first = Math.max(together, Math.ceil(withTotal.length / instancesPerBatch));
  // If the operation is refused, one call tries it again after each discovery pass.
  const refused = new Set(
    withUsers.filter((one) => !asksTotal(one, strategy)).map(({ regionId }) => regionId),
  ).size;
  return callsOf(
    describeSagOnlineClientStatistics.name,
    together + refused * shareAfterDiscovery(settings),
    first + refused,
  );
}

/** The share of online passes that are the first after a discovery pass. */
function shareAfterDiscovery({ onlineInterval, discoveryInterval }: ForecastSettings): number {
  return Math.min(1, onlineInterval / discoveryInterval);
}

/** Calls of an online pass that counts the users of an instance. */
interface CountingCalls {
  readonly batches: number;
  /** Number of calls for users who are asked about one by one. */
  readonly singly: number;
  readonly firstSingly: number;
  /** The share of online passes that count the users; the others rely on a total of 0. */
  readonly share: number;
}

function countingCalls(
  instance: InstanceLook,
  areTotalsProven: boolean,
  settings: ForecastSettings,
  strategy: ForecastStrategy,
): CountingCalls {
  const share = skipsUsers(instance, areTotalsProven, strategy) ? shareAfterDiscovery(settings) : 1;
  if (!asksBatched(instance, strategy)) {
    return { batches: 0, singly: instance.users, firstSingly: instance.users, share };
  }
  const batches = Math.ceil(instance.users / USERS_PER_CALL);
  const totalExplains = asksTotal(instance, strategy) && (instance.clients ?? 0) > 0;
  if (!instance.leavesOut || totalExplains) return { batches, singly: 0, firstSingly: 0, share };
  const leftOut = Math.round(instance.users - onlineUsers(instance));
  return { batches, singly: Math.min(SAMPLE, leftOut), firstSingly: leftOut, share };
}

/**
 * Whether passes skip the users because of a total of 0. They do so when another instance proves that totals
 * are right. The first pass after each discovery pass does not skip the users.
 */
function skipsUsers(
  instance: InstanceLook,
  areTotalsProven: boolean,
  strategy: ForecastStrategy,
): boolean {
  const isIdle = instance.clients === 0 && onlineUsers(instance) === 0;
  return isIdle && asksTotal(instance, strategy) && areTotalsProven;
}

/** Calls for the sessions of online users. A fan-out needs none: its online stage reads the sessions. */
export function sessionsCalls(
  { instances }: FleetLook,
  _settings: ForecastSettings,
  strategy: ForecastStrategy,
): readonly Calls[] {
  const batched = instances.filter((one) => asksBatched(one, strategy));
  const online = Math.round(sum(batched, onlineUsers));
  return callsOf(describeUserOnlineClients.name, online);
}

function asksTotal({ totals }: InstanceLook, strategy: ForecastStrategy): boolean {
  return strategy !== 'fan-out' && totals === 'answering';
}

function asksBatched(instance: InstanceLook, strategy: ForecastStrategy): boolean {
  return strategy === 'batched' || (strategy === 'auto' && isCountedInBatches(instance));
}

export function isCountedInBatches({ counts }: InstanceLook): boolean {
  return counts === 'answering' || counts === 'failing';
}

function onlineUsers({ users, clients, onlineUsers: counted }: InstanceLook): number {
  if (counted !== undefined) return counted;
  if (clients === undefined) return users * ASSUMED_ONLINE_SHARE;
  return Math.min(users, clients / CLIENTS_PER_ONLINE_USER);
}
