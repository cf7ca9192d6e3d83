import { DAY, HOUR, SECOND } from '../clock.ts';
import type { Stage } from '../model/stage.ts';
import { describeRegions } from '../smartag/operations/describe-regions.ts';
import {
  describeSagOnlineClientStatistics,
  INSTANCES_PER_CALL,
} from '../smartag/operations/describe-sag-online-client-statistics.ts';
import { describeSmartAccessGatewayClientUsers } from '../smartag/operations/describe-smart-access-gateway-client-users.ts';
import { describeSmartAccessGateways } from '../smartag/operations/describe-smart-access-gateways.ts';
import {
  describeUserFlowStatistics,
  USERS_PER_TRAFFIC_CALL,
} from '../smartag/operations/describe-user-flow-statistics.ts';
import {
  describeUserOnlineClientStatistics,
  USERS_PER_CALL,
} from '../smartag/operations/describe-user-online-client-statistics.ts';
import { describeUserOnlineClients } from '../smartag/operations/describe-user-online-clients.ts';
import type { PollSettings } from './settings.ts';
import { GATHERING } from './totals.ts';

/*
 * What polling a fleet will cost, by arithmetic alone. It assumes a quiet fleet: nobody comes or
 * goes, no call fails, the statistics leave nobody out, and calls are answered fast enough for the
 * budget to be what limits them.
 */

/** Clients of a user who is online: each more would make fewer users online, so fewer calls. */
const CLIENTS_PER_ONLINE_USER = 1;

/** Share of users who are online where the instance's total cannot be had. */
export const ASSUMED_ONLINE_SHARE = 0.1;

/** What was seen of an account's fleet. */
export interface FleetLook {
  /** DescribeRegions calls of a discovery pass: none where the configuration gives the regions. */
  readonly regionCalls: number;
  /** DescribeSmartAccessGateways calls of one discovery pass over all regions. */
  readonly discoveryCalls: number;
  /** Whether first pages tell how long lists are; else a page more may be read to see the end. */
  readonly lengthsTold: boolean;
  readonly instances: readonly InstanceLook[];
}

/** What was seen of an instance. */
export interface InstanceLook {
  readonly regionId: string;
  readonly instanceId: string;
  readonly users: number;
  /** Users on a full page, which may be fewer than were asked for. */
  readonly pageSize: number;
  /** Online clients; absent when the total cannot be had. */
  readonly clients?: number;
  /** Whether the batched operation that counts whole instances answers here... */
  readonly totalsPermitted: boolean;
  /** ...and the one that counts its users. */
  readonly countsPermitted: boolean;
}

/** How often and how fast is asked. */
export interface ForecastSettings
  extends Omit<PollSettings, 'strategy' | 'pageSize' | 'concurrency'> {
  /** Calls per second of each operation. */
  readonly requestsPerSecond: number;
}

/** `auto` is batched, but for what is not permitted. */
export type ForecastStrategy = PollSettings['strategy'];

/** One operation of a stage; its cycle is one pass of the stage over every instance. */
export interface OperationForecast {
  readonly operation: string;
  /** Calls of the first passes, until everything is known. */
  readonly firstCalls: number;
  /** Calls of a later cycle. */
  readonly calls: number;
  readonly callsPerHour: number;
  readonly callsPerDay: number;
  /** Milliseconds a cycle's calls take at the budget. */
  readonly duration: number;
}

/** One stage over every instance. */
export interface StageForecast {
  readonly stage: Stage;
  /** The setting behind the interval. */
  readonly setting: string;
  /** Milliseconds from start to start that the setting asks for. */
  readonly interval: number;
  /** Milliseconds from start to start that come of it. */
  readonly period: number;
  /** Milliseconds a cycle takes at the budget: its operations one after the other. */
  readonly duration: number;
  readonly operations: readonly OperationForecast[];
}

