import type { Distribution } from '../fleet/distribution.ts';
import type { InstanceStage } from '../model/stage.ts';
import { SCOPE_LABELS, type Scope, type Subjects } from './scopes.ts';

/** The unit of a metric. A test checks that the metric's name ends with it. */
export type Unit =
  | 'count'
  | 'info'
  | 'boolean'
  | 'timestamp_seconds'
  | 'seconds'
  | 'bytes'
  | 'bytes_per_second'
  | 'requests_per_second'
  | 'ratio';

/** Name, type and documentation of a metric. Each metric is declared once, as one literal. */
export interface Declaration<Label extends string = string> {
  readonly name: string;
  /** A full sentence, ending in a full stop. */
  readonly help: string;
  readonly type: 'gauge' | 'counter' | 'histogram';
  readonly unit: Unit;
  /** The labels that the metric has besides those of its scope, each with its meaning. */
  readonly labels: Readonly<Record<Label, string>>;
  /** A PromQL query that uses the metric. It has no `|`, which would end a table cell of docs/metrics.md. */
  readonly example: string;
}

/** A value and the metric's own labels; samples.ts adds those of its scope. */
export interface Sample<Label extends string = string> {
  readonly labels: Readonly<Record<Label, string>>;
  readonly value: number;
  /** Present only for a histogram, which has several lines for each set of labels. */
  readonly line?: HistogramLine;
}

/** A line of a histogram: a bucket with its upper bound, the sum, or the count. */
export type HistogramLine =
  | { readonly suffix: '_bucket'; readonly le: string }
  | { readonly suffix: '_sum' | '_count' };

/** The settings that decide which metrics are exposed and what they show. */
export interface MetricsSettings {
  readonly detail: 'instances' | 'users' | 'sessions';
  readonly userMail: boolean;
  readonly sessionAge: boolean;
  /** For how long users must not have been online to count as unused, each as it is configured. */
  readonly unusedAfter: readonly { readonly text: string; readonly milliseconds: number }[];
  /** Metrics of an optional stage are exposed only when the stage is in this list. */
  readonly enabledStages?: readonly InstanceStage[];
}

/** The declaration of a metric that is derived from the fleet's snapshots. */
export interface FleetDeclaration<In extends Scope = Scope, Label extends string = string>
  extends Declaration<Label> {
  readonly scope: In;
  /**
   * The samples are times, in seconds since the epoch; the exposition shows how long ago they were at the
   * scrape, in whole seconds.
   */
  readonly isAge?: true;
  /** The name of another metric of the scope. A subject has one of the two, never both. */
  readonly insteadOf?: string;
}

/** A metric that is derived from the fleet's snapshots. */
export interface Metric<In extends Scope = Scope, Label extends string = string>
  extends FleetDeclaration<In, Label> {
  /** Whether the settings ask for the metric; without this function it is always exposed. */
  readonly wanted?: (settings: MetricsSettings) => boolean;
  /** A pure function; an unknown value yields no sample. */
  readonly samples: (
    subject: Subjects[In],
    settings: MetricsSettings,
  ) => Iterable<Sample<NoInfer<Label>>>;
}

/** A metric of a known scope whose labels are not known. Lists of metrics have this type. */
export type AnyMetric = { readonly [In in Scope]: Metric<In> }[Scope];

const NO_LABELS: Readonly<Record<never, string>> = {};

/** A declaration as it is written. @default a gauge, without labels of its own */
export type Written<Declared extends Declaration> = Omit<Declared, 'type' | 'labels'> &
  Partial<Pick<Declared, 'type' | 'labels'>>;

/** The compiler checks that the samples have the labels that the metric declares. */
export function defineMetric<In extends Scope, Label extends string = never>(
  metric: Written<Metric<In, Label>>,
): Metric<In, Label> {
  const { type = 'gauge', labels = {} as Readonly<Record<Label, string>> } = metric;
  return { ...metric, type, labels };
}

/** Defines a histogram without labels of its own. */
export function defineHistogram<In extends Scope>({
  distribution,
  ...declaration
}: Omit<Written<Metric<In, never>>, 'type' | 'labels' | 'samples'> & {
  readonly distribution: (subject: Subjects[In]) => Distribution;
}): Metric<In, never> {
  return defineMetric<In>({
    ...declaration,
    type: 'histogram',
    samples: (subject) => linesOf(distribution(subject)),
  });
}

function* linesOf({ bounds, counts, sum }: Distribution): Generator<Sample<never>> {
  for (const [index, value] of counts.entries()) {
    const le = String(bounds[index] ?? '+Inf');
    yield { labels: NO_LABELS, value, line: { suffix: '_bucket', le } };
  }
  yield { labels: NO_LABELS, value: sum, line: { suffix: '_sum' } };
  yield { labels: NO_LABELS, value: counts.at(-1) ?? 0, line: { suffix: '_count' } };
}

/** One sample without labels of its own; none where the value is unknown. */
export function ifKnown(value: number | undefined): readonly Sample<never>[] {
  return value === undefined ? [] : [{ labels: NO_LABELS, value }];
}

/** All labels of a metric with their meanings, in the order in which the exposition writes them. */
export function labelsWithMeanings({
  scope,
  labels,
}: FleetDeclaration): Readonly<Record<string, string>> {
  return { ...SCOPE_LABELS[scope], ...labels };
}
