import type { AccountConfig, Config } from '../../config/config.ts';
import { explain } from '../../model/advice.ts';
import { ApiError } from '../../model/api-error.ts';
import { configOf } from '../config-source.ts';
import type { JsonFlags } from '../flags.ts';
import { clientOf } from '../one-shot/client-of.ts';
import { CommandError, EXIT, type Host } from '../process/host.ts';
import { type AccountPlan, type Plan, planOf } from './account-plan.ts';
import { type AccountLook, lookAt } from './look.ts';
import { describePlan, planAsJson } from './table.ts';

/** Looks at the configured fleet with few calls, then prints how many calls polling it will take. */
export async function plan(flags: JsonFlags, host: Host): Promise<number> {
  const config = await configOf(flags, host);
  const accounts: AccountPlan[] = [];
  for (const account of config.accounts) {
    accounts.push(planOf(account, await lookOf(account, config, host), config));
  }
  const result: Plan = { polling: config.polling, accounts };
  host.stdout.write(
    flags.json ? `${JSON.stringify(planAsJson(result), undefined, 2)}\n` : describePlan(result),
  );
  return EXIT.done;
}

/** @throws CommandError when reading the fleet fails */
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
      `account ${account.name}: reading the fleet failed: ${explain(error)}`,
      EXIT.failed,
    );
  } finally {
    client.close();
  }
}
