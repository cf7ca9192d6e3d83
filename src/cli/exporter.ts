import { readFile } from 'node:fs/promises';
import type { Express } from 'express';
import { type Clock, SECOND } from '../clock.ts';
import type { AccountConfig, Config } from '../config/config.ts';
import { Fleet, type InstanceRecord } from '../fleet/fleet.ts';
import { reasonsNotReady } from '../fleet/readiness.ts';
import { visibleInstance } from '../fleet/visible.ts';
import type { Log } from '../log.ts';
import { UserAdmission } from '../metrics/admission.ts';
import { renderFleet } from '../metrics/exposition/exposition.ts';
import { type Build, SelfMetrics } from '../metrics/self-metrics.ts';
import { hashedUserNames, plainUserNames, type UserNames } from '../metrics/user-names.ts';
import { ERROR_KINDS } from '../model/api-error.ts';
import { INSTANCE_STAGES } from '../model/stage.ts';
import { AccountPoller } from '../poll/account-poller.ts';
import { type ClientOptions, createClient } from '../smartag/client.ts';
import { createApp } from '../web/app.ts';
import type { InstanceRow, PageFacts } from '../web/landing-page.ts';
import { withDemoHint } from './with-demo-hint.ts';

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
  const { config, clock, build, log } = options;
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
    if (wasReady) log.info('ready: the first picture is complete');
    return reasons;
  };

  const metrics = async (): Promise<readonly string[]> => {
    const { text, series } = renderFleet({
      fleet,
      clock,
      staleAfter: config.polling.staleAfter,
      settings: config.metrics,
      userNames,
      admission,
    });
    self.exposed(series);
    return [...text, await self.text()];
  };

  return {
    app: createApp({
      telemetryPath: options.telemetryPath,
      metrics,
      onScrape: (seconds) => self.scraped(seconds),
      reasonsNotReady: notReady,
      page: () => pageFacts(options, fleet),
      monotonic: () => clock.monotonic(),
      log,
    }),
    fleet,
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
    observer: {
      onCall(call) {
        record.up = call.error === undefined || ERROR_KINDS[call.error.kind].authenticated;
        self.called(account.name, call);
      },
      onWait: (operation, seconds) => self.waited(account.name, operation, seconds),
      onBudget: (operation, rate) => self.allowed(account.name, operation, rate),
    },
  });
  const settings = config.polling;
  const hinting = account.credentials.kind === 'chain' ? withDemoHint(client) : client;
  const poller = new AccountPoller({ account, settings, client: hinting, fleet, clock, log });
  return { client, poller };
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

function pageFacts(
  { build, telemetryPath, config, clock }: ExporterOptions,
  fleet: Fleet,
): PageFacts {
  const { staleAfter } = config.polling;
  return {
    version: build.version,
    telemetryPath,
    problems: Array.from(fleet.accounts).flatMap(({ name, paused }) =>
      paused ? [`Account ${name} is paused: ${paused.message}`] : [],
    ),
    instances: Array.from(fleet.instances, (record) =>
      instanceRow(fleet, record, { staleAfter, now: clock.now() / SECOND }),
    ),
  };
}

function instanceRow(
  fleet: Fleet,
  record: InstanceRecord,
  { staleAfter, now }: { readonly staleAfter: number; readonly now: number },
): InstanceRow {
  const { id, info, up, users, online, usersLimit } = visibleInstance(fleet, record, staleAfter);
  const seen = record.stages.online.lastSuccess;
  const failed = INSTANCE_STAGES.find((stage) => record.stages[stage].ended === 'badly');
  return {
    account: id.account,
    regionId: id.regionId,
    instanceId: id.instanceId,
    name: info?.name ?? '',
    up,
    users: users && users.enabled.users + users.disabled.users,
    usersLimit,
    onlineUsers: online?.totals?.users,
    onlineClients: online?.totals?.clients,
    age: seen === undefined ? undefined : Math.max(0, now - seen),
    problem: failed && record.stages[failed].lastError?.message,
  };
}
