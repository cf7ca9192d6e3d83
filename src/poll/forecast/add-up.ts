import type { Stage } from '../../model/stage.ts';
import { sum } from './calls.ts';
import type { OperationForecast, StageForecast, StrategyForecast } from './forecast.ts';

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
