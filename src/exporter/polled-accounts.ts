import { isDeepStrictEqual } from 'node:util';
import { type Clock, SECOND } from '../clock.ts';
import type { AccountConfig, Config } from '../config/config.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { readText } from '../input/read-file.ts';
import type { Log } from '../log.ts';
import type { SelfMetrics } from '../metrics/self-metrics.ts';
import { lacksCredentials } from '../model/api-error.ts';
import { AccountPoller } from '../poll/account-poller.ts';
import { failureOf } from '../poll/failure-log.ts';
import { type AccountClient, type ClientOptions, createClient } from '../smartag/client.ts';
import type { CallLog } from './call-log.ts';

/** What polling accounts needs. */
export interface PolledAccountsOptions {
  readonly fleet: Fleet;
  readonly self: SelfMetrics;
  readonly calls: CallLog;
  readonly env: ClientOptions['env'];
  readonly clock: Clock;
  /** A number from 0 up to 1, as Math.random gives. */
  readonly random: () => number;
  readonly log: Log;
}

/** An account as it is polled. */
interface Polled {
  readonly account: AccountConfig;
  readonly config: Config;
  readonly client: AccountClient;
  readonly poller: AccountPoller;
}

/** Which accounts a new configuration made a difference to, by name. */
export interface Changes {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** The accounts that are polled, and how they follow the configuration. */
export class PolledAccounts {
  readonly #options: PolledAccountsOptions;
  #polled: ReadonlyMap<string, Polled> = new Map();
  #isStarted = false;

  constructor(options: PolledAccountsOptions) {
    this.#options = options;
  }

  start(): void {
    this.#isStarted = true;
    for (const { poller } of this.#polled.values()) poller.start();
  }

  /**
   * Polls by this configuration from now on. An account whose part of it is unchanged is left
   * alone. A changed one is read again at once; what is known of its instances, and what was
   * counted, stays, and so does what its client learnt of the API's limits unless it is about calls
   * that something changed.
   */
  async apply(config: Config): Promise<Changes> {
    const before = this.#polled;
    const polled = new Map<string, Polled>();
    for (const account of config.accounts) {
      const known = before.get(account.name);
      if (known && isSame(pollingOf(known), pollingOf({ account, config }))) {
        polled.set(account.name, known);
      }
    }
    const ending = [...before.values()].filter(({ account }) => !polled.has(account.name));
    await Promise.all(ending.map(({ poller }) => poller.stop()));

    const begun = config.accounts.filter(({ name }) => !polled.has(name));
    for (const account of begun) {
      polled.set(account.name, this.#polledOf(account, config, before.get(account.name)));
    }
    const removed = ending.filter(({ account }) => !polled.has(account.name));
    for (const { account, client } of removed) {
      client.close();
      this.#options.fleet.removeAccount(account.name);
      await this.#options.self.forget(account.name);
      this.#options.calls.forget(account.name);
    }
    this.#polled = polled;
    if (this.#isStarted) for (const { name } of begun) polled.get(name)?.poller.start();
    const names = begun.map(({ name }) => name);
    return {
      added: names.filter((name) => !before.has(name)),
      changed: names.filter((name) => before.has(name)),
      removed: removed.map(({ account }) => account.name),
    };
  }

  /** Ends all polling; resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    const polled = [...this.#polled.values()];
    await Promise.all(polled.map(({ poller }) => poller.stop()));
    for (const { client } of polled) client.close();
  }

  #polledOf(account: AccountConfig, config: Config, before: Polled | undefined): Polled {
    const { fleet, clock, log } = this.#options;
    const client = this.#clientOf(account, config, before);
    const { polling: settings, shard } = config;
    const poller = new AccountPoller({ account, settings, shard, client, fleet, clock, log });
    return { account, config, client, poller };
  }

  #clientOf(account: AccountConfig, config: Config, before: Polled | undefined): AccountClient {
    if (before && isSame(callingOf(before), callingOf({ account, config }))) {
      before.client.useCredentials(account.credentials);
      return before.client;
    }
    before?.client.close();
    const { fleet, self, calls, env, clock, random, log } = this.#options;
    const record = fleet.account(account.name);
    const { timeout, concurrency, requestsPerSecond, adaptive } = config.polling;
    return createClient({
      credentials: account.credentials,
      endpoint: account.endpoint,
      proxy: config.proxy,
      env,
      readFile: readText,
      clock,
      random,
      timeout,
      concurrency,
      requestsPerSecond,
      adaptive,
      shard: config.shard,
      observer: {
        onCall(call) {
          record.up = call.error === undefined || call.error.policy.authenticated;
          if (call.error) {
            const fields = { account: account.name, ...failureOf(call.error) };
            log.debug(fields, `a call failed: ${call.error.message}`);
          }
          if (lacksCredentials(call.error)) return;
          self.called(account.name, call);
          calls.called(account.name, call, clock.now() / SECOND);
        },
        onWait: (operation, seconds) => self.waited(account.name, operation, seconds),
        onBudget: (operation, rate) => {
          self.allowed(account.name, operation, rate);
          calls.allowed(account.name, operation, rate);
        },
        onPause: (pause) => {
          const isNews = calls.paused(account.name, pause, clock.now() / SECOND);
          if (!isNews) return;
          const { operation, requested, made } = pause;
          const [seconds, pausedSeconds] = [requested / SECOND, made / SECOND];
          log.warn(
            { account: account.name, operation, seconds, pausedSeconds },
            `the API asks for a pause: ${operation} is not called for ${pausedSeconds} s; more such pauses are shown on the status page, not logged`,
          );
        },
      },
    });
  }
}

const isSame: (one: unknown, other: unknown) => boolean = isDeepStrictEqual;

/** What decides how an account is polled: all but what only decides how it is shown. */
function pollingOf({ account, config }: Pick<Polled, 'account' | 'config'>): unknown {
  const { staleAfter: _, ...polling } = config.polling;
  return { account, polling, proxy: config.proxy, shard: config.shard };
}

/** What decides how its calls are made, apart from whose they are. */
function callingOf({ account, config }: Pick<Polled, 'account' | 'config'>): unknown {
  const { timeout, concurrency, requestsPerSecond, adaptive } = config.polling;
  const { endpoint } = account;
  const { proxy, shard } = config;
  return { endpoint, timeout, concurrency, requestsPerSecond, adaptive, proxy, shard };
}
