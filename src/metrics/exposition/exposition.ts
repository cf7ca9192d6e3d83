import type { Clock } from '../../clock.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { type VisibleInstance, visibleInstance } from '../../fleet/visible.ts';
import type { Admits, UserAdmission } from '../admission.ts';
import { FLEET_METRICS } from '../catalog/index.ts';
import type {
  AnyMetric,
  Context,
  Declaration,
  Metric,
  MetricsSettings,
  Sample,
  Scope,
  Subjects,
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
  /** Who gets series; one object serves all renderings, so that the choice stays the same. */
  readonly admission: UserAdmission;
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
    const { fleet, settings, staleAfter, clock, admission } = options;
    this.#options = options;
    this.#context = { settings, now: clock.now() / 1000 };
    this.#instances = Array.from(fleet.instances, (record) =>
      visibleInstance(fleet, record, staleAfter),
    );
    this.#metrics = FLEET_METRICS.filter((metric) => isWanted(metric, settings));
    this.#admits = admission.admit(this.#instances, this.#metrics.filter(isPerUser).length);
  }

  render(): Exposition {
    for (const metric of this.#metrics) {
      const lines = this.#lines(metric);
      if (lines.length > 0) this.#text.push(`${header(metric)}${lines.join('\n')}\n`);
    }
    return {
      text: this.#text,
      series: { exposed: this.#exposed, dropped: this.#dropped },
    };
  }

  #lines(metric: AnyMetric): readonly string[] {
    const { fleet } = this.#options;
    switch (metric.scope) {
      case 'account':
        return this.#plainLines(metric, fleet.accounts, ({ name }) => [name]);
      case 'region':
        return this.#plainLines(metric, fleet.regions, (region) => [
          region.account,
          region.regionId,
        ]);
      case 'instance':
        return this.#plainLines(metric, this.#instances, identity);
      case 'user':
        return this.#userLines(metric);
      case 'online user':
        return this.#userLines(metric);
      case 'session user':
        return this.#userLines(metric);
      case 'traffic user':
        return this.#userLines(metric);
      case 'session':
        return this.#userLines(metric);
    }
  }

  #plainLines<In extends Exclude<Scope, UserScope>>(
    metric: Metric<In>,
    subjects: Iterable<Subjects[In]>,
    valuesOf: (subject: Subjects[In]) => readonly string[],
  ): readonly string[] {
    const lines: string[] = [];
    const names = Object.keys(SCOPE_LABELS[metric.scope]);
    const seen = new Set<string>();
    for (const subject of subjects) {
      const scope = labelPairs(names, valuesOf(subject));
      if (!isFirst(scope, seen)) continue;
      for (const sample of metric.samples(subject, this.#context)) {
        lines.push(line(metric, scope, sample));
      }
    }
    return lines;
  }

  #userLines<In extends UserScope>(metric: Metric<In>): readonly string[] {
    const { userNames, admission } = this.#options;
    const lines: string[] = [];
    const names = Object.keys(SCOPE_LABELS[metric.scope]);
    const seenInstances = new Set<string>();
    for (const instance of this.#instances) {
      const values = identity(instance);
      const shared = labelPairs(names, values);
      if (!isFirst(shared, seenInstances)) continue;
      const ownNames = names.slice(values.length);
      const admits = this.#admits.get(instance);
      const seen = new Set<string>();
      for (const { subject, userName, clientIp } of USER_SUBJECTS[metric.scope](instance)) {
        const samples = metric.samples(subject, this.#context);
        const isAdmitted = admits?.(userName) === true;
        const own = isAdmitted ? labelPairs(ownNames, [userNames(userName), clientIp ?? '']) : '';
        if (isAdmitted && !isFirst(own, seen)) continue;
        for (const sample of samples) {
          // A user is admitted with one session, but may have more.
          if (!isAdmitted || this.#exposed >= admission.most) {
            this.#dropped++;
            continue;
          }
          this.#exposed++;
          lines.push(line(metric, `${shared},${own}`, sample));
        }
      }
    }
    return lines;
  }
}

function header({ name, help, type }: Declaration): string {
  return `# HELP ${name} ${helpText(help)}\n# TYPE ${name} ${type}\n`;
}

/**
 * Whether a scope's labels have not stood in the family yet. Different names may be equal once they
 * are hashed, or repaired, and a series must not stand twice.
 */
function isFirst(labels: string, seen: Set<string>): boolean {
  if (seen.has(labels)) return false;
  seen.add(labels);
  return true;
}

/** The labels that have a value, as they stand between the braces. */
function labelPairs(names: readonly string[], values: readonly string[]): string {
  return names
    .slice(0, values.length)
    .map((name, index) => `${name}="${labelValue(values[index] ?? '')}"`)
    .join(',');
}

function line({ name }: { readonly name: string }, scope: string, sample: Sample): string {
  let labels = scope;
  for (const [label, text] of Object.entries(sample.labels)) {
    labels += `,${label}="${labelValue(text)}"`;
  }
  return `${name}{${labels}} ${sampleValue(sample.value)}`;
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
