import { readFile } from 'node:fs/promises';
import type { Express } from 'express';
import { type Clock, SECOND } from '../clock.ts';
import type { AccountConfig, Config } from '../config/config.ts';
import { Fleet } from '../fleet/fleet.ts';
import { reasonsNotReady } from '../fleet/readiness.ts';
import type { Log } from '../log.ts';
import { UserAdmission } from '../metrics/admission.ts';
import { renderFleet } from '../metrics/exposition/exposition.ts';
import { type Build, SelfMetrics } from '../metrics/self-metrics.ts';
import { hashedUserNames, plainUserNames, type UserNames } from '../metrics/user-names.ts';
import { ERROR_KINDS, lacksCredentials } from '../model/api-error.ts';
import { AccountPoller } from '../poll/account-poller.ts';
import { type ClientOptions, createClient } from '../smartag/client.ts';
import { createApp } from '../web/app.ts';
import { pageFacts } from '../web/page-facts.ts';

/** What an exporter is made of. */
export interface ExporterOptions {
  readonly config: Config;
  readonly env: ClientOptions['env'];
  readonly clock: Clock;
  /** A number from 0 up to 1, as Math.random gives. */
  readonly random: () => number;
  readonly log: Log;
  readonly build: Build;
  readonly telemetryPath: string;
}

/** An exporter put together; `start` begins to poll. */
export interface Exporter {
  readonly app: Express;
  readonly fleet: Fleet;
  /** The exposition as it is now, text format 0.0.4 in pieces. */
  metrics(): Promise<readonly string[]>;
  start(): void;
  /** Ends all polling; resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

/**
 * Puts together what polls, what remembers and what shows.
 *
 * @throws Error when the key file of hashed user names cannot be read
 */
export async function createExporter(options: ExporterOptions): Promise<Exporter> {
  const { config, clock, build, log, telemetryPath } = options;
  const fleet = new Fleet(clock);
  const self = new SelfMetrics(build);
  self.configurationLoaded(clock.now() / SECOND);
  const userNames = await userNamesOf(config, fleet);
  const accounts = config.accounts.map((account) => pollerOf(account, options, fleet, self));

  const admission = new UserAdmission(config.metrics.maxUserSeries);
  let started = false;
  let wasReady = false;
  const notReady = (): readonly string[] => {
    if (wasReady) return [];
    if (!started) return ['the exporter is starting'];
    const reasons = reasonsNotReady(fleet);
    wasReady = reasons.length === 0;
    if (wasReady) log.info('ready: every first pass has ended');
    return reasons;
  };

  const metrics = async (): Promise<readonly string[]> => {
    const { text, series } = renderFleet({
      fleet,
      clock,
      staleAfter: config.polling.staleAfter,
      settings: { ...config.metrics, traffic: config.polling.traffic.enabled },
      userNames,
      admission,
    });
    self.exposed(series);
    return [...text, await self.text()];
  };

  return {
    app: createApp({
      telemetryPath,
      metrics,
      onScrape: (seconds) => self.scraped(seconds),
      reasonsNotReady: notReady,
      page: () => ({
        ...pageFacts(fleet, config.polling.staleAfter, clock),
        version: build.version,
        telemetryPath,
      }),
      monotonic: () => clock.monotonic(),
      log,
    }),
    fleet,
    metrics,
    start() {
      started = true;
      for (const { poller } of accounts) poller.start();
    },
    async stop() {
      await Promise.all(accounts.map(({ poller }) => poller.stop()));
      for (const { client } of accounts) client.close();
    },
  };
}

function pollerOf(
  account: AccountConfig,
  { config, clock, env, random, log }: ExporterOptions,
  fleet: Fleet,
  self: SelfMetrics,
) {
  const record = fleet.account(account.name);
  const client = createClient({
    credentials: account.credentials,
    endpoint: account.endpoint,
    env,
    clock,
    random,
    timeout: config.polling.timeout,
    concurrency: config.polling.concurrency,
    requestsPerSecond: config.polling.requestsPerSecond,
    adaptive: config.polling.adaptive,
    observer: {
      onCall(call) {
        record.up = call.error === undefined || ERROR_KINDS[call.error.kind].authenticated;
        if (!lacksCredentials(call.error)) self.called(account.name, call);
      },
      onWait: (operation, seconds) => self.waited(account.name, operation, seconds),
      onBudget: (operation, rate) => self.allowed(account.name, operation, rate),
    },
  });
  const settings = config.polling;
  return { client, poller: new AccountPoller({ account, settings, client, fleet, clock, log }) };
}

async function userNamesOf({ metrics }: Config, fleet: Fleet): Promise<UserNames> {
  if (metrics.userName !== 'hash' || metrics.hashKeyFile === undefined) return plainUserNames;
  const key = (await readFile(metrics.hashKeyFile, 'utf8')).trim();
  return hashedUserNames(Buffer.from(key), () => {
    let users = 0;
    for (const { snapshot } of fleet.instances) users += snapshot.users?.users.length ?? 0;
    return users;
  });
}