/** What polling an account costs with a strategy. */
export interface StrategyForecast {
  readonly strategy: ForecastStrategy;
  readonly stages: readonly StageForecast[];
  readonly callsPerHour: number;
  readonly callsPerDay: number;
  /** Until everything is known: calls, and milliseconds at the budget when no stages overlap. */
  readonly first: { readonly calls: number; readonly duration: number };
}

type Calls = Pick<OperationForecast, 'operation' | 'firstCalls' | 'calls'>;

/** Forecasts the calls of an account. */
export function forecast(
  fleet: FleetLook,
  settings: ForecastSettings,
  strategy: ForecastStrategy,
): StrategyForecast {
  const stage = stageOf(settings.requestsPerSecond);
  const counting = onlineCalls(fleet, settings, strategy);
  const online = stage('online', 'online_interval', settings.onlineInterval, counting);
  const stages = [
    stage('discovery', 'discovery_interval', settings.discoveryInterval, discoveryCalls(fleet)),
    stage('users', 'users_interval', settings.usersInterval, usersCalls(fleet)),
    online,
    stage(
      'sessions',
      'sessions_interval',
      settings.sessionsInterval,
      sessionsCalls(fleet, strategy),
      sessionsPeriod(settings.sessionsInterval, online.period),
    ),
    stage(
      'traffic',
      'traffic.interval',
      settings.traffic.interval,
      settings.traffic.enabled ? trafficCalls(fleet) : [],
    ),
  ].filter(({ operations }) => operations.length > 0);
  const operations = stages.flatMap((one) => one.operations);
  const callsPerHour = sum(operations, (one) => one.callsPerHour);
  const firstCalls = sum(operations, (one) => one.firstCalls);
  return {
    strategy,
    stages,
    callsPerHour,
    callsPerDay: (callsPerHour * DAY) / HOUR,
    first: { calls: firstCalls, duration: (firstCalls / settings.requestsPerSecond) * SECOND },
  };
}

/** The calls per second with which a stage's cycle would just fit into its interval. */
export function rateWanted({ operations, interval }: StageForecast): number {
  return sum(operations, ({ calls }) => calls) / (interval / SECOND);
}

/**
 * What `auto` comes to: one of the strategies where all instances are alike, else `auto`. Instances
 * without users are asked neither way.
 */
export function effectiveStrategy(
  configured: ForecastStrategy,
  { instances }: FleetLook,
): ForecastStrategy {
  if (configured !== 'auto') return configured;
  const asked = instances.filter(({ users }) => users > 0);
  if (asked.every((one) => one.totalsPermitted && one.countsPermitted)) return 'batched';
  if (asked.every((one) => !one.totalsPermitted && !one.countsPermitted)) return 'fan-out';
  return 'auto';
}

function stageOf(requestsPerSecond: number) {
  const durationOf = (calls: number): number => (calls / requestsPerSecond) * SECOND;
  return (
    stage: Stage,
    setting: string,
    interval: number,
    operations: readonly Calls[],
    wantedPeriod = interval,
  ): StageForecast => {
    const duration = durationOf(sum(operations, ({ calls }) => calls));
    // A cycle that takes longer is followed at once by the next.
    const period = Math.max(wantedPeriod, duration);
    return {
      stage,
      setting,
      interval,
      period,
      duration,
      operations: operations.map((one) => ({
        ...one,
        callsPerHour: (one.calls * HOUR) / period,
        callsPerDay: (one.calls * DAY) / period,
        duration: durationOf(one.calls),
      })),
    };
  };
}

function discoveryCalls({ regionCalls, discoveryCalls }: FleetLook): readonly Calls[] {
  return [
    ...asked(describeRegions.name, regionCalls),
    ...asked(describeSmartAccessGateways.name, discoveryCalls),
  ];
}

