import { isDeepStrictEqual } from 'node:util';
import { getHeapStatistics } from 'node:v8';
import type { Express } from 'express';
import { type Clock, SECOND } from '../clock.ts';
import type { Config } from '../config/config.ts';
import { Fleet } from '../fleet/fleet.ts';
import { mostUsers } from '../fleet/most-users.ts';
import type { NotReady } from '../fleet/not-ready.ts';
import { reasonsNotReady } from '../fleet/readiness.ts';
import type { Log } from '../log.ts';
import { UserAdmission } from '../metrics/admission.ts';
import { type ExpositionOptions, FleetExposition } from '../metrics/exposition/exposition.ts';
import { Scrapes } from '../metrics/exposition/scrapes.ts';
import { type Build, SelfMetrics } from '../metrics/self-metrics.ts';
import type { Learned } from '../model/learned.ts';
import { enabledStages } from '../model/stage.ts';
import type { ClientOptions } from '../smartag/client.ts';
import { createApp, type WebOptions } from '../web/app.ts';
import type { Reload } from '../web/endpoints/reload.ts';
import { MAX_REQUESTS } from '../web/limits.ts';
import type { ConfigurationState, StatusView } from '../web/status/sources.ts';
import { CallLog } from './call-log.ts';
import type { Persistence } from './persistence.ts';
import { type Changes, PolledAccounts } from './polled-accounts.ts';
import { type KeyedUserNames, userNamesOf } from './user-names.ts';

export interface ExporterOptions {
  readonly config: Config;
  readonly env: ClientOptions['env'];
  readonly clock: Clock;
  /** A number from 0 up to 1, as Math.random gives. */
  readonly random: () => number;
  readonly log: Log;
  readonly build: Build;
  readonly telemetryPath: string;
  /** Maximum number of scrapes at once. @default MAX_REQUESTS */
  readonly maxRequests?: number;
  /** Directory that keeps what is known over restarts; absent when nothing is kept. */
  readonly storagePath?: string | undefined;
  /** Handles a POST to /-/reload; absent when that is forbidden. */
  readonly reload?: Reload | undefined;
}

export interface Exporter {
  readonly app: Express;
  readonly fleet: Fleet;
  /** Renders the body of a scrape: a sequence of parts, each a sequence of chunks. */
  readonly scrape: WebOptions['scrape'];
  start(): void;
  /**
   * Puts another configuration into force as a whole. Calls must not overlap.
   *
   * @throws Error when the key file of hashed user names cannot be read; the configuration then stays in force
   */
  apply(config: Config): Promise<Changes>;
  /** Shows on the status page and in metrics that a changed configuration cannot be used. */
  refused(problems: readonly string[]): void;
  /** Ends all polling, then writes what has changed; resolves when nothing is in flight. */
  stop(): Promise<void>;
}

/**
 * Creates the fleet, the pollers that fill it, and the web application that shows it.
 *
 * @throws Error when the key file of hashed user names cannot be read
 */
export async function createExporter(options: ExporterOptions): Promise<Exporter> {
  const { clock, build, log, telemetryPath, reload, maxRequests = MAX_REQUESTS } = options;
  const fleet = new Fleet(clock, mostUsers(getHeapStatistics().heap_size_limit));
  const self = new SelfMetrics(build);
  const calls = new CallLog();
  const persistence = await persistenceOf(options, { fleet, self }, (account) =>
    accounts.learnedOf(account),
  );
  const accounts: PolledAccounts = new PolledAccounts({
    ...options,
    fleet,
    self,
    calls,
    learnedBefore: (account) => persistence?.learnedBefore(account),
  });
  const now = (): number => clock.now() / SECOND;
  let configuration: ConfigurationState = { loadedAt: now() };
  let lastScrape: number | undefined;
  const sources: ViewSources = { fleet, self, clock };
  let view = await viewOf(options.config, sources);
  const apply = async (config: Config): Promise<Changes> => {
    const next = await viewOf(config, sources, view);
    const changes = await accounts.apply(config);
    view = next;
    persistence?.use(config, next.userNames.of);
    self.watching(config.shard);
    configuration = { loadedAt: now() };
    self.configurationLoaded(configuration.loadedAt);
    return changes;
  };
  await apply(options.config);

  let started = false;
  let wasReady = false;
  const notReady = (): readonly NotReady[] => {
    if (wasReady) return [];
    if (!started) return [{ kind: 'starting' }];
    const reasons = reasonsNotReady(fleet, view.shown.staleAfter);
    wasReady = reasons.length === 0;
    if (wasReady) log.info('ready: no instance waits for its first passes');
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
        // Checks the readiness, so that the log says `ready` even if nobody asks for it.
        notReady();
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
        keepsState: () => persistence !== undefined && persistence.problem === undefined,
        storageProblem: () => persistence?.problem,
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
      persistence?.start();
    },
    apply,
    refused(problems) {
      configuration = { ...configuration, refused: { at: now(), problems } };
      self.configurationRefused();
    },
    async stop() {
      await accounts.stop();
      await persistence?.stop();
    },
  };
}

/** Loads its code only when it is needed: most commands keep nothing. */
async function persistenceOf(
  { config, clock, log, storagePath }: ExporterOptions,
  parts: { readonly fleet: Fleet; readonly self: SelfMetrics },
  learnedOf: (account: string) => Learned | undefined,
): Promise<Persistence | undefined> {
  if (storagePath === undefined) return undefined;
  const { openPersistence } = await import('./persistence.ts');
  return openPersistence({ path: storagePath, config, clock, log, ...parts, learnedOf });
}

/**
 * The part of the exporter that shows the fleet as the configuration wants it. Each configuration has a view
 * of its own.
 */
interface View {
  readonly userNames: KeyedUserNames;
  readonly admission: UserAdmission;
  /** Everything besides the fleet that rendered blocks depend on. */
  readonly shown: Pick<ExpositionOptions, 'staleAfter' | 'settings' | 'userNames'>;
  readonly scrapes: Scrapes;
  /** A new object for each configuration. */
  readonly status: StatusView;
}

interface ViewSources {
  readonly fleet: Fleet;
  readonly self: SelfMetrics;
  readonly clock: Clock;
}

/**
 * Reuses the parts of the earlier view that the new configuration does not change: the hashes, the admission of
 * users, and the rendered blocks.
 */
async function viewOf(
  config: Config,
  { fleet, self, clock }: ViewSources,
  before?: View,
): Promise<View> {
  const { maxUserSeries } = config.metrics;
  const userNames = await userNamesOf(config.metrics, countUsersOf(fleet), before?.userNames);
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

function countUsersOf(fleet: Fleet): () => number {
  return () => {
    let users = 0;
    for (const { snapshot } of fleet.instances) users += snapshot.users?.users.length ?? 0;
    return users;
  };
}
