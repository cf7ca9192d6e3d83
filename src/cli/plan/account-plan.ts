import type { AccountConfig, Config } from '../../config/config.ts';
import type { Shard } from '../../model/shard.ts';
import type { ForecastStrategy } from '../../poll/forecast/fleet-look.ts';
import {
  addUp,
  effectiveStrategy,
  forecast,
  rateWanted,
  type StageForecast,
  type StrategyForecast,
} from '../../poll/forecast/forecast.ts';
import { owns } from '../../poll/shard-owner.ts';
import { budgetFor, paceOf } from '../../smartag/pacing/share.ts';
import type { AccountLook } from './look.ts';

/** A stage whose cycle takes longer than its interval. */
export interface Overrun {
  readonly stage: StageForecast;
  /** The shard on which it takes longest. */
  readonly shard: Shard;
  /** Budget of all shards together with which the cycle fits into the interval. */
  readonly requestsPerSecond: number;
}

export interface ShardPlan {
  readonly shard: Shard;
  readonly instances: number;
  readonly users: number;
  /** The shard's budget for each operation, in calls per second. */
  readonly requestsPerSecond: number;
  readonly forecasts: readonly StrategyForecast[];
}

export interface AccountPlan {
  readonly account: string;
  readonly look: AccountLook;
  readonly configured: ForecastStrategy;
  /** The strategy that the exporter will use; `auto` if it differs between instances. */
  readonly inForce: ForecastStrategy;
  /** For all shards together: batched, fan-out, and `auto` when that differs between instances. */
  readonly forecasts: readonly StrategyForecast[];
  /** One plan for each shard; a single plan without sharding. */
  readonly shards: readonly ShardPlan[];
  /** The stages that take too long with the strategy in force. */
  readonly overruns: readonly Overrun[];
}

export interface Plan {
  readonly polling: Config['polling'];
  readonly accounts: readonly AccountPlan[];
}

export function planOf(account: AccountConfig, look: AccountLook, config: Config): AccountPlan {
  const inForce = effectiveStrategy(config.polling.strategy, look);
  const strategies = [...new Set<ForecastStrategy>(['batched', 'fan-out', inForce])];
  const shards = Array.from({ length: config.shard.total }, (_, index) =>
    shardPlanOf({ index, total: config.shard.total }, { account, look, config, strategies }),
  );
  const forecasts = strategies.map((strategy) =>
    addUp(shards.flatMap((shard) => forecastOf(shard.forecasts, strategy) ?? [])),
  );
  return {
    account: account.name,
    look,
    configured: config.polling.strategy,
    inForce,
    forecasts,
    shards,
    overruns: overrunsOf(shards, inForce),
  };
}

export function forecastOf(
  forecasts: readonly StrategyForecast[],
  strategy: ForecastStrategy,
): StrategyForecast | undefined {
  return forecasts.find((forecast) => forecast.strategy === strategy);
}

/** Every shard makes the calls of discovery; the other calls are for its own instances. */
function shardPlanOf(
  shard: Shard,
  options: {
    readonly account: AccountConfig;
    readonly look: AccountLook;
    readonly config: Config;
    readonly strategies: readonly ForecastStrategy[];
  },
): ShardPlan {
  const { account, look, config, strategies } = options;
  const instances = look.instances.filter((instance) =>
    owns(shard, { account: account.name, ...instance }),
  );
  const requestsPerSecond = paceOf(config.polling.requestsPerSecond, shard);
  const settings = { ...config.polling, requestsPerSecond };
  return {
    shard,
    instances: instances.length,
    users: instances.reduce((sum, { users }) => sum + users, 0),
    requestsPerSecond,
    forecasts: strategies.map((strategy) => forecast({ ...look, instances }, settings, strategy)),
  };
}

/** The stages that take too long, each on the shard where it takes longest. */
function overrunsOf(shards: readonly ShardPlan[], strategy: ForecastStrategy): readonly Overrun[] {
  const slowest = new Map<string, Overrun>();
  for (const { shard, forecasts } of shards) {
    for (const stage of forecastOf(forecasts, strategy)?.stages ?? []) {
      const known = slowest.get(stage.stage);
      if (stage.duration <= Math.max(stage.interval, known?.stage.duration ?? 0)) continue;
      const requestsPerSecond = budgetFor(rateWanted(stage), shard.total);
      slowest.set(stage.stage, { stage, shard, requestsPerSecond });
    }
  }
  return [...slowest.values()];
}
