import type { AccountConfig, Config } from '../config/config.ts';
import { explain } from '../model/advice.ts';
import { ApiError } from '../model/api-error.ts';
import type { Shard } from '../model/shard.ts';
import {
  effectiveStrategy,
  forecast,
  rateWanted,
  type StageForecast,
  type StrategyForecast,
} from '../poll/forecast.ts';
import type { ForecastStrategy } from '../poll/forecast-inputs.ts';
import { together } from '../poll/forecast-together.ts';
import { owns } from '../poll/shard-owner.ts';
import { budgetFor, paceOf } from '../smartag/share.ts';
import { clientOf } from './client-of.ts';
import { configOf } from './config-of.ts';
import type { CommonFlags } from './flags.ts';
import { CommandError, EXIT, type Host } from './host.ts';
import { type AccountLook, lookAt } from './plan-look.ts';
import { describePlan, planAsJson } from './plan-table.ts';

/** Flags of plan. */
export interface PlanFlags extends CommonFlags {
  readonly 'config.file'?: string;
  readonly json?: boolean;
}

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

/** Prints what polling the configured fleet will cost, after one cheap look at it. */
export async function plan(flags: PlanFlags, host: Host): Promise<number> {
  const config = await configOf(flags, host);
  const accounts: AccountPlan[] = [];
  for (const account of config.accounts) {
    accounts.push(planOf(account, await lookOf(account, config, host), config));
  }
  const made: Plan = { polling: config.polling, accounts };
  host.stdout.write(
    flags.json ? `${JSON.stringify(planAsJson(made), undefined, 2)}\n` : describePlan(made),
  );
  return EXIT.done;
}

function planOf(account: AccountConfig, look: AccountLook, config: Config): AccountPlan {
  const inForce = effectiveStrategy(config.polling.strategy, look);
  const strategies = [...new Set<ForecastStrategy>(['batched', 'fan-out', inForce])];
  const shards = Array.from({ length: config.shard.total }, (_, index) =>
    shardPlanOf({ index, total: config.shard.total }, { account, look, config, strategies }),
  );
  const forecasts = strategies.map((_, which) =>
    together(shards.flatMap((one) => one.forecasts.slice(which, which + 1))),
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

/** @throws CommandError when the fleet cannot be seen */
async function lookOf(account: AccountConfig, config: Config, host: Host): Promise<AccountLook> {
  const client = clientOf(account, config, host);
  try {
    return await lookAt({
      account,
      client,
      pageSize: config.polling.pageSize,
      signal: host.ending,
    });
  } catch (error) {
    if (host.ending.aborted)
      throw new CommandError('plan was ended before it was done', EXIT.failed);
    if (!(error instanceof ApiError)) throw error;
    throw new CommandError(
      `account ${account.name}: the fleet cannot be seen: ${explain(error)}`,
      EXIT.failed,
    );
  } finally {
    client.close();
  }
}
