import {
  type EndedSession,
  keyOf,
  timeText,
  usableStart,
} from '../../storage/history/ended-session.ts';
import { type HistoryRange, readHistory } from '../../storage/history/read-history.ts';
import type { StoredInstance } from '../../storage/state/stored-instance.ts';
import type { Question } from './question.ts';
import { inMilliseconds, type Recorded } from './recorded.ts';
import type { ShownNames } from './shown-names.ts';

/** A session that answers a question. */
export interface FoundSession extends Omit<EndedSession, 'ended_at'> {
  /** RFC 3339 in UTC; null when the session was open when the state was written. */
  readonly ended_at: string | null;
}

/**
 * The sessions that answer a question: first those that have ended, in the order of their ends, then those that
 * were open when the state was written.
 *
 * @param instanceId the instance whose sessions are wanted; undefined for all
 * @throws Error with the system's code when a file cannot be read
 */
export async function* foundSessions(
  question: Question,
  { historyFolder, instances }: Recorded,
  names: ShownNames,
  instanceId: string | undefined,
): AsyncGenerator<FoundSession, void> {
  const { user } = question;
  const isWanted = (session: FoundSession): boolean =>
    (instanceId === undefined || session.instance_id === instanceId) &&
    (user === undefined || names.isOf(session.user_name, user));
  const open = new Map<string, FoundSession>();
  for (const instance of instances) {
    for (const session of openSessions(instance, question, names)) {
      if (isWanted(session)) open.set(openKey(session), session);
    }
  }
  for await (const line of readHistory(historyFolder, question)) {
    const session = { ...line, user_name: names.ofLine(line.user_name) };
    if (!isWanted(session)) continue;
    // The session has ended since the state was written.
    open.delete(openKey(session));
    yield session;
  }
  yield* open.values();
}

/** The key of a session, whether it has ended or not. */
const openKey = (session: FoundSession): string => keyOf({ ...session, ended_at: '' });

/** The sessions of a state that were open in the range. Nothing is known of the time after it was written. */
function* openSessions(
  { id, snapshot, presence, writtenAt }: StoredInstance,
  { from, to }: HistoryRange,
  names: ShownNames,
): Generator<FoundSession, void> {
  if (inMilliseconds(writtenAt) < from) return;
  // A session without a start was certainly open in the newest pass.
  const newestPass = Math.min(presence?.countedAt ?? writtenAt, writtenAt);
  for (const [userName, sessions] of snapshot.sessions?.sessions ?? []) {
    for (const { clientIp, start: told } of sessions) {
      const start = usableStart(told, writtenAt);
      if (inMilliseconds(start ?? newestPass) > to) continue;
      yield {
        account: id.account,
        region_id: id.regionId,
        instance_id: id.instanceId,
        user_name: names.ofUser(userName),
        client_ip: clientIp,
        started_at: start === undefined ? null : timeText(start),
        ended_at: null,
      };
    }
  }
}
