import type { Order } from './sorting.ts';
import type { UnusedFor } from './unused.ts';

/** The sort order, filters and page that a URL asks for. */
export interface ListQuery<Column extends string, Show extends string> {
  readonly sort: Column;
  readonly order: Order;
  /** A text that a shown value must contain. When it is empty, there is no filter. */
  readonly search: string;
  readonly show: Show;
  /** Only users who were not online for so long. Absent without this filter, and for lists of instances. */
  readonly unusedFor?: UnusedFor;
  /** From 1. */
  readonly page: number;
  readonly perPage: number;
}

/** How a list can be sorted and filtered, with the defaults. */
export interface ListAbilities<Column extends string, Show extends string> {
  /** For each column, the order that applies when a URL names the column without an order. */
  readonly columns: Readonly<Record<Column, Order>>;
  readonly defaultSort: Column;
  /** The first value is the default. */
  readonly shows: readonly [Show, ...Show[]];
  readonly perPage: number;
}

export const MOST_PER_PAGE = 1000;
const LONGEST_SEARCH = 200;

/** Reads the query from a URL's parameters. An invalid value counts as absent. */
export function listQuery<Column extends string, Show extends string>(
  parameters: URLSearchParams,
  { columns, defaultSort, shows, perPage }: ListAbilities<Column, Show>,
): ListQuery<Column, Show> {
  const names = Object.keys(columns) as Column[];
  const sort = names.find((name) => name === parameters.get('sort')) ?? defaultSort;
  const order = parameters.get('order');
  return {
    sort,
    order: order === 'asc' || order === 'desc' ? order : columns[sort],
    // The text of a URL is well-formed. Cutting it may leave half a character at its end.
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

export interface Page<Item> {
  /** Number of items in the list without filters. */
  readonly total: number;
  readonly matching: number;
  readonly page: number;
  readonly pages: number;
  readonly perPage: number;
  readonly items: readonly Item[];
}

/** Takes the requested page of the matching items. When there is no such page, takes the last page. */
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
