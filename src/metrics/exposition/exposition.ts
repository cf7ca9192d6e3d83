import type { Clock } from '../../clock.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { type VisibleInstance, visibleInstance } from '../../fleet/visible.ts';
import { type Admits, admitUsers } from '../admission.ts';
import { FLEET_METRICS } from '../catalog/index.ts';
import type {
  AnyMetric,
  Context,
  Declaration,
  Metric,
  MetricsSettings,
  Sample,
  Scope,
} from '../metric.ts';
import { SCOPE_LABELS } from '../metric.ts';
import { USER_SUBJECTS, type UserScope } from '../subjects.ts';
import type { UserNames } from '../user-names.ts';
import { helpText, labelValue, sampleValue } from './escape.ts';

/** What the exposition of a fleet needs. */
export interface ExpositionOptions {
  readonly fleet: Fleet;
  readonly clock: Clock;
  /** Milliseconds without success after which a stage may be stale. */
  readonly staleAfter: number;
  readonly settings: MetricsSettings;
  readonly userNames: UserNames;
  /** Per-user and per-session series exposed at most. */
  readonly maxUserSeries: number;
}

/** A rendered exposition. */
export interface Exposition {
  /** Text format 0.0.4, in pieces. */
  readonly text: readonly string[];
  /** Per-user and per-session series in it, and those left out by the cap. */
  readonly series: { readonly exposed: number; readonly dropped: number };
}

/** Renders the metrics of the fleet as they are now, in the order of the catalog. */
export function renderFleet(options: ExpositionOptions): Exposition {
  return new Rendering(options).render();
}

class Rendering {
  readonly #options: ExpositionOptions;
  readonly #context: Context;
  readonly #instances: readonly VisibleInstance[];
  readonly #metrics: readonly AnyMetric[];
  readonly #admits: ReadonlyMap<VisibleInstance, Admits>;
  readonly #text: string[] = [];
  #exposed = 0;
  #dropped = 0;

  constructor(options: ExpositionOptions) {
    const { fleet, settings, staleAfter, clock, maxUserSeries } = options;
    this.#options = options;
    this.#context = { settings, now: clock.now() / 1000 };
    this.#instances = Array.from(fleet.instances, (record) =>
      visibleInstance(fleet, record, staleAfter),
    );
    this.#metrics = FLEET_METRICS.filter((metric) => isWanted(metric, settings));
    this.#admits = admitUsers(
      this.#instances,
      this.#metrics.filter(isPerUser).length,
      maxUserSeries,
    );
  }

  render(): Exposition {
    for (const metric of this.#metrics) this.#family(metric);
    return {
      text: this.#text,
      series: { exposed: this.#exposed, dropped: this.#dropped },
    };
  }

  #family(metric: AnyMetric): void {
    const lines = [...this.#samples(metric)];
    if (lines.length === 0) return;
    this.#text.push(`${header(metric)}${lines.join('\n')}\n`);
  }

  *#samples(metric: AnyMetric): Iterable<string> {
    const { fleet } = this.#options;
    switch (metric.scope) {
      case 'account':
        for (const account of fleet.accounts) {
          yield* this.#lines(metric, metric.samples(account, this.#context), [account.name]);
        }
        break;
      case 'region':
        for (const region of fleet.regions) {
          const scope = [region.account, region.regionId];
          yield* this.#lines(metric, metric.samples(region, this.#context), scope);
        }
        break;
      case 'instance':
        for (const instance of this.#instances) {
          const samples = metric.samples(instance, this.#context);
          yield* this.#lines(metric, samples, identity(instance));
        }
        break;
      case 'user':
        yield* this.#userSamples(metric);
        break;
      case 'online user':
        yield* this.#userSamples(metric);
        break;
      case 'session user':
        yield* this.#userSamples(metric);
        break;
      case 'session':
        yield* this.#userSamples(metric);
        break;
    }
  }

  *#userSamples<In extends UserScope>(metric: Metric<In>): Iterable<string> {
    const { userNames } = this.#options;
    for (const instance of this.#instances) {
      const admits = this.#admits.get(instance);
      /** Hashes of different names may be equal, and a series must not stand twice. */
      const seen = new Set<string>();
      for (const { subject, userName, clientIp } of USER_SUBJECTS[metric.scope](instance)) {
        const samples = metric.samples(subject, this.#context);
        if (!admits?.(userName)) {
          for (const _ of samples) this.#dropped++;
          continue;
        }
        const own =
          clientIp === undefined ? [userNames(userName)] : [userNames(userName), clientIp];
        const key = own.join('\n');
        if (seen.has(key)) continue;
        seen.add(key);
        for (const line of this.#lines(metric, samples, [...identity(instance), ...own])) {
          this.#exposed++;
          yield line;
        }
      }
    }
  }

  *#lines(
    { name, scope }: { readonly name: string; readonly scope: Scope },
    samples: Iterable<Sample>,
    scopeValues: readonly string[],
  ): Iterable<string> {
    const shared = Object.keys(SCOPE_LABELS[scope])
      .map((label, index) => `${label}="${labelValue(scopeValues[index] ?? '')}"`)
      .join(',');
    for (const { labels, value } of samples) {
      const own = Object.entries(labels).map(([label, text]) => `,${label}="${labelValue(text)}"`);
      yield `${name}{${shared}${own.join('')}} ${sampleValue(value)}`;
    }
  }
}

function header({ name, help, type }: Declaration): string {
  return `# HELP ${name} ${helpText(help)}\n# TYPE ${name} ${type}\n`;
}

function identity({ id }: VisibleInstance): readonly string[] {
  return [id.account, id.regionId, id.instanceId];
}

function isPerUser({ scope }: AnyMetric): boolean {
  return scope in USER_SUBJECTS;
}

function isWanted(metric: AnyMetric, settings: MetricsSettings): boolean {
  if (isPerUser(metric) && settings.detail === 'instances') return false;
  return metric.wanted?.(settings) ?? true;
}
