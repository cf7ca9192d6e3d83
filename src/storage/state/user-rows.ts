import { z } from 'zod';
import type { InstanceData } from '../../fleet/instance-data.ts';
import type { UserPresence } from '../../fleet/presence.ts';
import type { Session } from '../../model/session.ts';
import type { User, UserTraffic } from '../../model/user.ts';
import { number, optionalNumber, text } from './values.ts';

/** The flags of a row are a sum of these. */
const FLAG = { listed: 1, enabled: 2, staticIp: 4, leftOut: 8 } as const;
const ALL_FLAGS = 15;

/**
 * Everything about a user in a list, which is half as large as an object with names and is read twice as fast.
 * The last fields, which few users have, may be missing. A new field goes to the end.
 */
const userRow = z.tuple([
  /** User name. */
  text,
  /** A user who is in some part of the snapshot, but not in the list of users, lacks the flag `listed`. */
  z.int().min(0).max(ALL_FLAGS),
  /** Online clients; empty when the user was never counted. */
  optionalNumber,
  /** `firstSeen`, `lastOnline` and `onlineUntil` of the presence; empty when no pass has counted the user. */
  optionalNumber,
  optionalNumber,
  optionalNumber,
  /** Address and start of each session; empty when the sessions were never read. */
  z.array(z.tuple([text, number.nullable()])).nullish(),
  /** Bandwidth and accelerated bandwidth. */
  optionalNumber,
  optionalNumber,
  /** The fixed address, and the mail address if mail addresses are kept. */
  text.nullish(),
  text.nullish(),
  /** Traffic of the month, and what remains; empty when it was never read. */
  optionalNumber,
  optionalNumber,
]);

export const userRows = z
  .array(userRow)
  .refine(
    (rows) => new Set(rows.map(([name]) => name)).size === rows.length,
    'a user has several rows',
  );

type UserRow = z.infer<typeof userRow>;

/** The rows of all users in any part of the data. Undefined is yielded while no row is ready. */
export function* rowsOf(data: InstanceData, keepsMail: boolean): Generator<UserRow | undefined> {
  const listed = data.snapshot.users?.users ?? [];
  const presence = new Map<string, Readonly<UserPresence>>();
  for (const [name, user] of data.presence?.users ?? []) {
    presence.set(name, user);
    yield undefined;
  }
  const rows = new Rows(data, presence, keepsMail);
  for (const user of listed) yield rows.rowOf(user.name, user);
  // Until its next pass, a part may have users who are not listed any more. That is rare, and looking for them
  // takes as long as everything before.
  if (!rows.lackSome) return;
  const names = new Set<string>();
  for (const { name } of listed) {
    names.add(name);
    yield undefined;
  }
  for (const name of rows.names()) {
    yield names.has(name) ? undefined : rows.rowOf(name);
    names.add(name);
  }
}

/** Makes rows, and counts the entries in the parts of the data that they contain. */
class Rows {
  readonly #keepsMail: boolean;
  readonly #clients: ReadonlyMap<string, number>;
  readonly #sessions: ReadonlyMap<string, readonly Session[]>;
  readonly #traffic: ReadonlyMap<string, UserTraffic>;
  readonly #presence: ReadonlyMap<string, Readonly<UserPresence>>;
  readonly #leftOut: ReadonlySet<string>;
  #entriesLeft: number;

  constructor(
    { snapshot, evidence }: InstanceData,
    presence: ReadonlyMap<string, Readonly<UserPresence>>,
    keepsMail: boolean,
  ) {
    this.#keepsMail = keepsMail;
    this.#clients = snapshot.online?.clients ?? new Map();
    this.#sessions = snapshot.sessions?.sessions ?? new Map();
    this.#traffic = snapshot.traffic?.users ?? new Map();
    this.#presence = presence;
    this.#leftOut = new Set(evidence.leftOut);
    this.#entriesLeft = this.#parts.reduce((sum, { size }) => sum + size, 0);
  }

  get #parts() {
    return [this.#clients, this.#sessions, this.#traffic, this.#presence, this.#leftOut] as const;
  }

