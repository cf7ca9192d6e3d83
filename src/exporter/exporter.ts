import { isDeepStrictEqual } from 'node:util';
import { getHeapStatistics } from 'node:v8';
import type { Express } from 'express';
import { type Clock, SECOND } from '../clock.ts';
import type { Config } from '../config/config.ts';
import { Fleet } from '../fleet/fleet.ts';
import { mostUsers } from '../fleet/most-users.ts';
import { reasonsNotReady } from '../fleet/readiness.ts';
import { readText } from '../input/read-file.ts';
import type { Log } from '../log.ts';
import { UserAdmission } from '../metrics/admission.ts';
import { type ExpositionOptions, FleetExposition } from '../metrics/exposition/exposition.ts';
import { Scrapes } from '../metrics/exposition/scrapes.ts';
import { type Build, SelfMetrics } from '../metrics/self-metrics.ts';
import { hashedUserNames, plainUserNames, type UserNames } from '../metrics/user-names.ts';
import { enabledStages } from '../model/stage.ts';
import type { ClientOptions } from '../smartag/client.ts';
import { createApp, type WebOptions } from '../web/app.ts';
import { MAX_REQUESTS } from '../web/limits.ts';
import type { Reload } from '../web/reload-endpoint.ts';
import type { ConfigurationState, StatusView } from '../web/status/sources.ts';
import { CallLog } from './call-log.ts';
import { type Changes, PolledAccounts } from './polled-accounts.ts';

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
  /** What a POST to /-/reload does; absent: that is forbidden. */
  readonly reload?: Reload | undefined;
}

/** An exporter put together; `start` begins to poll. */
export interface Exporter {
  readonly app: Express;
  readonly fleet: Fleet;
  /** The body of a scrape, part by part, each in pieces. */
  readonly scrape: WebOptions['scrape'];
  start(): void;
  /**
   * Follows another configuration, as a whole; not to be called again before it has ended.
   *
   * @throws Error when the key file of hashed user names cannot be read; then nothing changes
   */
  apply(config: Config): Promise<Changes>;
  /** Notes that a configuration could not be used, and why. */
  refused(problems: readonly string[]): void;
  /** Ends all polling; resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

/**
 * Puts together what polls, what remembers and what shows.
 *
 * @throws Error when the key file of hashed user names cannot be read
 */
export async function createExporter(options: ExporterOptions): Promise<Exporter> {
  const { clock, build, log, telemetryPath, reload, maxRequests = MAX_REQUESTS } = options;
  const fleet = new Fleet(clock, mostUsers(getHeapStatistics().heap_size_limit));
  const self = new SelfMetrics(build);
  const calls = new CallLog();
  const accounts = new PolledAccounts({ ...options, fleet, self, calls });
  const now = (): number => clock.now() / SECOND;
  let configuration: ConfigurationState = { loadedAt: now() };
  let lastScrape: number | undefined;
  const seen: Seen = { fleet, self, clock };
  let view = await viewOf(options.config, seen);
  const apply = async (config: Config): Promise<Changes> => {
    const next = await viewOf(config, seen, view);
    const changes = await accounts.apply(config);
    view = next;
    self.watching(config.shard);
    configuration = { loadedAt: now() };
    self.configurationLoaded(configuration.loadedAt);
    return changes;
  };
  await apply(options.config);

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

  const scrape: Exporter['scrape'] = (format, encoding) => view.scrapes.answer(format, encoding);

  return {
    app: createApp({
      telemetryPath,
      scrape,
      maxRequests,
      onScrape: (seconds) => {
        lastScrape = now();
        self.scraped(seconds);
      },
      reasonsNotReady: notReady,
      status: {
        fleet,
        clock,
        build,
        startedAt: now(),
        view: () => view.status,
        calls,
        configuration: () => configuration,
        series: () => self.series,
        lastScrape: () => lastScrape,
      },
      reload,
      clock,
      log,
    }),
    fleet,
    scrape,
    start() {
      started = true;
      accounts.start();
    },
    apply,
    refused(problems) {
      configuration = { ...configuration, refused: { at: now(), problems } };
      self.configurationRefused();
    },
    stop: () => accounts.stop(),
  };
}

/** How the fleet is shown. */
interface View {
  readonly userNames: NamesByKey;
  readonly admission: UserAdmission;
  /** All that what is rendered depends on beside the fleet. */
  readonly shown: Pick<ExpositionOptions, 'staleAfter' | 'settings' | 'userNames'>;
  readonly scrapes: Scrapes;
  /** What the status goes by; another object with each configuration. */
  readonly status: StatusView;
}

/** What every view looks at. */
interface Seen {
  readonly fleet: Fleet;
  readonly self: SelfMetrics;
  readonly clock: Clock;
}

/** What stands for user names, and the key it is made with; absent: they are plain. */
interface NamesByKey {
  readonly key?: string;
  readonly of: UserNames;
}

/** What stays the same is kept from the view before: hashes, who has series, and what is rendered. */
async function viewOf(config: Config, { fleet, self, clock }: Seen, before?: View): Promise<View> {
  const { maxUserSeries } = config.metrics;
  const userNames = await userNamesOf(config, fleet, before?.userNames);
  const admission =
    before?.admission.most === maxUserSeries ? before.admission : new UserAdmission(maxUserSeries);
  const shown = {
    staleAfter: config.polling.staleAfter,
    settings: { ...config.metrics, enabledStages: enabledStages(config.polling) },
    userNames: userNames.of,
  };
  const status: StatusView = {
    ...shown,
    userName: config.metrics.userName,
    requestsPerSecond: config.polling.requestsPerSecond,
  };
  if (before && isDeepStrictEqual(shown, before.shown)) return { ...before, status };
  const exposition = new FleetExposition({ fleet, admission, ...shown });
  const scrapes = new Scrapes(exposition, self, clock);
  return { userNames, admission, shown, scrapes, status };
}

async function userNamesOf(
  { metrics }: Config,
  fleet: Fleet,
  before: NamesByKey | undefined,
): Promise<NamesByKey> {
  if (metrics.userName !== 'hash' || metrics.hashKeyFile === undefined) {
    return { of: plainUserNames };
  }
  const key = (await readText(metrics.hashKeyFile)).trim();
  if (before?.key === key) return before;
  const population = (): number => {
    let users = 0;
    for (const { snapshot } of fleet.instances) users += snapshot.users?.users.length ?? 0;
    return users;
  };
  return { key, of: hashedUserNames(Buffer.from(key), population) };
}
