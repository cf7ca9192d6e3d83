import type { AccountRecord, RegionRecord } from '../fleet/fleet.ts';
import type { UserTimes } from '../fleet/presence.ts';
import { oldestStartOf } from '../fleet/snapshots.ts';
import type { VisibleInstance } from '../fleet/visible.ts';
import type { InstanceId } from '../model/instance.ts';
import type { Session } from '../model/session.ts';
import type { InstanceStage } from '../model/stage.ts';
import type { User, UserTraffic } from '../model/user.ts';

/**
 * The subject of a metric, by the metric's scope: a metric of the scope `user` is computed from one `User`.
 * Stages read different things about a user at different times, so each of these stages has a scope of its
 * own.
 */
export interface Subjects {
  account: AccountRecord;
  region: RegionRecord;
  instance: VisibleInstance;
  user: User;
  'online user': number;
  'watched user': UserTimes;
  /** The start of the user's longest-running session, in seconds since the epoch. */
  'session user': number;
  'traffic user': UserTraffic;
  session: StartedSession;
}
export type Scope = keyof Subjects;

export type StartedSession = Session & { readonly start: number };

/** The scopes whose subjects belong to one user of one instance. */
export type UserScope = Exclude<Scope, 'account' | 'region' | 'instance'>;

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

/** The labels of every metric of a scope with their meanings, in the order of the exposition. */
export const SCOPE_LABELS = {
  account: ACCOUNT,
  region: REGION,
  instance: INSTANCE,
  user: USER,
  'online user': USER,
  'watched user': USER,
  'session user': USER,
  'traffic user': USER,
  session: { ...USER, client_ip: 'Address of the client.' },
} as const satisfies Record<Scope, Labels>;

export type Labels = Readonly<Record<string, string>>;

export type LabelsOf<In extends Scope> = Readonly<Record<keyof (typeof SCOPE_LABELS)[In], string>>;

export const accountLabels = ({ name }: AccountRecord): LabelsOf<'account'> => ({ account: name });

export const regionLabels = ({ account, regionId }: RegionRecord): LabelsOf<'region'> => ({
  account,
  region_id: regionId,
});

export const instanceLabels = (id: InstanceId): LabelsOf<'instance'> => ({
  account: id.account,
  region_id: id.regionId,
  instance_id: id.instanceId,
});

/**
 * The labels that distinguish a user or a session from the others of its instance.
 *
 * @param clientIp the address of a session
 */
export function userLabels(userName: string, clientIp: string | undefined): Labels {
  return clientIp === undefined
    ? { user_name: userName }
    : { user_name: userName, client_ip: clientIp };
}

/** A subject of a scope of users, and the values that distinguish it from the others of its instance. */
export interface UserSubject<In extends UserScope> {
  readonly subject: Subjects[In];
  readonly userName: string;
  /** The value of the label `client_ip`; only sessions have it. */
  readonly clientIp?: string;
}

export function isOfUsers(scope: Scope): scope is UserScope {
  return scope in USER_SOURCES;
}

/** Where the subjects of a scope of users come from. */
interface UserSource<In extends UserScope> {
  /** The stage that reads the subjects. */
  readonly stage: InstanceStage;
  /** The part of an instance that holds the subjects. While that object is the same, so are the subjects. */
  readonly part: InstanceStage | 'userTimes';
  /** The subjects in an instance; none when the stage is stale or has read nothing yet. */
  readonly subjects: (instance: VisibleInstance) => Iterable<UserSubject<In>>;
}

export const USER_SOURCES: { readonly [In in UserScope]: UserSource<In> } = {
  user: {
    stage: 'users',
    part: 'users',
    *subjects({ users }) {
      for (const user of users?.users ?? []) yield { subject: user, userName: user.name };
    },
  },
  'online user': {
    stage: 'online',
    part: 'online',
    *subjects({ online }) {
      for (const [userName, clients] of online?.clients ?? []) {
        yield { subject: clients, userName };
      }
    },
  },
  'watched user': {
    stage: 'online',
    part: 'userTimes',
    *subjects({ userTimes }) {
      for (const [userName, subject] of userTimes ?? []) yield { subject, userName };
    },
  },
  'session user': {
    stage: 'sessions',
    part: 'sessions',
    *subjects({ sessions }) {
      for (const [userName, list] of sessions?.sessions ?? []) {
        const oldestStart = oldestStartOf(list);
        if (oldestStart !== undefined) yield { subject: oldestStart, userName };
      }
    },
  },
  'traffic user': {
    stage: 'traffic',
    part: 'traffic',
    *subjects({ traffic }) {
      for (const [userName, subject] of traffic?.users ?? []) yield { subject, userName };
    },
  },
  session: {
    stage: 'sessions',
    part: 'sessions',
    *subjects({ sessions }) {
      for (const [userName, list] of sessions?.sessions ?? []) {
        for (const session of oldestByAddress(list)) {
          yield { subject: session, userName, clientIp: session.clientIp };
        }
      }
    },
  },
};

/** Sessions of one user from one address would be the same series, so only the oldest of them is kept. */
function oldestByAddress(sessions: readonly Session[]): Iterable<StartedSession> {
  const oldest = new Map<string, StartedSession>();
  for (const { clientIp, start } of sessions) {
    if (start === undefined) continue;
    const other = oldest.get(clientIp);
    if (!other || start < other.start) oldest.set(clientIp, { clientIp, start });
  }
  return oldest.values();
}
