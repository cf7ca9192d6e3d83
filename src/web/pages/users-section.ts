import { showsUsers } from '../status/privacy.ts';
import type { InstancePage, InstanceStatus } from '../status/schema.ts';
import type { Privacy } from '../status/schema-parts.ts';
import {
  USER_COLUMNS,
  type UserColumn,
  type UserColumnSpec,
  type UserStatus,
} from '../status/user-columns.ts';
import { USER_LIST, type UserQuery } from '../status/user-lists.ts';
import { duration, figure } from '../words.ts';
import { type Content, foreign, type Html, html } from './html.ts';
import { pager, searchForm, sortable } from './list-parts.ts';
import { ago, ifKnown, moment } from './parts.ts';
import { table } from './table.ts';

/** The users of an instance: a table with a search form, or the reason why there is no table. */
export function usersSection(page: InstancePage, query: UserQuery): Html {
  const content = page.users
    ? usersTable(page, page.users, query)
    : html`<p class="none card">${whyNoUsers(page.privacy, page.instance)}</p>`;
  return html`<section aria-labelledby="users"><h2 id="users">Users</h2>${content}</section>`;
}

function whyNoUsers(privacy: Privacy, { stages }: InstanceStatus): Content {
  if (!showsUsers(privacy)) {
    return html`Users are not shown, because of the setting ${
      privacy.userName === 'omit'
        ? html`<code>metrics.user_name: omit</code>`
        : html`<code>metrics.detail: instances</code>`
    }.`;
  }
  const { lastSuccess, ageSeconds } = stages.users;
  if (lastSuccess === undefined || ageSeconds === undefined)
    return 'The users have not been read yet.';
  return html`The list of users is stale: it was last read ${ago(lastSuccess, ageSeconds)}.`;
}

function usersTable(
  { privacy, instance, time }: InstancePage,
  users: NonNullable<InstancePage['users']>,
  query: UserQuery,
): Html {
  const view = { query, abilities: USER_LIST };
  const { count, pages } = pager(view, users, users.total === 1 ? 'user' : 'users');
  const searched = ['Name', privacy.userMail && 'mail', privacy.clientAddresses && 'address'];
  const hasTraffic = instance.stages.traffic !== undefined;
  const columns = USER_COLUMNS.filter(({ isShown }) => isShown?.(privacy, hasTraffic) ?? true);
  return html`<div class="controls">${searchForm(view, {
    things: 'users',
    hint: searched.filter((value) => value !== false).join(', '),
    shows: { all: 'All', online: 'Online', offline: 'Offline', disabled: 'Disabled' },
  })}${count}</div>
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

/** @param asOf the time of the page, as ISO 8601 */
type Cell = (user: UserStatus, asOf: string) => Content;

/** The cells that show more than the text of their value. */
const CELLS: Readonly<Partial<Record<UserColumn, Cell>>> = {
  name: ({ userName }) => foreign(userName),
  mail: ({ userMail }) => ifKnown(userMail, foreign),
  state: ({ enabled }) => ifKnown(enabled, stateTag),
  online: ({ onlineClients }) => ifKnown(onlineClients, onlineFigure),
  since: sinceCell,
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

function addressesCell({ sessions = [], fixedAddress }: UserStatus, asOf: string): Content {
  const lines = sessions.map(
    ({ clientAddress, start }) =>
      html`<li>${ifKnown(clientAddress, foreign)}${sessions.length > 1 && start !== undefined && html` <span class="soft">since ${moment(start, asOf)}</span>`}</li>`,
  );
  const fixed =
    fixedAddress !== undefined && html`<span class="soft">fixed: ${foreign(fixedAddress)}</span>`;
  return html`${lines.length > 0 && html`<ul class="plain">${lines}</ul>`}${fixed}`;
}