function usersCalls({ instances, lengthsTold }: FleetLook): readonly Calls[] {
  if (instances.length === 0) return [];
  const longestPage = Math.max(
    ...instances.map(({ users, pageSize }) => Math.min(users, pageSize)),
  );
  const pages = sum(instances, (one) => pagesOf(one, lengthsTold, longestPage));
  return asked(describeSmartAccessGatewayClientUsers.name, pages);
}

/** Pages read until a list's end is certain, as readList is. */
function pagesOf(
  { users, pageSize }: InstanceLook,
  lengthsTold: boolean,
  longestPage: number,
): number {
  if (users === 0) return 1;
  if (lengthsTold) return Math.ceil(users / pageSize);
  const rest = users % pageSize;
  // Only a page shorter than another one is known not to be cut short.
  const endSeen = rest > 0 && rest < longestPage;
  return Math.ceil(users / pageSize) + (endSeen ? 0 : 1);
}

function onlineCalls(
  { instances }: FleetLook,
  { requestsPerSecond }: ForecastSettings,
  strategy: ForecastStrategy,
): readonly Calls[] {
  const peopled = instances.filter(({ users }) => users > 0);
  const withTotal = peopled.filter((one) => asksTotal(one, strategy));
  const together = sum([...new Set(withTotal.map(({ regionId }) => regionId))], (region) =>
    Math.ceil(withTotal.filter((one) => one.regionId === region).length / INSTANCES_PER_CALL),
  );
  const meanwhile = Math.max(1, (requestsPerSecond * GATHERING) / SECOND);
  // Where the total is 0, nobody is asked about.
  const counted = peopled.filter((one) => !asksTotal(one, strategy) || one.clients !== 0);
  const batches = sum(counted, (one) =>
    asksBatched(one, strategy) ? Math.ceil(one.users / USERS_PER_CALL) : 0,
  );
  const singly = sum(counted, (one) => (asksBatched(one, strategy) ? 0 : one.users));
  return [
    // The first passes begin when an instance's users are known: at the budget, one after another.
    ...asked(describeSagOnlineClientStatistics.name, together).map((totals) => ({
      ...totals,
      firstCalls: Math.max(together, Math.ceil(withTotal.length / meanwhile)),
    })),
    ...asked(describeUserOnlineClientStatistics.name, batches),
    ...asked(describeUserOnlineClients.name, singly),
  ];
}

/** Sessions of the users who are online; a fan-out has found them in the online stage. */
function sessionsCalls({ instances }: FleetLook, strategy: ForecastStrategy): readonly Calls[] {
  const batched = instances.filter((one) => asksBatched(one, strategy));
  const online = Math.round(sum(batched, onlineUsers));
  return asked(describeUserOnlineClients.name, online);
}

/**
 * A sessions pass follows each online pass and reads what is older than the interval. What the pass
 * an interval before read is a moment younger than that, so it is read a pass later.
 */
function sessionsPeriod(interval: number, onlinePeriod: number): number {
  return (Math.floor(interval / onlinePeriod) + 1) * onlinePeriod;
}

function trafficCalls({ instances }: FleetLook): readonly Calls[] {
  const calls = sum(instances, ({ users }) => Math.ceil(users / USERS_PER_TRAFFIC_CALL));
  return asked(describeUserFlowStatistics.name, calls);
}

function asksTotal({ totalsPermitted }: InstanceLook, strategy: ForecastStrategy): boolean {
  return strategy === 'batched' || (strategy === 'auto' && totalsPermitted);
}

function asksBatched({ countsPermitted }: InstanceLook, strategy: ForecastStrategy): boolean {
  return strategy === 'batched' || (strategy === 'auto' && countsPermitted);
}

function onlineUsers({ users, clients }: InstanceLook): number {
  if (clients === undefined) return users * ASSUMED_ONLINE_SHARE;
  return Math.min(users, clients / CLIENTS_PER_ONLINE_USER);
}

/** The same calls each time, if any. */
function asked(operation: string, calls: number): readonly Calls[] {
  return calls > 0 ? [{ operation, firstCalls: calls, calls }] : [];
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
