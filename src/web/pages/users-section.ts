import { SECOND } from '../../clock.ts';
import type { Messages } from '../messages/index.ts';
import { runbookAddress } from '../status/runbooks.ts';
import type { InstancePage } from '../status/schema.ts';
import {
  USER_COLUMNS,
  type UserColumn,
  type UserColumnSpec,
  type UserStatus,
} from '../status/user-columns.ts';
import { USER_LIST, type UserQuery } from '../status/user-query.ts';
import type { PageContext } from './context.ts';
import { type Content, filled, foreign, type Html, html } from './html.ts';
import { instancePath } from './layout.ts';
import { type ListView, pager, parametersOf, searchForm, sortable } from './list-parts.ts';
import { ifKnown, inCode, outsideLink } from './parts.ts';
import { table } from './table.ts';
import { day, moment, shortMoment } from './times.ts';

/** The users of an instance: a table with a search form, or the reason why there is no table. */
export function usersSection(page: InstancePage, query: UserQuery, context: PageContext): Html {
  const view = { query, abilities: USER_LIST, context };
  const content = page.users ? usersTable(page, page.users, view) : noUsers(page, view);
  return html`<section aria-labelledby="users"><h2 id="users">${context.messages.users.title}</h2>${content}</section>`;
}

function noUsers(page: InstancePage, view: UsersView): Html {
  const { unusedFor, invalid } = view.query;
  const { users: texts } = view.context.messages;
  // Where the filter may be the reason, the form serves to change it.
  const isFiltered = unusedFor !== undefined || invalid !== undefined;
  return html`${isFiltered && html`<div class="controls">${formOf(page, view)}</div>`}
<p class="none card">${inCode(page.usersAbsent ?? '')}</p>
${unusedFor && !page.keepsState && html`<p class="soft">${inCode(texts.restart)}</p>`}`;
}

interface UsersView extends ListView<UserColumn, UserQuery['show']> {
  readonly query: UserQuery;
}

function formOf({ privacy, instance }: InstancePage, view: UsersView): Html {
  const { users: texts, formats } = view.context.messages;
  const searched = [texts.searchedName];
  if (privacy.userMail) searched.push(texts.searchedMail);
  if (privacy.clientAddresses) searched.push(texts.searchedAddress);
  return searchForm(view, {
    label: texts.search,
    hint: formats.list(searched),
    shows: texts.show,
    unusedFor: instance.usersUnused,
  });
}

function usersTable(
  page: InstancePage,
  users: NonNullable<InstancePage['users']>,
  view: UsersView,
): Html {
  const { messages, root } = view.context;
  const { users: texts } = messages;
  const { privacy, instance, time } = page;
  const { count, pages } = pager(view, users, texts);
  const hasTraffic = instance.stages.traffic !== undefined;
  const columns = USER_COLUMNS.filter(({ isShown }) => isShown?.(privacy, hasTraffic) ?? true);
  const label = (name: UserColumn): string =>
    name === 'name' && privacy.userName === 'hash' ? texts.hashedName : texts.columns[name];
  // The CSV is the same in every language, because programs read it.
  const parameters = parametersOf(view, { page: 1, perPage: USER_LIST.perPage });
  const csv = `${root}api/v1/${instancePath(instance)}/users.csv?${parameters}`;
  return html`<div class="controls">${formOf(page, view)}${count}<p class="download"><a id="csv" href="${csv}">${texts.download}</a></p></div>
${watchNote(page, messages)}${view.query.unusedFor && deletingNote(view.context)}
${table({
  label: texts.table,
  caption: texts.caption,
  columns: columns.map(({ name, sortKey }) =>
    sortable(view, {
      column: name,
      label: label(name),
      figures: sortKey === undefined,
      ...(name === 'mail' && { kind: 'mail' }),
    }),
  ),
  rows: users.items.map((user) => ({
    id: `user-${encodeURIComponent(user.userName)}`,
    cells: columns.map((column) => userCell(column)(user, messages, time)),
  })),
  none: users.total === 0 ? texts.noUsers : texts.noneMatches,
  isSortable: true,
})}${pages}`;
}