  /** Whether some part has an entry that is in no row. */
  get lackSome(): boolean {
    return this.#entriesLeft > 0;
  }

  /** The names in all parts, some of them several times. */
  *names(): Generator<string> {
    for (const part of this.#parts) yield* part.keys();
  }

  rowOf(name: string, user?: User): UserRow {
    const count = this.#clients.get(name);
    const sessions = this.#sessions.get(name);
    const traffic = this.#traffic.get(name);
    const presence = this.#presence.get(name);
    const isLeftOut = this.#leftOut.has(name);
    for (const entry of [count, sessions, traffic, presence]) {
      if (entry !== undefined) this.#entriesLeft--;
    }
    if (isLeftOut) this.#entriesLeft--;
    const row: UserRow = [
      name,
      flagsOf(user) + (isLeftOut ? FLAG.leftOut : 0),
      count,
      presence?.firstSeen,
      presence?.lastOnline,
      presence?.onlineUntil,
      sessions?.map(({ clientIp, start = null }) => [clientIp, start]),
      user?.bandwidth,
      user?.acceleratedBandwidth,
    ];
    const mail = this.#keepsMail ? user?.mail : undefined;
    if (user?.clientIp !== undefined || mail !== undefined || traffic !== undefined) {
      row.push(user?.clientIp, mail, traffic?.month, traffic?.remaining);
    }
    return row;
  }
}

function flagsOf(user: User | undefined): number {
  if (!user) return 0;
  return FLAG.listed + (user.enabled ? FLAG.enabled : 0) + (user.staticIp ? FLAG.staticIp : 0);
}

/** What the rows say, by part of the data. A part that the data does not have is empty here. */
export interface UserParts {
  readonly users: readonly User[];
  readonly clients: ReadonlyMap<string, number>;
  readonly sessions: ReadonlyMap<string, readonly Session[]>;
  readonly traffic: ReadonlyMap<string, UserTraffic>;
  readonly presence: ReadonlyMap<string, Readonly<UserPresence>>;
  readonly leftOut: readonly string[];
}

const NO_SESSIONS: readonly Session[] = [];

export function partsOfRows(rows: readonly UserRow[]): UserParts {
  const users: User[] = [];
  const clients = new Map<string, number>();
  const sessions = new Map<string, readonly Session[]>();
  const traffic = new Map<string, UserTraffic>();
  const presence = new Map<string, Readonly<UserPresence>>();
  const leftOut: string[] = [];
  for (const row of rows) {
    const [name, flags, count, firstSeen, lastOnline, onlineUntil, sessionList] = row;
    const [, , , , , , , , , , , month, remaining] = row;
    if (flags & FLAG.listed) users.push(userOf(row));
    if (count != null) clients.set(name, count);
    if (sessionList)
      sessions.set(name, sessionList.length === 0 ? NO_SESSIONS : sessionList.map(sessionOf));
    if (month != null) traffic.set(name, { month, ...(remaining != null && { remaining }) });
    if (firstSeen != null) {
      presence.set(name, {
        firstSeen,
        ...(lastOnline != null && { lastOnline }),
        ...(onlineUntil != null && { onlineUntil }),
      });
    }
    if (flags & FLAG.leftOut) leftOut.push(name);
  }
  return { users, clients, sessions, traffic, presence, leftOut };
}

function userOf(row: UserRow): User {
  const [name, flags, , , , , , bandwidth, acceleratedBandwidth, clientIp, mail] = row;
  return {
    name,
    enabled: (flags & FLAG.enabled) > 0,
    staticIp: (flags & FLAG.staticIp) > 0,
    ...(mail != null && { mail }),
    ...(clientIp != null && { clientIp }),
    ...(bandwidth != null && { bandwidth }),
    ...(acceleratedBandwidth != null && { acceleratedBandwidth }),
  };
}

/** A start before the epoch is not believed, as in the replies of the API: its age would have too many digits. */
function sessionOf([clientIp, start]: readonly [string, number | null]): Session {
  return { clientIp, ...(start !== null && start > 0 && { start }) };
}
