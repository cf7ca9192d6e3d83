import pLimit from 'p-limit';
import { type Clock, inSlices } from '../../clock.ts';
import type { InstanceRecord } from '../../fleet/fleet.ts';
import { areSame } from '../../metrics/are-same.ts';
import { type ListedUser, privacyOf, ShownUser, type UserParts } from './privacy.ts';
import { byKey, type SortKey, sorted } from './sorting.ts';
import type { StatusView } from './sources.ts';
import { sortKeyOf, userColumn } from './user-columns.ts';
import type { UserQuery } from './user-query.ts';

/** Maximum number of sorted lists in memory. A few people look at a few lists each. */
const MOST_KEPT = 16;

/** After this number of users, other work may get a turn. */
const STEPS = 500;

interface Sources {
  readonly parts: UserParts;
  readonly view: StatusView;
  readonly query: UserQuery;
}

interface KeptList {
  /** While all of these objects stay the same, the list stays the same. */
  readonly dependencies: readonly unknown[];
  readonly list: Promise<SortedList>;
}

export interface SortedList {
  /** The number of users without filters. */
  readonly total: number;
  readonly users: readonly ListedUser[];
}

/** Lists the users of instances. Keeps a sorted list until the data behind it change. */
export class UserLists {
  readonly #clock: Clock;
  /** In the order of their last use. */
  readonly #kept = new Map<string, KeptList>();
  /** Sorts one list at a time. Sorting two lists at once would take as long, and twice the memory. */
  readonly #sorting = pLimit(1);
  /** A number for each record, so that a record that replaces another has lists of its own. */
  readonly #numbers = new WeakMap<InstanceRecord, number>();
  #lastNumber = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The users that match the query, in its order. */
  list(record: InstanceRecord, sources: Sources): Promise<SortedList> {
    const { sort, order, search, show, unusedFor } = sources.query;
    const key = JSON.stringify([
      this.#numberOf(record),
      sort,
      order,
      search.toLowerCase(),
      show,
      unusedFor?.seconds,
    ]);
    const dependencies = dependenciesOf(sources);
    const kept = this.#kept.get(key);
    this.#kept.delete(key);
    const isKept = kept !== undefined && areSame(kept.dependencies, dependencies);
    const list = isKept
      ? kept.list
      : this.#sorting(() => inSlices(this.#clock, sortedList(sources)));
    this.#kept.set(key, { dependencies, list });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return list;
  }

  #numberOf(record: InstanceRecord): number {
    const number = this.#numbers.get(record) ?? ++this.#lastNumber;
    this.#numbers.set(record, number);
    return number;
  }
}

function dependenciesOf({ parts, view, query }: Sources): readonly unknown[] {
  const { users, online, sessions } = parts;
  const needsOnline = query.show === 'online' || query.show === 'offline' || query.unusedFor;
  return [
    view,
    users,
    parts[userColumn(query.sort).part],
    needsOnline || !users ? online : undefined,
    query.search !== '' || !users ? sessions : undefined,
  ];
}

interface Match {
  readonly user: ListedUser;
  readonly key: SortKey;
  readonly name: string;
}

function* sortedList({ parts, view, query }: Sources): Generator<undefined, SortedList> {
  const privacy = privacyOf(view);
  const column = userColumn(query.sort);
  const search = query.search.toLowerCase();
  const { unusedFor } = query;
  const isUnused = unusedFor && parts.presence.unusedTest(unusedFor.seconds);
  const matches: Match[] = [];
  let total = 0;
  for (const user of listedUsers(parts)) {
    if (++total % STEPS === 0) yield;
    if (unusedFor && !isUnused?.(user.name)) continue;
    const shown = new ShownUser(user, parts, view, privacy);
    if (!isWanted(shown, query.show) || (search !== '' && !contains(shown, search))) continue;
    matches.push({ user, key: sortKeyOf(column, shown), name: shown.name.toLowerCase() });
  }
  const byColumn = byKey<Match>(({ key }) => key, query.order);
  // The order of the API would reveal the alphabetical order of hashed names.
  const byName = byKey<Match>(({ name }) => name, 'asc');
  const users = yield* sorted(matches, (a, b) => byColumn(a, b) || byName(a, b));
  return { total, users: users.map(({ user }) => user) };
}

/** The users of the instance. While the list of users is stale, the names that other stages know. */
function listedUsers({ users, online, sessions }: UserParts): Iterable<ListedUser> {
  if (users) return users.users;
  return Array.from(online?.clients.keys() ?? sessions?.sessions.keys() ?? [], (name) => ({
    name,
  }));
}

function isWanted({ clients, attributes }: ShownUser, show: UserQuery['show']): boolean {
  switch (show) {
    case 'all':
      return true;
    case 'online':
      return clients !== undefined && clients > 0;
    case 'offline':
      return clients === 0;
    case 'disabled':
      return attributes.enabled === false;
  }
}

/**
 * Whether a value that is shown of the user contains the text.
 *
 * @param search a text in lower case
 */
function contains({ name, mail, clientIp, sessions }: ShownUser, search: string): boolean {
  const has = (text: string | undefined): boolean => text?.toLowerCase().includes(search) ?? false;
  return (
    has(name) ||
    has(mail) ||
    has(clientIp) ||
    (sessions?.some((session) => has(session.clientIp)) ?? false)
  );
}
