import { type ListAbilities, type ListQuery, listQuery } from './list-query.ts';
import type { Order } from './sorting.ts';
import { parseUnusedFor } from './unused.ts';
import { USER_COLUMNS, type UserColumn } from './user-columns.ts';

type Show = 'all' | 'online' | 'offline' | 'disabled';

export interface UserQuery extends ListQuery<UserColumn, Show> {
  /** The URL's `unused_for`, shortened and quoted, when it cannot be understood. */
  readonly invalid?: string;
}

export const USER_LIST: ListAbilities<UserColumn, Show> = {
  columns: Object.fromEntries(USER_COLUMNS.map(({ name, order }) => [name, order])) as Record<
    UserColumn,
    Order
  >,
  defaultSort: 'online',
  shows: ['all', 'online', 'offline', 'disabled'],
  perPage: 100,
};

/** Maximum number of characters of an invalid value that its error shows. */
const LONGEST_SHOWN = 50;

/**
 * Reads the query from a URL's parameters. An invalid `unused_for` is an error, because without this filter the
 * list would show users who are not unused. It may be empty, as a form without JavaScript sends it.
 */
export function userQuery(parameters: URLSearchParams, abilities = USER_LIST): UserQuery {
  const query = listQuery(parameters, abilities);
  const text = (parameters.get('unused_for') ?? '').trim();
  if (text === '') return query;
  const unusedFor = parseUnusedFor(text);
  if (unusedFor) return { ...query, unusedFor };
  const shown = text.slice(0, LONGEST_SHOWN).toWellFormed();
  return { ...query, invalid: JSON.stringify(shown) };
}
