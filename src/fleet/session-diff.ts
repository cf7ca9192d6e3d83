import type { Session, UserSession } from '../model/session.ts';
import type { SessionsSnapshot } from '../model/snapshot.ts';

export interface SessionDiff {
  /** The number of sessions that have started. */
  readonly started: number;
  readonly ended: readonly UserSession[];
}

const NOTHING: SessionDiff = { started: 0, ended: [] };

/**
 * Compares two passes of the sessions stage: which sessions have started and ended in between. A session is
 * identified by its user, address and start, so a reconnect counts as one end and one start. Sessions of users
 * whom no earlier pass has read count as started only after a complete pass, so a restart of the exporter counts
 * nothing.
 *
 * @param wasComplete whether the older pass read the sessions of every user of that time, so that a user
 *   missing in it is new
 */
export function sessionDiff(
  before: SessionsSnapshot | undefined,
  after: SessionsSnapshot,
  wasComplete: boolean,
): SessionDiff {
  if (!before) return NOTHING;
  let started = 0;
  const ended: UserSession[] = [];
  for (const [userName, now] of after.sessions) {
    const then = before.sessions.get(userName);
    if (then === now) continue;
    if (then) {
      started += missing(now, then).length;
      ended.push(...ofUser(userName, missing(then, now)));
    } else if (wasComplete) {
      started += now.length;
    }
  }
  // All sessions of a removed user have ended.
  for (const [userName, then] of before.sessions) {
    if (!after.sessions.has(userName)) ended.push(...ofUser(userName, then));
  }
  return { started, ended };
}

/** All sessions of a snapshot. */
export function userSessions(snapshot: SessionsSnapshot | undefined): readonly UserSession[] {
  return Array.from(snapshot?.sessions ?? [], ([name, list]) => ofUser(name, list)).flat();
}

function ofUser(userName: string, sessions: readonly Session[]): readonly UserSession[] {
  return sessions.map((session) => ({ userName, session }));
}

/** The `sessions` without a counterpart in `others`; each of `others` is matched once. */
function missing(sessions: readonly Session[], others: readonly Session[]): readonly Session[] {
  if (sessions.length === 0) return sessions;
  const left = new Map<string, number>();
  for (const other of others) left.set(keyOf(other), (left.get(keyOf(other)) ?? 0) + 1);
  return sessions.filter((session) => {
    const count = left.get(keyOf(session)) ?? 0;
    if (count > 0) left.set(keyOf(session), count - 1);
    return count === 0;
  });
}

function keyOf({ clientIp, start }: Session): string {
  return `${clientIp} ${start ?? ''}`;
}
