import { isDeepStrictEqual } from 'node:util';
import { type Clock, SECOND } from '../clock.ts';
import type { AccountConfig, Config } from '../config/config.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { readText } from '../input/read-file.ts';
import type { Log } from '../log.ts';
import type { SelfMetrics } from '../metrics/self-metrics.ts';
import { lacksCredentials } from '../model/api-error.ts';
import type { Learned } from '../model/learned.ts';
import { AccountPoller } from '../poll/account-poller.ts';
import { failureOf } from '../poll/failure-log.ts';
import {
  type AccountClient,
  type ClientObserver,
  type ClientOptions,
  createClient,
} from '../smartag/client.ts';
import type { CallLog } from './call-log.ts';

export interface PolledAccountsOptions {
  readonly fleet: Fleet;
  readonly self: SelfMetrics;
  readonly calls: CallLog;
  readonly env: ClientOptions['env'];
  readonly clock: Clock;
  /** A number from 0 up to 1, as Math.random gives. */
  readonly random: () => number;
  readonly log: Log;
  /** What an earlier process has learned of the API of an account. @default nothing */
  readonly learnedBefore?: ((account: string) => Learned | undefined) | undefined;
}

/** An account that is polled, and the settings that its client and its poller were created with. */
interface PolledAccount {
  readonly settings: Settings;
  readonly client: AccountClient;
  readonly poller: AccountPoller;
}

/** The names of the accounts that a new configuration has added, changed and removed. */
export interface Changes {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** Polls the accounts of the configuration, and of each later configuration after a reload. */
export class PolledAccounts {
  readonly #options: PolledAccountsOptions;
  #polled: ReadonlyMap<string, PolledAccount> = new Map();
  #isStarted = false;

  constructor(options: PolledAccountsOptions) {
    this.#options = options;
  }

  start(): void {
    this.#isStarted = true;
    for (const { poller } of this.#polled.values()) poller.start();
  }

  /**
   * Puts a configuration into force. An account with unchanged settings goes on undisturbed. An account with
   * changed settings is discovered anew at once, and keeps the snapshots and counters of its instances. It
   * also keeps its client, with the API limits that the client has learnt, unless a setting of the client has
   * changed.
   */
  async apply(config: Config): Promise<Changes> {
    const before = this.#polled;
    const polled = new Map<string, PolledAccount>();
    for (const account of config.accounts) {
      const existing = before.get(account.name);
      if (existing && isDeepStrictEqual(existing.settings, settingsOf(account, config))) {
        polled.set(account.name, existing);
      }
    }
    const ending = [...before].filter(([name]) => !polled.has(name));
    await Promise.all(ending.map(([, { poller }]) => poller.stop()));

    const begun = config.accounts.filter(({ name }) => !polled.has(name));
    for (const account of begun) {
      polled.set(account.name, this.#poll(settingsOf(account, config), before.get(account.name)));
    }
    const removed = ending.filter(([name]) => !polled.has(name));
    for (const [name, { client }] of removed) {
      client.close();
      this.#options.fleet.removeAccount(name);
      await this.#options.self.forget(name);
      this.#options.calls.forget(name);
    }
    this.#polled = polled;
    if (this.#isStarted) for (const { name } of begun) polled.get(name)?.poller.start();
    const names = begun.map(({ name }) => name);
    return {
      added: names.filter((name) => !before.has(name)),
      changed: names.filter((name) => before.has(name)),
      removed: removed.map(([name]) => name),
    };
  }

  /** What was learned of the API of an account until now; undefined when the account is not polled. */
  learnedOf(account: string): Learned | undefined {
    const polled = this.#polled.get(account);
    return polled && { ...polled.client.learned, ...polled.poller.learned };
  }

  /** Ends all polling; resolves when no pass and no call is in flight. */
  async stop(): Promise<void> {
    const polled = [...this.#polled.values()];
    await Promise.all(polled.map(({ poller }) => poller.stop()));
    for (const { client } of polled) client.close();
  }

  #poll(settings: Settings, before: PolledAccount | undefined): PolledAccount {
    const { fleet, clock, log, learnedBefore } = this.#options;
    const learned = before ? undefined : learnedBefore?.(settings.poller.account.name);
    const client = this.#clientFor(settings, before, learned);
    const poller = new AccountPoller({ ...settings.poller, learned, client, fleet, clock, log });
    return { settings, client, poller };
  }

  #clientFor(
    settings: Settings,
    before: PolledAccount | undefined,
    learned: Learned | undefined,
  ): AccountClient {
    const { name, credentials } = settings.poller.account;
    if (before && isDeepStrictEqual(before.settings.client, settings.client)) {
      before.client.useCredentials(credentials);
      return before.client;
    }
    before?.client.close();
    const { env, clock, random } = this.#options;
    const observer = this.#observerOf(name);
    return createClient({
      ...settings.client,
      learned: before?.client.learned ?? learned,
      credentials,
      env,
      readFile: readText,
      clock,
      random,
      observer,
    });
  }

  #observerOf(account: string): ClientObserver {
    const { fleet, self, calls, clock, log } = this.#options;
    const record = fleet.account(account);
    return {
      onCall(call) {
        record.up = call.error === undefined || call.error.policy.authenticated;
        if (call.error) {
          log.debug({ account, ...failureOf(call.error) }, `a call failed: ${call.error.message}`);
        }
        if (lacksCredentials(call.error)) return;
        self.called(account, call);
        calls.called(account, call, clock.now() / SECOND);
      },
      onWait: (operation, seconds) => self.waited(account, operation, seconds),
      onBudget(operation, rate) {
        self.allowed(account, operation, rate);
        calls.allowed(account, operation, rate);
      },
      onPause(pause) {
        if (!calls.paused(account, pause, clock.now() / SECOND)) return;
        const { operation, requested, made } = pause;
        const [seconds, pausedSeconds] = [requested / SECOND, made / SECOND];
        log.warn(
          { account, operation, seconds, pausedSeconds },
          `the API asks for a pause: ${operation} is not called for ${pausedSeconds} s; further pauses are shown on the status page and not logged`,
        );
      },
    };
  }
}

type Settings = ReturnType<typeof settingsOf>;

/**
 * Everything of the configuration that the client and the poller of an account are created with, and so
 * everything that a reload compares.
 */
function settingsOf(account: AccountConfig, { polling, proxy, shard }: Config) {
  // `staleAfter` does not affect polling. It only decides which data is exposed.
  const { staleAfter: _, ...settings } = polling;
  const { timeout, concurrency, requestsPerSecond, adaptive } = polling;
  const { endpoint } = account;
  return {
    client: { endpoint, proxy, timeout, concurrency, requestsPerSecond, adaptive, shard },
    poller: { account, settings, shard },
  };
}
