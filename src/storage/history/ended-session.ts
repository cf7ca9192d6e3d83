import { DAY, SECOND } from '../../clock.ts';
import type { EndedSessions } from '../../fleet/fleet.ts';
import type { UserSession } from '../../model/session.ts';

/** A line of a history file. Names and order are a contract that log shippers rely on. */
export interface EndedSession {
  readonly account: string;
  readonly region_id: string;
  readonly instance_id: string;
  /** As the metrics show it: a hash with `user_name: hash`. */
  readonly user_name: string;
  readonly client_ip: string;
  /** RFC 3339 in UTC; null when the API told no start. */
  readonly started_at: string | null;
  /** RFC 3339 in UTC: when the pass that missed the session began, but never before `started_at`. */
  readonly ended_at: string;
}

/** Returns a user name as the metrics show it. */
export type ShownName = (userName: string) => string;

/** A clock of the API that is ahead of ours by more than this is not believed. */
const LARGEST_LEAD = DAY / SECOND;

/**
 * The start of a session, if it can be true.
 *
 * @param observedAt when the session was observed; both in seconds since the epoch
 */
export function usableStart(start: number | undefined, observedAt: number): number | undefined {
  return start === undefined || start > observedAt + LARGEST_LEAD ? undefined : start;
}

export function endedSessionOf(
  { id, endedAt }: Pick<EndedSessions, 'id' | 'endedAt'>,
  { userName, session }: UserSession,
  shownName: ShownName,
): EndedSession {
  const start = usableStart(session.start, endedAt);
  return {
    account: id.account,
    region_id: id.regionId,
    instance_id: id.instanceId,
    user_name: shownName(userName),
    client_ip: session.clientIp,
    started_at: start === undefined ? null : timeText(start),
    ended_at: timeText(Math.max(endedAt, start ?? endedAt)),
  };
}

/** @param seconds since the epoch */
export function timeText(seconds: number): string {
  return new Date(Math.round(seconds * SECOND)).toISOString();
}

/** The same for every line about one session: only their ends may differ. */
export function keyOf(session: EndedSession): string {
  const { account, region_id, instance_id, user_name, client_ip, started_at, ended_at } = session;
  return JSON.stringify([
    account,
    region_id,
    instance_id,
    user_name,
    client_ip,
    started_at ?? ended_at,
  ]);
}

/** A line's fields in the order of the contract. */
export function lineOf(session: EndedSession): string {
  const { account, region_id, instance_id, user_name, client_ip, started_at, ended_at } = session;
  return `${JSON.stringify({ account, region_id, instance_id, user_name, client_ip, started_at, ended_at })}\n`;
}

/** undefined for a line that is torn or was not written by the exporter. */
export function sessionOfLine(line: string): EndedSession | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isEndedSession(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isEndedSession(value: unknown): value is EndedSession {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Readonly<Record<string, unknown>>;
  const texts = ['account', 'region_id', 'instance_id', 'user_name', 'client_ip', 'ended_at'];
  return (
    texts.every((name) => typeof fields[name] === 'string') &&
    (fields['started_at'] === null || typeof fields['started_at'] === 'string')
  );
}
