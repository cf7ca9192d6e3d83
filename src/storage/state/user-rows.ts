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
 * Empty fields at its end are left out. A new field goes to the end.
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

/** The rows of all users in any part of the data. Undefined is yielded in place of a row that is not needed. */
export function* rowsOf(data: InstanceData, keepsMail: boolean): Generator<UserRow | undefined> {
  const { users, online, sessions, traffic } = data.snapshot;
  const presence = new Map<string, Readonly<UserPresence>>();
  for (const [name, user] of data.presence?.users ?? []) {
    presence.set(name, user);
    yield undefined;
  }
  const leftOut = new Set(data.evidence.leftOut);
  const written = new Set<string>();
  const rowOf = (name: string, user?: User): UserRow | undefined => {
    if (written.has(name)) return undefined;
    written.add(name);
    const { firstSeen, lastOnline, onlineUntil } = presence.get(name) ?? {};
    const { month, remaining } = traffic?.users.get(name) ?? {};
    return withoutEmptyEnd([
      name,
      flagsOf(user) + (leftOut.has(name) ? FLAG.leftOut : 0),
      online?.clients.get(name),
      firstSeen,
      lastOnline,
      onlineUntil,
      sessions?.sessions.get(name)?.map(({ clientIp, start = null }) => [clientIp, start]),
      user?.bandwidth,
      user?.acceleratedBandwidth,
      user?.clientIp,
      keepsMail ? user?.mail : undefined,
      month,
      remaining,
    ]);
  };
  for (const user of users?.users ?? []) yield rowOf(user.name, user);
  const others = [online?.clients, sessions?.sessions, presence, traffic?.users, leftOut];
  for (const names of others) for (const name of names?.keys() ?? []) yield rowOf(name);
}

function flagsOf(user: User | undefined): number {
  if (!user) return 0;
  return FLAG.listed + (user.enabled ? FLAG.enabled : 0) + (user.staticIp ? FLAG.staticIp : 0);
}

function withoutEmptyEnd(row: UserRow): UserRow {
  let length: number = row.length;
  while (row[length - 1] === undefined) length--;
  row.length = length as typeof row.length;
  return row;
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

function sessionOf([clientIp, start]: readonly [string, number | null]): Session {
  return { clientIp, ...(start !== null && { start }) };
}
