import type { AccountConfig, Config } from '../config/config.ts';
import { explain } from '../model/advice.ts';
import { ApiError } from '../model/api-error.ts';
import {
  effectiveStrategy,
  type ForecastStrategy,
  forecast,
  rateWanted,
  type StageForecast,
  type StrategyForecast,
} from '../poll/forecast.ts';
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
  /** Calls per second with which it would. */
  readonly requestsPerSecond: number;
}

/** What polling an account will cost. */
export interface AccountPlan {
  readonly account: string;
  readonly look: AccountLook;
  readonly configured: ForecastStrategy;
  /** What the configured strategy comes to; `auto`: differs between instances. */
  readonly inForce: ForecastStrategy;
  /** Batched and fan-out, and after them `auto` where that is neither. */
  readonly forecasts: readonly StrategyForecast[];
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

function planOf({ name }: AccountConfig, look: AccountLook, { polling }: Config): AccountPlan {
  const inForce = effectiveStrategy(polling.strategy, look);
  const strategies = new Set<ForecastStrategy>(['batched', 'fan-out', inForce]);
  const forecasts = Array.from(strategies, (strategy) => forecast(look, polling, strategy));
  const stages = forecasts.find(({ strategy }) => strategy === inForce)?.stages ?? [];
  const overruns = stages
    .filter(({ duration, interval }) => duration > interval)
    .map((stage) => ({ stage, requestsPerSecond: rateWanted(stage) }));
  return { account: name, look, configured: polling.strategy, inForce, forecasts, overruns };
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
