import type { ListAbilities, ListQuery, Page } from '../status/list-query.ts';
import type { UnusedFor } from '../status/unused.ts';
import { type PageContext, withLanguage } from './context.ts';
import { type Content, type Html, html } from './html.ts';
import type { TableColumn } from './table.ts';

/**
 * A list together with the query that it answers. Links to its other pages and sort orders are made from the
 * query.
 */
export interface ListView<Column extends string, Show extends string> {
  readonly query: ListQuery<Column, Show>;
  readonly abilities: ListAbilities<Column, Show>;
  readonly context: PageContext;
}

export interface Heading<Column extends string> extends Omit<TableColumn, 'heading'> {
  readonly column: Column;
}

type Changes<Column extends string, Show extends string> = Partial<ListQuery<Column, Show>>;

/** The URL's parameters for the changed query, without defaults and without the language. */
export function parametersOf<Column extends string, Show extends string>(
  { query, abilities }: ListView<Column, Show>,
  changes: Changes<Column, Show>,
): URLSearchParams {
  const { sort, order, search, show, unusedFor, page, perPage } = { ...query, ...changes };
  const parameters = new URLSearchParams();
  const isDefault = sort === abilities.defaultSort && order === abilities.columns[sort];
  if (!isDefault) {
    parameters.set('sort', sort);
    parameters.set('order', order);
  }
  if (search !== '') parameters.set('q', search);
  if (show !== abilities.shows[0]) parameters.set('show', show);
  if (unusedFor) parameters.set('unused_for', unusedFor.unusedFor);
  if (perPage !== abilities.perPage) parameters.set('perPage', String(perPage));
  if (page > 1) parameters.set('page', String(page));
  return parameters;
}

function link<Column extends string, Show extends string>(
  view: ListView<Column, Show>,
  changes: Changes<Column, Show>,
): string {
  return `?${withLanguage(view.context, parametersOf(view, changes))}`;
}

/** Makes the heading of a column a link that sorts the list by it. */
export function sortable<Column extends string, Show extends string>(
  view: ListView<Column, Show>,
  columnSpec: Heading<Column>,
): TableColumn {
  const { label, column, figures = false } = columnSpec;
  const { sort, order } = view.query;
  const isSorted = sort === column;
  const isAscending = order === 'asc';
  const next = isSorted ? (isAscending ? 'desc' : 'asc') : view.abilities.columns[column];
  const href = link(view, { sort: column, order: next, page: 1 });
  const state = isAscending ? 'ascending' : 'descending';
  // A number stays on the line of its unit.
  const text = label.replaceAll(/(?<=\d) /g, '\u00a0');
  const arrow = isSorted ? (isAscending ? '↑' : '↓') : '↕';
  return {
    ...columnSpec,
    heading: html`<th role="columnheader" scope="col"${figures && html` class="figures"`}${isSorted && html` aria-sort="${state}"`}><a id="sort-${column}" href="${href}">${text}\u00a0<span class="arrow" aria-hidden="true">${arrow}</span></a></th>`,
  };
}

export interface SearchTexts<Show extends string> {
  /** For example "Search users". */
  readonly label: string;
  /** Names the values that are searched. */
  readonly hint: string;
  readonly shows: Readonly<Record<Show, string>>;
  /** The times without being online that the list can be filtered by. */
  readonly unusedFor?: readonly UnusedFor[];
}

/**
 * The form that searches a list. With status.js, it searches while the user types; without status.js, it
 * works too.
 */
export function searchForm<Column extends string, Show extends string>(
  view: ListView<Column, Show>,
  { label, hint, shows, unusedFor = [] }: SearchTexts<Show>,
): Html {
  const { lists } = view.context.messages;
  const { search, show } = view.query;
  const kept = parametersOf(view, { search: '', show: view.abilities.shows[0], page: 1 });
  kept.delete('unused_for');
  withLanguage(view.context, kept);
  return html`<form class="search" role="search" method="get" data-live>
${[...kept].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<label for="q">${label}</label>
<input id="q" name="q" type="search" value="${search}" autocomplete="off" spellcheck="false" maxlength="200" placeholder="${hint}">
<span class="choice"><label for="show">${lists.show}</label>
<select id="show" name="show">${view.abilities.shows.map(
    (choice) =>
      html`<option value="${choice}"${choice === show && html` selected`}>${shows[choice]}</option>`,
  )}</select></span>
${unusedForSelect(view, unusedFor)}<button type="submit">${lists.search}</button>
</form>`;
}

/** A control for the filter of unused users. It is left out when it would have nothing to choose from. */
function unusedForSelect<Column extends string, Show extends string>(
  { query, context }: ListView<Column, Show>,
  times: readonly UnusedFor[],
): Content {
  const { lists, formats } = context.messages;
  const { unusedFor: chosen } = query;
  const isListed = times.some(({ unusedFor }) => unusedFor === chosen?.unusedFor);
  const choices = chosen && !isListed ? [...times, chosen] : times;
  if (choices.length === 0) return undefined;
  return html`<span class="choice"><label for="unused_for">${lists.unusedFor}</label>
<select id="unused_for" name="unused_for"><option value="">${lists.anyTime}</option>${choices.map(
    ({ unusedFor, seconds }) =>
      html`<option value="${unusedFor}"${unusedFor === chosen?.unusedFor && html` selected`}>${formats.duration(seconds)}</option>`,
  )}</select></span>
`;
}

interface PagerTexts {
  /** @param total the number of items without a filter */
  readonly count: (range: string, total: number) => string;
  readonly pages: string;
}

/** The number of items, and links to the other pages if there are any. */
export function pager<Column extends string, Show extends string>(
  view: ListView<Column, Show>,
  list: Omit<Page<unknown>, 'items'>,
  texts: PagerTexts,
): { readonly count: Html; readonly pages: Content } {
  const { lists, formats } = view.context.messages;
  const { figure } = formats;
  const { total, matching, page, pages, perPage } = list;
  const from = matching === 0 ? 0 : (page - 1) * perPage + 1;
  const to = Math.min(matching, page * perPage);
  const of = matching === total ? figure(total) : lists.matching(figure(matching), figure(total));
  const range = pages === 1 ? of : lists.range(figure(from), figure(to), of);
  const count = html`<p class="count" role="status">${texts.count(range, total)}</p>`;
  if (pages === 1) return { count, pages: undefined };
  const step = (id: string, name: string, to: number, enabled: boolean): Html =>
    enabled
      ? html`<a id="page-${id}" href="${link(view, { page: to })}">${name}</a>`
      : html`<span class="soft" aria-disabled="true">${name}</span>`;
  return {
    count,
    pages: html`<nav class="pages" aria-label="${texts.pages}">${step('first', lists.first, 1, page > 1)} ${step('previous', lists.previous, page - 1, page > 1)} <span aria-current="page">${lists.page(figure(page), figure(pages))}</span> ${step('next', lists.next, page + 1, page < pages)} ${step('last', lists.last, pages, page < pages)}</nav>`,
  };
}
