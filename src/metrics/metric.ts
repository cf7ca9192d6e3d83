import type { AccountRecord, RegionRecord } from '../fleet/fleet.ts';
import type { VisibleInstance } from '../fleet/visible.ts';
import type { Session } from '../model/session.ts';
import type { InstanceStage } from '../model/stage.ts';
import type { UserTraffic } from '../model/traffic.ts';
import type { User } from '../model/user.ts';

/** What a metric counts in; its name must end accordingly. */
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

/** Everything a reader of a metric is told; each metric is declared once, as one literal. */
export interface Declaration<Label extends string = string> {
  readonly name: string;
  /** A full sentence, ending in a full stop. */
  readonly help: string;
  readonly type: 'gauge' | 'counter' | 'histogram';
  readonly unit: Unit;
  /** Each label of its own with its meaning, beside those of its scope. */
  readonly labels: Readonly<Record<Label, string>>;
  /** A PromQL query that makes use of it; without `|`, which would end a cell of the reference. */
  readonly example: string;
}

/** One value; its labels are the metric's own, the scope's are added. */
export interface Sample<Label extends string = string> {
  readonly labels: Readonly<Record<Label, string>>;
  readonly value: number;
}

/** What the configuration decides about samples. */
export interface MetricsSettings {
  readonly detail: 'instances' | 'users' | 'sessions';
  readonly userMail: boolean;
  readonly sessionAge: boolean;
  /** Metrics of an optional stage are exposed only when it is among these. */
  readonly enabledStages?: readonly InstanceStage[];
}

/** How many clients a user has online. */
export interface OnlineUser {
  readonly userName: string;
  readonly clients: number;
}

/** A user who is online, and since when. */
export interface SessionUser {
  readonly userName: string;
  /** Start of the longest-running session, seconds since the epoch. */
  readonly oldestStart: number;
}

/** What a user sent and received. */
export interface TrafficUser extends UserTraffic {
  readonly userName: string;
}

/** A session of a user; of several from one address the longest-running. */
export interface UserSession {
  readonly userName: string;
  readonly session: Session & { readonly start: number };
}

/** The subject of a metric, by what it is exposed for. */
export interface Subjects {
  account: AccountRecord;
  region: RegionRecord;
  instance: VisibleInstance;
  user: User;
  'online user': OnlineUser;
  'session user': SessionUser;
  session: UserSession;
  'traffic user': TrafficUser;
}
export type Scope = keyof Subjects;

const ACCOUNT = {
  account: 'Name of the Alibaba Cloud account in the configuration.',
} as const;
const REGION = { ...ACCOUNT, region_id: 'Region, such as cn-shanghai.' } as const;
const INSTANCE = {
  ...REGION,
  instance_id: 'SAG APP instance, such as sag-kzo5dvms3dqii3.',
} as const;
const USER = {
  ...INSTANCE,
  user_name: 'Name of the user (client account), which may be a mail address.',
} as const;

/** The labels every metric of a scope has, in order, with their meanings. */
export const SCOPE_LABELS = {
  account: ACCOUNT,
  region: REGION,
  instance: INSTANCE,
  user: USER,
  'online user': USER,
  'session user': USER,
  'traffic user': USER,
  session: { ...USER, client_ip: 'Address of the client.' },
} as const satisfies Record<Scope, Readonly<Record<string, string>>>;

/** A metric derived from the fleet's picture. */
export interface Metric<In extends Scope = Scope, Label extends string = string>
  extends Declaration<Label> {
  readonly type: 'gauge' | 'counter';
  readonly scope: In;
  /** Whether the configuration wants it; it does when absent. */
  readonly wanted?: (settings: MetricsSettings) => boolean;
  /** Pure: what is unknown yields nothing. */
  readonly samples: (subject: Subjects[In], settings: MetricsSettings) => Iterable<Sample<Label>>;
  /** Samples are times, seconds since the epoch; what is exposed is their age at the scrape, in whole seconds. */
  readonly isAge?: true;
}

/** A metric whose scope is known and whose labels are not: what lists of metrics hold. */
export type AnyMetric = { readonly [In in Scope]: Metric<In> }[Scope];

/** Lets the compiler hold a metric's samples against the labels it declares. */
export function defineMetric<In extends Scope, Label extends string>(
  metric: Metric<In, Label>,
): Metric<In, Label> {
  return metric;
}

/** One sample without labels of its own, or none where the value is unknown. */
export function ifKnown(value: number | undefined): readonly Sample<never>[] {
  return value === undefined ? [] : [{ labels: {}, value }];
}
