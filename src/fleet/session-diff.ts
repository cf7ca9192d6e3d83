import type { Session } from '../model/session.ts';
import type { SessionsSnapshot } from '../model/snapshot.ts';

export interface SessionDiff {
  readonly started: number;
  readonly ended: number;
}

const NOTHING: SessionDiff = { started: 0, ended: 0 };

/**
 * Compares two passes of the sessions stage, for the counters of started and ended sessions. A session is
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
  // All sessions of a removed user have ended.
  for (const [userName, then] of before.sessions) {
    if (!after.sessions.has(userName)) ended += then.length;
  }
  return { started, ended };
}

/** The number of `sessions` without a counterpart in `others`; each of `others` is matched once. */
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
