import { oldestStartOf } from '../fleet/snapshots.ts';
import type { VisibleInstance } from '../fleet/visible.ts';
import type { Session } from '../model/session.ts';
import type { InstanceStage } from '../model/stage.ts';
import type { Scope, Subjects } from './metric.ts';

/** The scopes whose subjects belong to one instance and one user. */
export type UserScope = Extract<
  Scope,
  'user' | 'online user' | 'session user' | 'session' | 'traffic user'
>;

/** The stage whose part of the snapshot holds the subjects of each scope. */
export const PART_OF_SCOPE = {
  user: 'users',
  'online user': 'online',
  'session user': 'sessions',
  'traffic user': 'traffic',
  session: 'sessions',
} as const satisfies Record<UserScope, InstanceStage>;

/** One subject with the labels that tell it from the others of its instance. */
export interface UserSubject<In extends UserScope> {
  readonly subject: Subjects[In];
  readonly userName: string;
  readonly clientIp?: string;
}

/** The subjects of each scope in an instance; what has gone stale, or was never seen, has none. */
export const USER_SUBJECTS: {
  readonly [In in UserScope]: (instance: VisibleInstance) => Iterable<UserSubject<In>>;
} = {
  *user({ users }) {
    for (const user of users?.users ?? []) yield { subject: user, userName: user.name };
  },
  *'online user'({ online }) {
    for (const [userName, clients] of online?.clients ?? []) {
      yield { subject: { userName, clients }, userName };
    }
  },
  *'session user'({ sessions }) {
    for (const [userName, list] of sessions?.sessions ?? []) {
      const oldestStart = oldestStartOf(list);
      if (oldestStart !== undefined) yield { subject: { userName, oldestStart }, userName };
    }
  },
  *'traffic user'({ traffic }) {
    for (const [userName, known] of traffic?.users ?? []) {
      yield { subject: { userName, ...known }, userName };
    }
  },
  *session({ sessions }) {
    for (const [userName, list] of sessions?.sessions ?? []) {
      for (const session of oldestByAddress(list)) {
        yield { subject: { userName, session }, userName, clientIp: session.clientIp };
      }
    }
  },
};

/** Two devices behind one address are one series. */
function oldestByAddress(
  sessions: readonly Session[],
): Iterable<Session & { readonly start: number }> {
  const oldest = new Map<string, Session & { readonly start: number }>();
  for (const { clientIp, start } of sessions) {
    if (start === undefined) continue;
    const known = oldest.get(clientIp);
    if (!known || start < known.start) oldest.set(clientIp, { clientIp, start });
  }
  return oldest.values();
}
