import type { AccountConfig, Config } from '../../config/config.ts';
import { explain } from '../../model/advice.ts';
import { ApiError } from '../../model/api-error.ts';
import type { Client } from '../../smartag/operation.ts';
import { configOf } from '../config-source.ts';
import type { ConfigFlags } from '../flags.ts';
import { CommandError, EXIT, type Host } from '../process/host.ts';
import { clientOf } from './client-of.ts';

export interface AccountClient {
  readonly account: AccountConfig;
  readonly client: Client;
}

export interface AccountsWork {
  /** Name of the command, for messages. */
  readonly command: string;
  readonly flags: ConfigFlags;
  readonly host: Host;
}

/**
 * Calls `work` with the configuration and a client of each account, and closes the clients afterwards.
 *
 * @throws CommandError when the configuration is wrong, a call fails, or the process is asked to end
 */
export async function withAccounts<Result>(
  { command, flags, host }: AccountsWork,
  work: (accounts: readonly AccountClient[], config: Config) => Promise<Result>,
): Promise<Result> {
  const config = await configOf(flags, host);
  const accounts = config.accounts.map((account) => ({
    account,
    client: clientOf(account, config, host),
  }));
  try {
    return await work(accounts, config);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    if (host.ending.aborted) {
      throw new CommandError(`${command} was ended before it was done`, EXIT.failed);
    }
    if (error instanceof ApiError) throw new CommandError(explain(error), EXIT.failed);
    throw error;
  } finally {
    for (const { client } of accounts) client.close();
  }
}
