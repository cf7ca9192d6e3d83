import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ApiError } from '../model/api-error.ts';
import type { Shard } from '../model/shard.ts';
import { EXPORTER_METRICS, type OwnMetric } from './catalog/exporter.ts';
import { asOpenMetrics, type Format } from './exposition/format.ts';
import type { SeriesCount } from './exposition/published.ts';

/**
 * Maximum number of different codes that get series of their own, so that an unusual API cannot cause an
 * endless number of series.
 */
const MOST_CODES = 50;

/** Default metrics of prom-client that are gauges with the name of a counter; promtool reports them as errors. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** prom-client writes `Nan`, which not every parser accepts. */
const ITS_NAN = ' Nan\n';
const NAN = ' NaN\n';

export interface Build {
  readonly version: string;
  readonly revision: string;
  readonly nodeVersion: string;
  /** Address of the folder of documents, without a slash at its end. */
  readonly documents: string;
}

/** The outcome of an API call. */
export interface CallFacts {
  readonly operation: string;
  readonly error?: ApiError | undefined;
  readonly seconds: number;
}

/** The metrics of the exporter itself. prom-client keeps them, because they are counted where things happen. */
export class SelfMetrics {
  readonly #registry = new Registry();
  readonly #codes = new Set<string>();
  readonly #apiRequests = this.#counter(EXPORTER_METRICS.apiRequests);
  readonly #apiRequestDuration = this.#histogram(EXPORTER_METRICS.apiRequestDuration);
  readonly #apiWait = this.#counter(EXPORTER_METRICS.apiWait);
  readonly #apiBudget = this.#gauge(EXPORTER_METRICS.apiBudget);
  readonly #configReloadSuccessful = this.#gauge(EXPORTER_METRICS.configReloadSuccessful);
  readonly #configReloadTime = this.#gauge(EXPORTER_METRICS.configReloadTime);
  readonly #series = this.#gauge(EXPORTER_METRICS.series);
  readonly #scrapeDuration = this.#histogram(EXPORTER_METRICS.scrapeDuration);
  readonly #shardInfo = this.#gauge(EXPORTER_METRICS.shardInfo);

  /** Created when they have a value: without storage they are absent, and prom-client would show 0. */
  #storageWriteSuccessful: Gauge | undefined;
  #storageWriteTime: Gauge | undefined;
  #storageSize: Gauge<'kind'> | undefined;
  #exposed: SeriesCount | undefined;

  constructor(build: Omit<Build, 'documents'>) {
    collectDefaultMetrics({ register: this.#registry });
    for (const name of MISNAMED) this.#registry.removeSingleMetric(name);
    const { version, revision, nodeVersion } = build;
    this.#gauge(EXPORTER_METRICS.buildInfo).set(
      { version, revision, node_version: nodeVersion },
      1,
    );
  }

  /** The text of all metrics, without the last line of OpenMetrics. */
  async text(format: Format): Promise<string> {
    const text = (await this.#registry.metrics()).replaceAll(ITS_NAN, NAN);
    return format === 'text' ? text : asOpenMetrics(text);
  }

  called(account: string, { operation, error, seconds }: CallFacts): void {
    const code = error === undefined ? 'OK' : (error.code ?? error.kind);
    this.#apiRequests.inc({ account, operation, code: this.#bounded(code) });
    this.#apiRequestDuration.observe({ operation }, seconds);
  }

  waited(account: string, operation: string, seconds: number): void {
    this.#apiWait.inc({ account, operation }, seconds);
  }

  allowed(account: string, operation: string, requestsPerSecond: number): void {
    this.#apiBudget.set({ account, operation }, requestsPerSecond);
  }

  /** Sets the part of the fleet that the exporter watches. */
  watching({ index, total }: Shard): void {
    this.#shardInfo.reset();
    this.#shardInfo.set({ index: String(index), total: String(total) }, 1);
  }

  /** @param at the time in seconds since the epoch */
  configurationLoaded(at: number): void {
    this.#configReloadSuccessful.set(1);
    this.#configReloadTime.set(at);
  }

  configurationRefused(): void {
    this.#configReloadSuccessful.set(0);
  }

  /** @param at the time in seconds since the epoch; absent when no write was needed yet */
  stored(at?: number): void {
    this.#storageWriteSuccessful ??= this.#gauge(EXPORTER_METRICS.storageWriteSuccessful);
    this.#storageWriteSuccessful.set(1);
    if (at === undefined) return;
    this.#storageWriteTime ??= this.#gauge(EXPORTER_METRICS.storageWriteTime);
    this.#storageWriteTime.set(at);
  }

  notStored(): void {
    this.#storageWriteSuccessful ??= this.#gauge(EXPORTER_METRICS.storageWriteSuccessful);
    this.#storageWriteSuccessful.set(0);
  }

  /** @param sizes in bytes */
  storageSized(sizes: { readonly state: number; readonly history: number }): void {
    this.#storageSize ??= this.#gauge(EXPORTER_METRICS.storageSize);
    this.#storageSize.set({ kind: 'state' }, sizes.state);
    this.#storageSize.set({ kind: 'history' }, sizes.history);
  }

  /** Removes the series of an account that is no longer polled. */
  async forget(account: string): Promise<void> {
    for (const metric of [this.#apiRequests, this.#apiWait, this.#apiBudget]) {
      const { values } = await metric.get();
      for (const { labels } of values) if (labels.account === account) metric.remove(labels);
    }
  }

  /** The series of the newest scrape; absent before the first scrape. */
  get series(): SeriesCount | undefined {
    return this.#exposed;
  }

  exposed(series: SeriesCount): void {
    this.#exposed = series;
    this.#series.set({ disposition: 'exposed' }, series.exposed);
    this.#series.set({ disposition: 'dropped' }, series.dropped);
  }

  scraped(seconds: number): void {
    this.#scrapeDuration.observe(seconds);
  }

  #bounded(code: string): string {
    if (this.#codes.has(code)) return code;
    if (this.#codes.size >= MOST_CODES) return 'other';
    this.#codes.add(code);
    return code;
  }

  #counter<Label extends string>(metric: OwnMetric<Label>): Counter<Label> {
    return new Counter(this.#configured(metric));
  }

  #gauge<Label extends string>(metric: OwnMetric<Label>): Gauge<Label> {
    return new Gauge(this.#configured(metric));
  }

  #histogram<Label extends string>(metric: OwnMetric<Label>): Histogram<Label> {
    return new Histogram({ ...this.#configured(metric), buckets: [...(metric.buckets ?? [])] });
  }

  #configured<Label extends string>({ name, help, labels }: OwnMetric<Label>) {
    const labelNames = Object.keys(labels) as Label[];
    return { name, help, labelNames, registers: [this.#registry] };
  }
}
