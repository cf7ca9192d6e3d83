import { systemClock } from '../../clock.ts';
import type { AccountConfig, Config } from '../../config/config.ts';
import { readText } from '../../input/read-file.ts';
import { type ClientObserver, createClient } from '../../smartag/client.ts';
import type { Client } from '../../smartag/operation.ts';
import type { Host } from '../process/host.ts';

/** An API client of the account for a command that ends by itself. */
export function clientOf(
  account: AccountConfig,
  { polling, proxy, shard }: Config,
  host: Host,
  observer: Partial<ClientObserver> = {},
): Client & { close(): void } {
  return createClient({
    ...polling,
    credentials: account.credentials,
    endpoint: account.endpoint,
    proxy,
    shard,
    env: host.env,
    readFile: readText,
    clock: systemClock,
    random: Math.random,
    observer: { onCall() {}, onWait() {}, onBudget() {}, ...observer },
  });
}
