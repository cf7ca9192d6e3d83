import pLimit from 'p-limit';
import { type Clock, inSlices, SECOND } from '../../clock.ts';
import type { InstanceRecord } from '../../fleet/fleet.ts';
import type { VisibleInstance } from '../../fleet/visible.ts';
import { areSame } from '../../metrics/exposition/are-same.ts';
import { type ListAbilities, type ListQuery, type Page, pageOf } from './list-query.ts';
import { type Listee, type Person, personOf, privacyOf } from './privacy.ts';
import type { Privacy, UserStatus } from './schema.ts';
import { byKey, type Order, type SortKey, sorted } from './sorting.ts';
import type { StatusView } from './sources.ts';
import { USER_COLUMNS, type UserColumn } from './user-columns.ts';
import { type UserParts, userStatus } from './user-status.ts';

export type UserQuery = ListQuery<UserColumn, 'all' | 'online' | 'offline' | 'disabled'>;

/** What the list of an instance's users can be asked for. */
export const USER_LIST: ListAbilities<UserColumn, UserQuery['show']> = {
  columns: Object.fromEntries(
    Object.entries(USER_COLUMNS).map(([name, { order }]) => [name, order]),
  ) as Record<UserColumn, Order>,
  shows: ['all', 'online', 'offline', 'disabled'],
  perPage: 100,
};

/** Orders kept: a few people look at a few lists each. */
const MOST_KEPT = 16;

/** After so many users others may have a turn. */
const STEPS = 500;

/** What a list is made from. */
interface Asked {
  readonly visible: VisibleInstance;
  readonly view: StatusView;
  readonly query: UserQuery;
}

interface Kept {
  /** What the list depends on: while each is the same as before, so is the list. */
  readonly sources: readonly unknown[];
  readonly list: Promise<Listed>;
}

/** The users that match, in order. */
interface Listed {
  readonly total: number;
  readonly people: readonly Listee[];
}

/** Lists the users of instances; the order of a list is kept until what it comes from has changed. */
export class UserLists {
  readonly #clock: Clock;
  /** The list used last at the end. */
  readonly #kept = new Map<string, Kept>();
  /** One at a time: to sort two at once would only take twice the memory. */
  readonly #sorting = pLimit(1);
  /** Tells instances apart, whatever they are called, and whether a record was replaced. */
  readonly #numbers = new WeakMap<InstanceRecord, number>();
  #lastNumber = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The page that is wanted; absent while the instance's users are not known, or stale. */
  async page(
    record: InstanceRecord,
    visible: VisibleInstance,
    view: StatusView,
    query: UserQuery,
  ): Promise<Page<UserStatus> | undefined> {
    if (!visible.users && !visible.online && !visible.sessions) return undefined;
    const { total, people } = await this.#list(record, { visible, view, query });
    const page = pageOf(people, total, query);
    const privacy = privacyOf(view);
    const now = this.#clock.now() / SECOND;
    const items = page.items.map((listee) =>
      userStatus(personOf(listee, view, privacy), visible, privacy, now),
    );
    return { ...page, items };
  }

  #list(record: InstanceRecord, asked: Asked): Promise<Listed> {
    const { sort, order, search, show } = asked.query;
    const key = JSON.stringify([this.#numberOf(record), sort, order, search.toLowerCase(), show]);
    const sources = sourcesOf(asked);
    const kept = this.#kept.get(key);
    this.#kept.delete(key);
    const isKept = kept !== undefined && areSame(kept.sources, sources);
    const list = isKept ? kept.list : this.#sorting(() => inSlices(this.#clock, listed(asked)));
    this.#kept.set(key, { sources, list });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return list;
  }

  #numberOf(record: InstanceRecord): number {
    const known = this.#numbers.get(record);
    if (known !== undefined) return known;
    this.#numbers.set(record, ++this.#lastNumber);
    return this.#lastNumber;
  }
}

function sourcesOf({ visible, view, query }: Asked): readonly unknown[] {
  const { users, online, sessions } = visible;
  const needsOnline = query.show === 'online' || query.show === 'offline';
  return [
    view,
    users,
    visible[USER_COLUMNS[query.sort].part],
    needsOnline || !users ? online : undefined,
    query.search !== '' || !users ? sessions : undefined,
  ];
}

function* listed({ visible, view, query }: Asked): Generator<undefined, Listed> {
  const privacy = privacyOf(view);
  const { key } = USER_COLUMNS[query.sort];
  const search = query.search.toLowerCase();
  const matching: { readonly listee: Listee; readonly key: SortKey; readonly name: string }[] = [];
  let total = 0;
  for (const listee of listeesOf(visible)) {
    if (++total % STEPS === 0) yield;
    const person = personOf(listee, view, privacy);
    if (!isShown(person, visible, query.show)) continue;
    if (search !== '' && !isFound(person, visible, privacy, search)) continue;
    matching.push({ listee, key: key(person, visible), name: person.label.toLowerCase() });
  }
  const chosen = byKey<(typeof matching)[number]>((one) => one.key, query.order);
  // Not as the API lists them: hashed names must not stand in the order of the names.
  const named = byKey<(typeof matching)[number]>((one) => one.name, 'asc');
  const inOrder = yield* sorted(matching, (one, other) => chosen(one, other) || named(one, other));
  return { total, people: inOrder.map(({ listee }) => listee) };
}

/** The instance's users; when their list has gone stale, those whom other stages know. */
function listeesOf({ users, online, sessions }: UserParts): Iterable<Listee> {
  return users?.users ?? online?.clients.keys() ?? sessions?.sessions.keys() ?? [];
}

function isShown({ key, user }: Person, { online }: UserParts, show: UserQuery['show']): boolean {
  const clients = online?.clients.get(key);
  switch (show) {
    case 'all':
      return true;
    case 'online':
      return clients !== undefined && clients > 0;
    case 'offline':
      return clients === 0;
    case 'disabled':
      return user?.enabled === false;
  }
}

/** Whether the text stands in something that is shown of the user. */
function isFound(
  { label, mail, fixedAddress, key }: Person,
  { sessions }: UserParts,
  { clientAddresses }: Privacy,
  search: string,
): boolean {
  const has = (text: string | undefined): boolean => text?.toLowerCase().includes(search) ?? false;
  if (has(label) || has(mail) || has(fixedAddress)) return true;
  return (
    clientAddresses && (sessions?.sessions.get(key)?.some(({ clientIp }) => has(clientIp)) ?? false)
  );
}
