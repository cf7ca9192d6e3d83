import type { Stage } from '../../model/stage.ts';
import type { OperationForecast, StageForecast, StrategyForecast } from './forecast.ts';

/**
 * What processes that divide a fleet cost together: calls add up, and what takes time is done when the
 * slowest is. All with one strategy; at least one.
 */
export function together(forecasts: readonly StrategyForecast[]): StrategyForecast {
  const [first] = forecasts;
  if (!first) throw new TypeError('there is at least one process');
  const stages = new Map<Stage, StageForecast>();
  // Whoever has most stages has them all, in their order.
  const fullFirst = forecasts.toSorted((a, b) => b.stages.length - a.stages.length);
  for (const stage of fullFirst.flatMap((one) => one.stages)) {
    const known = stages.get(stage.stage);
    stages.set(stage.stage, known ? bothStages(known, stage) : stage);
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

function bothStages(one: StageForecast, other: StageForecast): StageForecast {
  const operations = new Map(one.operations.map((each) => [each.operation, each]));
  for (const each of other.operations) {
    const known = operations.get(each.operation);
    operations.set(each.operation, known ? bothOperations(known, each) : each);
  }
  return {
    ...one,
    period: Math.max(one.period, other.period),
    duration: Math.max(one.duration, other.duration),
    operations: [...operations.values()],
  };
}

function bothOperations(one: OperationForecast, other: OperationForecast): OperationForecast {
  return {
    operation: one.operation,
    firstCalls: one.firstCalls + other.firstCalls,
    calls: one.calls + other.calls,
    callsPerHour: one.callsPerHour + other.callsPerHour,
    callsPerDay: one.callsPerDay + other.callsPerDay,
    duration: Math.max(one.duration, other.duration),
  };
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
