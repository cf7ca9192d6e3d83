import { SECOND } from '../../clock.ts';
import type { InstancePage } from '../status/schema.ts';
import {
  USER_COLUMNS,
  type UserColumn,
  type UserColumnSpec,
  type UserStatus,
} from '../status/user-columns.ts';
import { USER_LIST, type UserQuery } from '../status/user-query.ts';
import { duration, figure } from '../words.ts';
import { type Content, foreign, type Html, html } from './html.ts';
import { instancePath, type PageLinks } from './layout.ts';
import { type ListView, link, pager, searchForm, sortable } from './list-parts.ts';
import { day, ifKnown, inCode, moment } from './parts.ts';
import { table } from './table.ts';

/** The users of an instance: a table with a search form, or the reason why there is no table. */
export function usersSection(page: InstancePage, query: UserQuery, links: PageLinks): Html {
  const view = { query, abilities: USER_LIST };
  const content = page.users ? usersTable(page, page.users, view, links) : noUsers(page, view);
  return html`<section aria-labelledby="users"><h2 id="users">Users</h2>${content}</section>`;
}

function noUsers(page: InstancePage, view: UsersView): Html {
  const { unusedFor, invalid } = view.query;
  // Where the filter may be the reason, the form serves to change it.
  const isFiltered = unusedFor !== undefined || invalid !== undefined;
  return html`${isFiltered && html`<div class="controls">${formOf(page, view)}</div>`}
<p class="none card">${inCode(page.usersAbsent ?? '')}</p>
${unusedFor && !page.keepsState && html`<p class="soft">${RESTART}</p>`}`;
}

interface UsersView extends ListView<UserColumn, UserQuery['show']> {
  readonly query: UserQuery;
}

function formOf({ privacy, instance }: InstancePage, view: UsersView): Html {
  const searched = ['Name', privacy.userMail && 'mail', privacy.clientAddresses && 'address'];
  return searchForm(view, {
    things: 'users',
    hint: searched.filter((value) => value !== false).join(', '),
    shows: { all: 'All', online: 'Online', offline: 'Offline', disabled: 'Disabled' },
    unusedFor: instance.usersUnused,
  });
}

function usersTable(
  page: InstancePage,
  users: NonNullable<InstancePage['users']>,
  view: UsersView,
  { root }: PageLinks,
): Html {
  const { privacy, instance, time } = page;
  const { count, pages } = pager(view, users, users.total === 1 ? 'user' : 'users');
  const hasTraffic = instance.stages.traffic !== undefined;
  const columns = USER_COLUMNS.filter(({ isShown }) => isShown?.(privacy, hasTraffic) ?? true);
  const csv = `${root}api/v1/${instancePath(instance)}/users.csv${link(view, { page: 1, perPage: USER_LIST.perPage })}`;
  return html`<div class="controls">${formOf(page, view)}${count}<p class="download"><a id="csv" href="${csv}">Download as CSV</a></p></div>
${watchNote(page)}${view.query.unusedFor && unusedNote()}
${table({
  label: 'Table of users',
  caption: 'Users with their state, sessions and bandwidth; times are UTC',
  columns: columns.map(({ name, label, sortKey }) =>
    sortable(view, {
      column: name,
      label: name === 'name' && privacy.userName === 'hash' ? 'User (hashed)' : label,
      figures: sortKey === undefined,
      ...(name === 'mail' && { kind: 'mail' }),
    }),
  ),
  rows: users.items.map((user) => ({
    id: `user-${encodeURIComponent(user.userName)}`,
    cells: columns.map((column) => userCell(column)(user, time)),
  })),
  none: users.total === 0 ? 'The instance has no users.' : 'No user matches.',
  isSortable: true,
})}${pages}`;
}

const RESTART = html`Nothing is kept on disk (<code>--storage.path</code>), so a restart begins the watching anew.`;

/** Says how far back "last online" reaches. */
function watchNote({ instance, keepsState }: InstancePage): Content {
  const { watchedSince } = instance;
  if (watchedSince === undefined) return undefined;
  return html`<p class="soft">Who is online has been watched since ${moment(watchedSince)} UTC.${!keepsState && html` ${RESTART}`}</p>`;
}

/** The reason why some users in a list of unused users cannot be deleted. */
const unusedNote = (): Html =>
  html`<p class="soft">Deleting a user frees a seat. A user who has connected this month cannot be deleted (the API answers <code>ClientUser.UserInUsing</code>). What to do step by step: <code>docs/runbooks/users-near-limit.md</code>.</p>`;

/** @param asOf the time of the page, as ISO 8601 */
type Cell = (user: UserStatus, asOf: string) => Content;

/** The cells that show more than the text of their value. */
const CELLS: Readonly<Partial<Record<UserColumn, Cell>>> = {
  name: ({ userName }) => foreign(userName),
  mail: ({ userMail }) => ifKnown(userMail, foreign),
  state: ({ enabled }) => ifKnown(enabled, stateTag),
  online: ({ onlineClients }) => ifKnown(onlineClients, onlineFigure),
  since: sinceCell,
  lastOnline: lastOnlineCell,
  address: addressesCell,
};

function userCell({ name, field, text = String }: UserColumnSpec): Cell {
  return CELLS[name] ?? ((user) => ifKnown(user[field], text));
}

const stateTag = (enabled: boolean): Html =>
  enabled
    ? html`enabled`
    : html`<span class="tag starting"><span aria-hidden="true">⊘</span> disabled</span>`;

const onlineFigure = (clients: number): Content =>
  clients === 0
    ? html`<span class="soft">offline</span>`
    : html`<span class="online"><span aria-hidden="true">●</span> ${figure(clients)}</span>`;

function sinceCell({ onlineSince, onlineSeconds, onlineClients }: UserStatus): Content {
  if (onlineSince === undefined || onlineSeconds === undefined) {
    return onlineClients === 0
      ? html`<span class="soft" aria-hidden="true">–</span>`
      : ifKnown(undefined, String);
  }
  return html`${moment(onlineSince)} <span class="soft">${duration(onlineSeconds)}</span>`;
}

function lastOnlineCell(
  { onlineClients = 0, lastOnline, watchedSince }: UserStatus,
  asOf: string,
): Content {
  if (onlineClients > 0) return 'now';
  if (lastOnline !== undefined) {
    const age = Math.max(0, (Date.parse(asOf) - Date.parse(lastOnline)) / SECOND);
    return html`${moment(lastOnline)} <span class="soft">${duration(age)} ago</span>`;
  }
  return ifKnown(
    watchedSince,
    (since) => html`<span class="soft">not since ${day(since, asOf)}</span>`,
  );
}

function addressesCell({ sessions = [], fixedAddress }: UserStatus, asOf: string): Content {
  const lines = sessions.map(
    ({ clientAddress, start }) =>
      html`<li>${ifKnown(clientAddress, foreign)}${sessions.length > 1 && start !== undefined && html` <span class="soft">since ${moment(start, asOf)}</span>`}</li>`,
  );
  const fixed =
    fixedAddress !== undefined && html`<span class="soft">fixed: ${foreign(fixedAddress)}</span>`;
  return html`${lines.length > 0 && html`<ul class="plain">${lines}</ul>`}${fixed}`;
}
