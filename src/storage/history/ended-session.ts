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
  /** RFC 3339 in UTC: when the pass that missed the session began. */
  readonly ended_at: string;
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
