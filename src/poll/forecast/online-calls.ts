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
import { callsOf, sum } from './calls.ts';
import type {
  Calls,
  FleetLook,
  ForecastSettings,
  ForecastStrategy,
  InstanceLook,
} from './fleet-look.ts';

/** Clients that a user who is online is assumed to have. More would mean fewer users online and fewer calls. */
const CLIENTS_PER_ONLINE_USER = 1;

/** Share of users who are online where neither a total nor counts of users tell. */
export const ASSUMED_ONLINE_SHARE = 0.1;

/** Calls of the online stage: totals, counts in batches, and users who are asked one by one. */
export function onlineCalls(
  { instances }: FleetLook,
  settings: ForecastSettings,
  strategy: ForecastStrategy,
): readonly Calls[] {
  const withUsers = instances.filter(({ users }) => users > 0);
  const areTotalsProven = withUsers.some(({ clients = 0 }) => clients > 0);
  const counting = withUsers.map((one) => countingCalls(one, areTotalsProven, settings, strategy));
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
  // The first passes begin when an instance's users are known: at the budget, one after another.
  const first = Math.max(together, Math.ceil(withTotal.length / instancesPerBatch));
  // Where the operation is refused, one call after each discovery tries again.
  const refused = new Set(
    withUsers.filter((one) => !asksTotal(one, strategy)).map(({ regionId }) => regionId),
  ).size;
  return callsOf(
    describeSagOnlineClientStatistics.name,
    together + refused * shareAfterDiscovery(settings),
    first + refused,
  );
}

/** Share of the online passes that are the first after a discovery. */
function shareAfterDiscovery({ onlineInterval, discoveryInterval }: ForecastSettings): number {
  return Math.min(1, onlineInterval / discoveryInterval);
}

/** What an online pass that counts the users of an instance costs, and how often there is one. */
interface CountingCalls {
  readonly batches: number;
  /** Users who are asked one by one. */
  readonly singly: number;
  readonly firstSingly: number;
  /** Share of the online passes that count the users. */
  readonly share: number;
}

function countingCalls(
  one: InstanceLook,
  areTotalsProven: boolean,
  settings: ForecastSettings,
  strategy: ForecastStrategy,
): CountingCalls {
  const share = skipsUsers(one, areTotalsProven, strategy) ? shareAfterDiscovery(settings) : 1;
  if (!asksBatched(one, strategy)) {
    return { batches: 0, singly: one.users, firstSingly: one.users, share };
  }
  const batches = Math.ceil(one.users / USERS_PER_CALL);
  const totalExplains = asksTotal(one, strategy) && (one.clients ?? 0) > 0;
  if (!one.leavesOut || totalExplains) return { batches, singly: 0, firstSingly: 0, share };
  const leftOut = Math.round(one.users - onlineUsers(one));
  return { batches, singly: Math.min(SAMPLE, leftOut), firstSingly: leftOut, share };
}

/**
 * Whether passes skip the users because of a total of 0. They do where another instance proves that
 * totals are right, except in the first pass after each discovery.
 */
function skipsUsers(
  one: InstanceLook,
  areTotalsProven: boolean,
  strategy: ForecastStrategy,
): boolean {
  const isIdle = one.clients === 0 && onlineUsers(one) === 0;
  return isIdle && asksTotal(one, strategy) && areTotalsProven;
}

/** Sessions of the users who are online; a fan-out has found them in the online stage. */
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

function asksBatched(one: InstanceLook, strategy: ForecastStrategy): boolean {
  return strategy === 'batched' || (strategy === 'auto' && isCountedInBatches(one));
}

export function isCountedInBatches({ counts }: InstanceLook): boolean {
  return counts === 'answering' || counts === 'failing';
}

function onlineUsers({ users, clients, onlineUsers: counted }: InstanceLook): number {
  if (counted !== undefined) return counted;
  if (clients === undefined) return users * ASSUMED_ONLINE_SHARE;
  return Math.min(users, clients / CLIENTS_PER_ONLINE_USER);
}
