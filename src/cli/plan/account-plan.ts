import type { AccountConfig, Config } from '../../config/config.ts';
import type { Shard } from '../../model/shard.ts';
import { addUp } from '../../poll/forecast/add-up.ts';
import type { ForecastStrategy } from '../../poll/forecast/fleet-look.ts';
import {
  effectiveStrategy,
  forecast,
  rateWanted,
  type StageForecast,
  type StrategyForecast,
} from '../../poll/forecast/forecast.ts';
import { owns } from '../../poll/shard-owner.ts';
import { budgetFor, paceOf } from '../../smartag/pacing/share.ts';
import type { AccountLook } from './look.ts';

/** A stage whose cycle does not fit into its interval. */
export interface Overrun {
  readonly stage: StageForecast;
  /** Where it takes longest. */
  readonly shard: Shard;
  /** Calls per second, of all shards together, with which it would. */
  readonly requestsPerSecond: number;
}

/** What a shard's part of an account's fleet will cost. */
export interface ShardPlan {
  readonly shard: Shard;
  readonly instances: number;
  readonly users: number;
  /** Calls per second it comes to, of each operation. */
  readonly requestsPerSecond: number;
  /** One of each strategy, in the account's order. */
  readonly forecasts: readonly StrategyForecast[];
}

/** What polling an account will cost. */
export interface AccountPlan {
  readonly account: string;
  readonly look: AccountLook;
  readonly configured: ForecastStrategy;
  /** What the configured strategy comes to; `auto`: differs between instances. */
  readonly inForce: ForecastStrategy;
  /** Of all shards together: batched and fan-out, and after them `auto` where that is neither. */
  readonly forecasts: readonly StrategyForecast[];
  /** One that has everything, where nothing is divided. */
  readonly shards: readonly ShardPlan[];
  /** Of the strategy in force. */
  readonly overruns: readonly Overrun[];
}

/** The forecast of every account. */
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
  const forecasts = strategies.map((_, which) =>
    addUp(shards.flatMap((one) => one.forecasts.slice(which, which + 1))),
  );
  return {
    account: account.name,
    look,
    configured: config.polling.strategy,
    inForce,
    forecasts,
    shards,
    overruns: overrunsOf(shards, strategies.indexOf(inForce)),
  };
}

/** Discovery costs each shard the same; the rest costs what its own instances do. */
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
  const instances = look.instances.filter((one) => owns(shard, { account: account.name, ...one }));
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

/** Of each stage, where it takes longest. */
function overrunsOf(shards: readonly ShardPlan[], strategy: number): readonly Overrun[] {
  const slowest = new Map<string, Overrun>();
  for (const { shard, forecasts } of shards) {
    for (const stage of forecasts[strategy]?.stages ?? []) {
      const known = slowest.get(stage.stage);
      if (stage.duration <= Math.max(stage.interval, known?.stage.duration ?? 0)) continue;
      const requestsPerSecond = budgetFor(rateWanted(stage), shard.total);
      slowest.set(stage.stage, { stage, shard, requestsPerSecond });
    }
  }
  return [...slowest.values()];
}
