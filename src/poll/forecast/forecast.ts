import { DAY, HOUR, SECOND } from '../../clock.ts';
import { STAGE_NAMES, STAGES, type Stage } from '../../model/stage.ts';
import { describeRegions } from '../../smartag/operations/describe-regions.ts';
import { describeSmartAccessGateways } from '../../smartag/operations/describe-smart-access-gateways.ts';
import { POLLED_STAGES } from '../stages/polled-stages.ts';
import { type Calls, callsOf, sum } from './calls.ts';
import type { FleetLook, ForecastSettings, ForecastStrategy } from './fleet-look.ts';
import { isCountedInBatches } from './online-calls.ts';

/*
 * Computes the API calls of polling a fleet. It assumes a quiet fleet: no user logs in or out, no call fails,
 * and the API answers so fast that only the budget limits the calls.
 */

/** One operation of a stage. A cycle is one pass of the stage over every instance. */
export interface OperationForecast extends Calls {
  readonly callsPerHour: number;
  readonly callsPerDay: number;
  /** Milliseconds that the calls of a cycle take within the budget. */
  readonly duration: number;
}

export interface StageForecast {
  readonly stage: Stage;
  /** The key below `polling` that holds the interval. */
  readonly setting: string;
  readonly interval: number;
  /** Milliseconds from the start of a cycle to the start of the next. May be longer than the interval. */
  readonly period: number;
  /** Milliseconds that a cycle takes within the budget, when its operations are called one after the other. */
  readonly duration: number;
  readonly operations: readonly OperationForecast[];
}

export interface StrategyForecast {
  readonly strategy: ForecastStrategy;
  readonly stages: readonly StageForecast[];
  readonly callsPerHour: number;
  readonly callsPerDay: number;
  /**
   * The calls until everything is known, and the milliseconds that they take within the budget when no stages
   * overlap.
   */
  readonly first: { readonly calls: number; readonly duration: number };
}

export function forecast(
  fleet: FleetLook,
  settings: ForecastSettings,
  strategy: ForecastStrategy,
): StrategyForecast {
  const periods = new Map<Stage, number>();
  const stages = STAGE_NAMES.map((stage): StageForecast => {
    const { setting, interval: intervalOf, follows } = STAGES[stage];
    const calls = callsOfStage(stage, fleet, settings, strategy);
    const interval = intervalOf(settings);
    const durationOf = (count: number): number => (count / settings.requestsPerSecond) * SECOND;
    const duration = durationOf(sum(calls, (one) => one.calls));
    const leaderPeriod = follows && periods.get(follows);
    const wantedPeriod =
      leaderPeriod === undefined ? interval : followerPeriod(interval, leaderPeriod);
    // When a cycle takes longer than the period, the next begins as soon as it has ended.
    const period = Math.max(wantedPeriod, duration);
    periods.set(stage, period);
    const operations = calls.map((one) => ({
      ...one,
      callsPerHour: (one.calls * HOUR) / period,
      callsPerDay: (one.calls * DAY) / period,
      duration: durationOf(one.calls),
    }));
    return { stage, setting, interval, period, duration, operations };
  }).filter(({ operations }) => operations.length > 0);
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

/** The calls per second at which a cycle of the stage just fits into its interval. */
export function rateWanted({ operations, interval }: StageForecast): number {
  return sum(operations, ({ calls }) => calls) / (interval / SECOND);
}

/**
 * The strategy that `auto` has the effect of in this fleet: `batched` or `fan-out` when all instances are
 * alike, otherwise `auto`. Totals do not matter, because batches work without them. Instances without users
 * do not count.
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

function callsOfStage(
  stage: Stage,
  fleet: FleetLook,
  settings: ForecastSettings,
  strategy: ForecastStrategy,
): readonly Calls[] {
  if (stage === 'discovery') return discoveryCalls(fleet);
  const isEnabled = STAGES[stage].isEnabled?.(settings) ?? true;
  return isEnabled ? POLLED_STAGES[stage].calls(fleet, settings, strategy) : [];
}

function discoveryCalls({ regionCalls, discoveryCalls }: FleetLook): readonly Calls[] {
  return [
    ...callsOf(describeRegions.name, regionCalls),
    ...callsOf(describeSmartAccessGateways.name, discoveryCalls),
  ];
}

/**
 * The period of a stage whose passes follow those of another stage, and which reads data again when it is
 * older than the interval. Data that was read exactly one interval ago is still a moment too young, so it is
 * read one pass later.
 */
function followerPeriod(interval: number, leaderPeriod: number): number {
  return (Math.floor(interval / leaderPeriod) + 1) * leaderPeriod;
}

/**
 * Adds up the forecasts of processes that share a fleet. Calls are summed, and a duration is that of the
 * slowest process.
 *
 * @param forecasts at least one, all of the same strategy
 */
export function addUp(forecasts: readonly StrategyForecast[]): StrategyForecast {
  const [first] = forecasts;
  if (!first) throw new TypeError('there is at least one forecast');
  const stages = new Map<Stage, StageForecast>();
  // The forecast with the most stages has all of them in their order.
  const fullFirst = forecasts.toSorted((a, b) => b.stages.length - a.stages.length);
  for (const stage of fullFirst.flatMap((forecast) => forecast.stages)) {
    const other = stages.get(stage.stage);
    stages.set(stage.stage, other ? addStages(other, stage) : stage);
  }
  return {
    strategy: first.strategy,
    stages: [...stages.values()],
    callsPerHour: sum(forecasts, (one) => one.callsPerHour),
    callsPerDay: sum(forecasts, (one) => one.callsPerDay),
    first: {
      calls: sum(forecasts, (one) => one.first.calls),
      duration: Math.max(...forecasts.map((one) => one.first.duration)),
    },
  };
}

function addStages(one: StageForecast, other: StageForecast): StageForecast {
  const operations = new Map(one.operations.map((each) => [each.operation, each]));
  for (const each of other.operations) {
    const known = operations.get(each.operation);
    operations.set(each.operation, known ? addOperations(known, each) : each);
  }
  return {
    ...one,
    period: Math.max(one.period, other.period),
    duration: Math.max(one.duration, other.duration),
    operations: [...operations.values()],
  };
}

function addOperations(one: OperationForecast, other: OperationForecast): OperationForecast {
  return {
    operation: one.operation,
    firstCalls: one.firstCalls + other.firstCalls,
    calls: one.calls + other.calls,
    callsPerHour: one.callsPerHour + other.callsPerHour,
    callsPerDay: one.callsPerDay + other.callsPerDay,
    duration: Math.max(one.duration, other.duration),
  };
}
