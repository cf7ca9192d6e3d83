import type { Order } from './sorting.ts';

/** What of a list is wanted. */
export interface ListQuery<Column extends string, Show extends string> {
  readonly sort: Column;
  readonly order: Order;
  /** Text to be found in what is shown; empty: all. */
  readonly search: string;
  readonly show: Show;
  /** From 1. */
  readonly page: number;
  readonly perPage: number;
}

/** What a list can be asked for. */
export interface ListAbilities<Column extends string, Show extends string> {
  /** Each column with the order it has when it is asked for by name alone; the first is the default. */
  readonly columns: Readonly<Record<Column, Order>>;
  /** The first is the default. */
  readonly shows: readonly [Show, ...Show[]];
  readonly perPage: number;
}

export const MOST_PER_PAGE = 1000;
const LONGEST_SEARCH = 200;

/** The wish in a URL's parameters; what cannot be understood is as if it were not there. */
export function listQuery<Column extends string, Show extends string>(
  parameters: URLSearchParams,
  { columns, shows, perPage }: ListAbilities<Column, Show>,
): ListQuery<Column, Show> {
  const names = Object.keys(columns) as Column[];
  const sort = names.find((name) => name === parameters.get('sort')) ?? names[0];
  if (sort === undefined) throw new Error('a list without columns');
  const order = parameters.get('order');
  return {
    sort,
    order: order === 'asc' || order === 'desc' ? order : columns[sort],
    // A URL gives well-formed text, which a cut may end in half a character.
    search: (parameters.get('q') ?? '').trim().slice(0, LONGEST_SEARCH).toWellFormed(),
    show: shows.find((show) => show === parameters.get('show')) ?? shows[0],
    page: wholeNumber(parameters.get('page')) ?? 1,
    perPage: Math.min(MOST_PER_PAGE, wholeNumber(parameters.get('perPage')) ?? perPage),
  };
}

function wholeNumber(text: string | null): number | undefined {
  const number = /^\d{1,9}$/.test(text ?? '') ? Number(text) : 0;
  return number > 0 ? number : undefined;
}

/** A page of a list, and where it stands in it. */
export interface Page<Item> {
  readonly total: number;
  readonly matching: number;
  readonly page: number;
  readonly pages: number;
  readonly perPage: number;
  readonly items: readonly Item[];
}

/** The page that is wanted of what matches, or the last one there is. */
export function pageOf<Item>(
  matching: readonly Item[],
  total: number,
  { page: wanted, perPage }: Pick<ListQuery<string, string>, 'page' | 'perPage'>,
): Page<Item> {
  const pages = Math.max(1, Math.ceil(matching.length / perPage));
  const page = Math.min(wanted, pages);
  const items = matching.slice((page - 1) * perPage, page * perPage);
  return { total, matching: matching.length, page, pages, perPage, items };
}
