import type { Session } from '../model/session.ts';
import type { SessionsSnapshot } from '../model/snapshot.ts';

/** Sessions that began and ended between two observations. */
export interface SessionDiff {
  readonly started: number;
  readonly ended: number;
}

const NOTHING: SessionDiff = { started: 0, ended: 0 };

/**
 * Compares two successive sessions passes. A session is known by its user, address and start, so a
 * reconnect is one end and one start. Before the first complete pass nothing is known to have begun
 * or ended: a restart of the exporter counts nothing.
 *
 * @param before the older snapshot; its users are those observed then
 * @param wasComplete whether the older pass observed every user there was, so that one it did not is new
 */
export function sessionDiff(
  before: SessionsSnapshot | undefined,
  after: SessionsSnapshot,
  wasComplete: boolean,
): SessionDiff {
  if (!before) return NOTHING;
  let started = 0;
  let ended = 0;
  for (const [userName, now] of after.sessions) {
    const then = before.sessions.get(userName);
    if (then === now) continue;
    if (then) {
      started += countMissing(now, then);
      ended += countMissing(then, now);
    } else if (wasComplete) {
      started += now.length;
    }
  }
  // A user who is gone has no session any more.
  for (const [userName, then] of before.sessions) {
    if (!after.sessions.has(userName)) ended += then.length;
  }
  return { started, ended };
}

/** How many of `sessions` are not among `others`, each of which answers for one. */
function countMissing(sessions: readonly Session[], others: readonly Session[]): number {
  if (sessions.length === 0) return 0;
  const left = new Map<string, number>();
  for (const other of others) left.set(keyOf(other), (left.get(keyOf(other)) ?? 0) + 1);
  let missing = 0;
  for (const session of sessions) {
    const count = left.get(keyOf(session)) ?? 0;
    if (count > 0) left.set(keyOf(session), count - 1);
    else missing++;
  }
  return missing;
}

function keyOf({ clientIp, start }: Session): string {
  return `${clientIp} ${start ?? ''}`;
}
