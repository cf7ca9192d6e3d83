import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ApiError } from '../model/api-error.ts';
import type { Shard } from '../model/shard.ts';
import * as catalog from './catalog/exporter.ts';
import { asOpenMetrics, type Format } from './exposition/format.ts';
import type { SeriesCount } from './exposition/published.ts';

/** Different codes told apart; a hostile or changing API must not make series without end. */
const MOST_CODES = 50;

/** Default metrics of prom-client that are gauges with a counter's name, to which promtool objects. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** As prom-client writes it, which not every reader knows. */
const ITS_NAN = ' Nan\n';
const NAN = ' NaN\n';

/** What the build says of itself. */
export interface Build {
  readonly version: string;
  readonly revision: string;
  readonly nodeVersion: string;
}

/** A call that was made. */
export interface CallFacts {
  readonly operation: string;
  /** Absent when it succeeded. */
  readonly error?: ApiError | undefined;
  readonly seconds: number;
}

/** The metrics of the exporter itself, where a registry is the right tool. */
export class SelfMetrics {
  readonly #registry = new Registry();
  readonly #codes = new Set<string>();
  readonly #apiRequests = this.#counter(catalog.apiRequests);
  readonly #apiRequestDuration = this.#histogram(catalog.apiRequestDuration);
  readonly #apiWait = this.#counter(catalog.apiWait);
  readonly #apiBudget = this.#gauge(catalog.apiBudget);
  readonly #configReloadSuccessful = this.#gauge(catalog.configReloadSuccessful);
  readonly #configReloadTime = this.#gauge(catalog.configReloadTime);
  readonly #series = this.#gauge(catalog.series);
  readonly #scrapeDuration = this.#histogram(catalog.scrapeDuration);
  readonly #shardInfo = this.#gauge(catalog.shardInfo);

  #exposed: SeriesCount | undefined;

  constructor(build: Build) {
    collectDefaultMetrics({ register: this.#registry });
    for (const name of MISNAMED) this.#registry.removeSingleMetric(name);
    const { version, revision, nodeVersion } = build;
    this.#gauge(catalog.buildInfo).set({ version, revision, node_version: nodeVersion }, 1);
  }

  /** The metrics as they are now, without what ends an exposition. */
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

  /** Which part of the fleet is watched from now on. */
  watching({ index, total }: Shard): void {
    this.#shardInfo.reset();
    this.#shardInfo.set({ index: String(index), total: String(total) }, 1);
  }

  /** @param at when, in seconds since the epoch */
  configurationLoaded(at: number): void {
    this.#configReloadSuccessful.set(1);
    this.#configReloadTime.set(at);
  }

  /** A configuration was to be loaded and cannot be used. */
  configurationRefused(): void {
    this.#configReloadSuccessful.set(0);
  }

  /** Drops the series of an account that is not polled any more. */
  async forget(account: string): Promise<void> {
    for (const metric of [this.#apiRequests, this.#apiWait, this.#apiBudget]) {
      const { values } = await metric.get();
      for (const { labels } of values) if (labels.account === account) metric.remove(labels);
    }
  }

  /** The series of the newest scrape; absent before the first. */
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

  #counter<Label extends string>(metric: catalog.OwnMetric<Label>): Counter<Label> {
    return new Counter(this.#configured(metric));
  }

  #gauge<Label extends string>(metric: catalog.OwnMetric<Label>): Gauge<Label> {
    return new Gauge(this.#configured(metric));
  }

  #histogram<Label extends string>(metric: catalog.OwnMetric<Label>): Histogram<Label> {
    return new Histogram({ ...this.#configured(metric), buckets: [...(metric.buckets ?? [])] });
  }

  #configured<Label extends string>({ name, help, labels }: catalog.OwnMetric<Label>) {
    const labelNames = Object.keys(labels) as Label[];
    return { name, help, labelNames, registers: [this.#registry] };
  }
}
