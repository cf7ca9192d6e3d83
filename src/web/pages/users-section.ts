import { showsUsers } from '../status/privacy.ts';
import type { InstancePage, InstanceStatus, Privacy } from '../status/schema.ts';
import { USER_COLUMNS, type UserColumn, type UserColumnSpec } from '../status/user-columns.ts';
import { USER_LIST, type UserQuery } from '../status/user-lists.ts';
import { type Content, type Html, html } from './html.ts';
import { type Heading, pager, searchForm, sortable } from './list-parts.ts';
import { ago } from './parts.ts';
import { table } from './table.ts';
import { userCell } from './user-cells.ts';

export function usersSection(page: InstancePage, query: UserQuery): Html {
  const { privacy, users, instance, time } = page;
  const hasTraffic = instance.stages.traffic !== undefined;
  const columns = USER_COLUMNS.filter(({ isShown }) => isShown?.(privacy, hasTraffic) ?? true);
  return html`<section aria-labelledby="users"><h2 id="users">Users</h2>${
    users
      ? usersTable(users, { query, columns, privacy, time })
      : html`<p class="none card">${whyNoUsers(privacy, instance)}</p>`
  }</section>`;
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

interface UsersView {
  readonly query: UserQuery;
  readonly columns: readonly UserColumnSpec[];
  readonly privacy: Privacy;
  /** The time of the page, as ISO 8601. */
  readonly time: string;
}

function headingOf(
  { name, label, figures = false, kind }: UserColumnSpec,
  { userName }: Privacy,
): Heading<UserColumn> {
  return {
    column: name,
    label: name === 'name' && userName === 'hash' ? 'User (hashed)' : label,
    figures,
    ...(kind !== undefined && { kind }),
  };
}

function usersTable(
  users: NonNullable<InstancePage['users']>,
  { query, columns, privacy, time }: UsersView,
): Html {
  const view = { query, abilities: USER_LIST };
  const { count, pages } = pager(view, users, users.total === 1 ? 'user' : 'users');
  const searched = ['Name', privacy.userMail && 'mail', privacy.clientAddresses && 'address'];
  return html`<div class="controls">${searchForm(view, {
    things: 'users',
    hint: searched.filter((value) => value !== false).join(', '),
    shows: { all: 'All', online: 'Online', offline: 'Offline', disabled: 'Disabled' },
  })}${count}</div>
${table({
  label: 'Table of users',
  caption: 'Users with their state, sessions and bandwidth; times are UTC',
  columns: columns.map((column) => sortable(view, headingOf(column, privacy))),
  rows: users.items.map((user) => ({
    id: `user-${encodeURIComponent(user.userName)}`,
    cells: columns.map((column) => userCell(column)(user, time)),
  })),
  none: users.total === 0 ? 'The instance has no users.' : 'No user matches.',
  isSortable: true,
})}${pages}`;
}
