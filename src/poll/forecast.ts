import { DAY, HOUR, SECOND } from '../clock.ts';
import type { Stage } from '../model/stage.ts';
import { describeRegions } from '../smartag/operations/describe-regions.ts';
import { describeSmartAccessGatewayClientUsers } from '../smartag/operations/describe-smart-access-gateway-client-users.ts';
import { describeSmartAccessGateways } from '../smartag/operations/describe-smart-access-gateways.ts';
import {
  describeUserFlowStatistics,
  USERS_PER_TRAFFIC_CALL,
} from '../smartag/operations/describe-user-flow-statistics.ts';
import type {
  Calls,
  FleetLook,
  ForecastSettings,
  ForecastStrategy,
  InstanceLook,
} from './forecast-inputs.ts';
import { callsOf, isCountedInBatches, onlineCalls, sessionsCalls, sum } from './forecast-online.ts';

/*
 * What polling a fleet will cost, by arithmetic alone. It assumes a quiet fleet: nobody comes or
 * goes, no call fails, and calls are answered fast enough for the budget to be what limits them.
 */

/** One operation of a stage; its cycle is one pass of the stage over every instance. */
export interface OperationForecast extends Calls {
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
 * What `auto` comes to: one of the strategies where all instances are alike, else `auto`. Totals do
 * not matter: users are counted in batches without them. Instances without users are asked neither way.
 */
export function effectiveStrategy(
  configured: ForecastStrategy,
  { instances }: FleetLook,
): ForecastStrategy {
  if (configured !== 'auto') return configured;
  const asked = instances.filter(({ users }) => users > 0);
  if (asked.every(isCountedInBatches)) return 'batched';
  if (!asked.some(isCountedInBatches)) return 'fan-out';
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
    ...callsOf(describeRegions.name, regionCalls),
    ...callsOf(describeSmartAccessGateways.name, discoveryCalls),
  ];
}

function usersCalls({ instances, lengthsTold }: FleetLook): readonly Calls[] {
  if (instances.length === 0) return [];
  const longestPage = Math.max(
    ...instances.map(({ users, pageSize }) => Math.min(users, pageSize)),
  );
  const pages = sum(instances, (one) => pagesOf(one, lengthsTold, longestPage));
  return callsOf(describeSmartAccessGatewayClientUsers.name, pages);
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

/**
 * A sessions pass follows each online pass and reads what is older than the interval. What the pass
 * an interval before read is a moment younger than that, so it is read a pass later.
 */
function sessionsPeriod(interval: number, onlinePeriod: number): number {
  return (Math.floor(interval / onlinePeriod) + 1) * onlinePeriod;
}

function trafficCalls({ instances }: FleetLook): readonly Calls[] {
  const calls = sum(instances, ({ users }) => Math.ceil(users / USERS_PER_TRAFFIC_CALL));
  return callsOf(describeUserFlowStatistics.name, calls);
}
