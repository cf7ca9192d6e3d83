import { readFile } from 'node:fs/promises';
import type { Express } from 'express';
import { type Clock, SECOND } from '../clock.ts';
import type { AccountConfig, Config } from '../config/config.ts';
import { Fleet } from '../fleet/fleet.ts';
import { reasonsNotReady } from '../fleet/readiness.ts';
import type { Log } from '../log.ts';
import { UserAdmission } from '../metrics/admission.ts';
import { FleetExposition } from '../metrics/exposition/exposition.ts';
import { Scrapes } from '../metrics/exposition/scrapes.ts';
import { type Build, SelfMetrics } from '../metrics/self-metrics.ts';
import { hashedUserNames, plainUserNames, type UserNames } from '../metrics/user-names.ts';
import { ERROR_KINDS, lacksCredentials } from '../model/api-error.ts';
import { AccountPoller } from '../poll/account-poller.ts';
import { type ClientOptions, createClient } from '../smartag/client.ts';
import { createApp, type WebOptions } from '../web/app.ts';
import { MAX_REQUESTS } from '../web/metrics-endpoint.ts';
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
  /** Scrapes answered at once. @default MAX_REQUESTS */
  readonly maxRequests?: number;
}

/** An exporter put together; `start` begins to poll. */
export interface Exporter {
  readonly app: Express;
  readonly fleet: Fleet;
  /** The body of a scrape, in pieces. */
  readonly scrape: WebOptions['scrape'];
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
  const { config, clock, build, log, telemetryPath, maxRequests = MAX_REQUESTS } = options;
  const fleet = new Fleet(clock);
  const self = new SelfMetrics(build);
  self.configurationLoaded(clock.now() / SECOND);
  const userNames = await userNamesOf(config, fleet);
  const accounts = config.accounts.map((account) => pollerOf(account, options, fleet, self));

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

  const exposition = new FleetExposition({
    fleet,
    staleAfter: config.polling.staleAfter,
    settings: { ...config.metrics, traffic: config.polling.traffic.enabled },
    userNames,
    admission: new UserAdmission(config.metrics.maxUserSeries),
  });
  const scrapes = new Scrapes(exposition, self, clock);
  const scrape: Exporter['scrape'] = (format, encoding) => scrapes.answer(format, encoding);

  return {
    app: createApp({
      telemetryPath,
      scrape,
      maxRequests,
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
    scrape,
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