/** Says what deleting a user takes, with a link to the runbook. */
function deletingNote({ build, messages }: PageContext): Html {
  const { deleting, deletingSteps } = messages.users;
  const address = runbookAddress(build, messages, 'users-near-limit');
  return html`<p class="soft">${inCode(deleting)} ${outsideLink(address, deletingSteps)}</p>`;
}

/** Says how far back "last online" reaches. */
function watchNote({ instance, keepsState }: InstancePage, { users: texts }: Messages): Content {
  const { watchedSince } = instance;
  if (watchedSince === undefined) return undefined;
  return html`<p class="soft">${filled(texts.watchedSince, moment(watchedSince))}${!keepsState && html` ${inCode(texts.restart)}`}</p>`;
}

/** @param pageTime the time of the page, as ISO 8601 */
type Cell = (user: UserStatus, messages: Messages, pageTime: string) => Content;

/** The cells that show more than the text of their value. */
const CELLS: Readonly<Partial<Record<UserColumn, Cell>>> = {
  name: ({ userName }) => foreign(userName),
  mail: ({ userMail }, messages) => ifKnown(messages, userMail, foreign),
  state: ({ enabled }, messages) =>
    ifKnown(messages, enabled, (enabled) => stateTag(enabled, messages)),
  online: ({ onlineClients }, messages) =>
    ifKnown(messages, onlineClients, (clients) => onlineFigure(clients, messages)),
  since: sinceCell,
  lastOnline: lastOnlineCell,
  address: addressesCell,
};

function userCell({ name, field, format }: UserColumnSpec): Cell {
  return (
    CELLS[name] ??
    ((user, messages) =>
      ifKnown(messages, user[field], (value) =>
        format ? messages.formats[format](Number(value)) : String(value),
      ))
  );
}

const stateTag = (enabled: boolean, { users: texts }: Messages): Html =>
  enabled
    ? html`${texts.enabled}`
    : html`<span class="tag starting"><span aria-hidden="true">⊘</span> ${texts.disabled}</span>`;

const onlineFigure = (clients: number, { users: texts, formats }: Messages): Content =>
  clients === 0
    ? html`<span class="soft">${texts.offline}</span>`
    : html`<span class="online"><span aria-hidden="true">●</span> ${formats.figure(clients)}</span>`;

function sinceCell(
  { onlineSince, onlineSeconds, onlineClients }: UserStatus,
  messages: Messages,
): Content {
  if (onlineSince === undefined || onlineSeconds === undefined) {
    return onlineClients === 0
      ? html`<span class="soft" aria-hidden="true">–</span>`
      : ifKnown(messages, undefined, String);
  }
  return html`${moment(onlineSince)} <span class="soft">${messages.formats.duration(onlineSeconds)}</span>`;
}

function lastOnlineCell(
  { onlineClients = 0, lastOnline, watchedSince }: UserStatus,
  messages: Messages,
  pageTime: string,
): Content {
  const { users: texts, parts, formats } = messages;
  if (onlineClients > 0) return texts.now;
  if (lastOnline !== undefined) {
    const age = Math.max(0, (Date.parse(pageTime) - Date.parse(lastOnline)) / SECOND);
    return html`${moment(lastOnline)} <span class="soft">${parts.ago(formats.duration(age))}</span>`;
  }
  return ifKnown(
    messages,
    watchedSince,
    (since) => html`<span class="soft">${filled(texts.notSince, day(since, pageTime))}</span>`,
  );
}

function addressesCell(
  { sessions = [], fixedAddress }: UserStatus,
  messages: Messages,
  pageTime: string,
): Content {
  const { users: texts } = messages;
  const lines = sessions.map(
    ({ clientAddress, start }) =>
      html`<li>${ifKnown(messages, clientAddress, foreign)}${sessions.length > 1 && start !== undefined && html` <span class="soft">${filled(texts.since, shortMoment(start, pageTime))}</span>`}</li>`,
  );
  const fixed =
    fixedAddress !== undefined &&
    html`<span class="soft">${filled(texts.fixedAddress, foreign(fixedAddress))}</span>`;
  return html`${lines.length > 0 && html`<ul class="plain">${lines}</ul>`}${fixed}`;
}
