import { INSTANCE_STAGES } from '../../model/stage.ts';
import { tellsUsers } from '../status/privacy.ts';
import type {
  InstancePage,
  InstanceStatus,
  Privacy,
  StageStatus,
  UserStatus,
} from '../status/schema.ts';
import type { UserColumn } from '../status/user-columns.ts';
import { USER_LIST, type UserQuery } from '../status/user-lists.ts';
import { bandwidth, bytes, counted, duration, figure } from '../words.ts';
import { type Content, foreign, type Html, html } from './html.ts';
import { instancePath } from './instance-path.ts';
import { layout, type Place } from './layout.ts';
import { type Heading, pager, searchForm, sortable } from './list-parts.ts';
import {
  ago,
  conditionTag,
  freshness,
  ifKnown,
  inCode,
  moment,
  subscriptionNote,
  unreadableNote,
  usersCell,
} from './parts.ts';
import { table } from './table.ts';

/** One instance: how it fares, its users, and who of them is online since when and from where. */
export function instancePage(page: InstancePage, query: UserQuery, place: Place): Html {
  const { instance } = page;
  const { instanceId, name, account, regionId } = instance;
  return layout(place, {
    title: `${name ?? instanceId} – SAG APP exporter`,
    json: `api/v1/${instancePath(instance)}`,
    time: page.time,
    isLive: true,
    main: html`<nav aria-label="Breadcrumb" class="crumbs"><a href="${place.root}">Fleet</a> <span aria-hidden="true">›</span> <span aria-current="page">${foreign(name ?? instanceId)}</span></nav>
<h1>${foreign(name ?? instanceId)} ${conditionTag(instance)}</h1>
<p class="soft">${foreign(instanceId)} · account ${foreign(account)} · ${foreign(regionId)}</p>
${instance.errors.map(unreadableNote)}
${instance.errors.length > 0 && html`<p class="failure soft">Users go on connecting while the exporter cannot read the instance, unless its subscription has ended.</p>`}
${subscriptionNote(instance)}
${factsOf(instance)}
${stagesSection(instance)}
${usersSection(page, query)}`,
  });
}

function factsOf(instance: InstanceStatus): Html {
  const { onlineUsers, onlineClients, oldestSessionStart, oldestSessionSeconds } = instance;
  const { bandwidthLimitBytesPerSecond, bandwidthAllocatedBytesPerSecond } = instance;
  const { usersDisabled, subscriptionEnd, status } = instance;
  const facts: readonly (readonly [string, Content])[] = [
    [
      'Users',
      html`<span class="users">${usersCell(instance)}</span>${usersDisabled !== undefined && html` <small>${figure(usersDisabled)} of them disabled</small>`}`,
    ],
    [
      'Online',
      html`${ifKnown(onlineUsers, figure)}${onlineClients !== undefined && html` <small>with ${counted(onlineClients, 'client')}</small>`}`,
    ],
    [
      'Longest session',
      html`${ifKnown(oldestSessionSeconds, duration)}${oldestSessionStart !== undefined && html` <small>since ${moment(oldestSessionStart)}</small>`}`,
    ],
    [
      'Bandwidth allocated',
      html`${ifKnown(bandwidthAllocatedBytesPerSecond, bandwidth)} <small>the instance has ${ifKnown(bandwidthLimitBytesPerSecond, bandwidth)}</small>`,
    ],
    [
      'Sessions seen to begin',
      html`${figure(instance.sessionsStarted)} <small>${figure(instance.sessionsEnded)} to end</small>`,
    ],
    [
      instance.subscriptionState === 'ended' ? 'Subscription ended' : 'Subscribed until',
      html`${ifKnown(subscriptionEnd, (end) => end.slice(0, 10))}${subscriptionSpan(instance)}${status !== undefined && html` <small>state ${foreign(status)}</small>`}`,
    ],
  ];
  return html`<dl class="tiles">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${instance.doubts.map((doubt) => html`<p class="soft">${inCode(doubt)}</p>`)}`;
}

/** How long ago the subscription ended, or when it ends; empty while that is unknown. */
function subscriptionSpan({
  subscriptionState: state,
  subscriptionLeftSeconds: left = 0,
  subscriptionOverSeconds: over = 0,
}: InstanceStatus): Content {
  if (state === undefined) return undefined;
  return state === 'ended'
    ? html` <small>${duration(over)} ago</small>`
    : html` <small>in ${duration(left)}</small>`;
}

function stagesSection({ stages }: InstanceStatus): Html {
  return html`<section aria-labelledby="stages"><h2 id="stages" class="sr">Stages</h2>
<dl class="tiles passes">${INSTANCE_STAGES.map((stage) => {
    const fares = stages[stage];
    return fares && stageTile(stage, fares);
  })}</dl></section>`;
}

function stageTile(name: string, stage: StageStatus): Html {
  const { lastDurationSeconds: took, intervalSeconds, failures } = stage;
  const more = [
    `every ${duration(intervalSeconds)}`,
    took !== undefined && `took ${took < 10 ? `${figure(Math.max(0.1, took))} s` : duration(took)}`,
    failures > 0 && `${counted(failures, 'pass', 'passes')} failed`,
  ];
  return html`<div><dt>Stage ${name}</dt><dd>${freshness(stage)} <small>${more.filter((one) => one !== false).join(', ')}</small></dd></div>`;
}

/** A column of the users' table. */
interface Column extends Heading<UserColumn> {
  readonly cell: (user: UserStatus) => Content;
}

/** @param asOf when the page says this, as ISO 8601 */
function columnsOf(
  { userMail, clientAddresses, userName }: Privacy,
  hasTraffic: boolean,
  asOf: string,
): readonly Column[] {
  const columns: readonly (Column | false)[] = [
    {
      label: userName === 'hash' ? 'User (hashed)' : 'User',
      column: 'name',
      cell: (user) => foreign(user.userName),
    },
    userMail && {
      label: 'Mail',
      column: 'mail',
      cell: ({ userMail: mail }) => ifKnown(mail, foreign),
      kind: 'mail',
    },
    { label: 'State', column: 'state', cell: ({ enabled }) => ifKnown(enabled, stateTag) },
    {
      label: 'Clients online',
      column: 'online',
      figures: true,
      cell: ({ onlineClients }) => ifKnown(onlineClients, onlineFigure),
    },
    { label: 'Online since', column: 'since', cell: sinceCell },
    clientAddresses && {
      label: 'From',
      column: 'address',
      cell: (user) => addressesCell(user, asOf),
    },
    {
      label: 'Bandwidth',
      column: 'bandwidth',
      figures: true,
      cell: (user) => ifKnown(user.bandwidthBytesPerSecond, bandwidth),
    },
    {
      label: 'Accelerated',
      column: 'accelerated',
      figures: true,
      cell: (user) => ifKnown(user.acceleratedBandwidthBytesPerSecond, bandwidth),
    },
    hasTraffic && {
      label: 'Traffic this month',
      column: 'traffic',
      figures: true,
      cell: (user) => ifKnown(user.trafficMonthBytes, bytes),
    },
    hasTraffic && {
      label: 'Left',
      column: 'remaining',
      figures: true,
      cell: (user) => ifKnown(user.trafficRemainingBytes, bytes),
    },
  ];
  return columns.filter((column) => column !== false);
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

function usersSection(page: InstancePage, query: UserQuery): Html {
  const { privacy, users, instance, time } = page;
  const columns = columnsOf(privacy, instance.stages.traffic !== undefined, time);
  return html`<section aria-labelledby="users"><h2 id="users">Users</h2>${
    users
      ? usersTable(users, query, columns, privacy)
      : html`<p class="none card">${whyNoUsers(privacy, instance)}</p>`
  }</section>`;
}

function whyNoUsers(privacy: Privacy, { stages }: InstanceStatus): Content {
  if (!tellsUsers(privacy)) {
    return html`Single users are not shown: the configuration has ${
      privacy.userName === 'omit'
        ? html`<code>metrics.user_name: omit</code>`
        : html`<code>metrics.detail: instances</code>`
    }.`;
  }
  const { lastSuccess, ageSeconds } = stages.users;
  if (lastSuccess === undefined || ageSeconds === undefined) return 'The users were not read yet.';
  return html`The list of users is stale: it was last read ${ago(lastSuccess, ageSeconds)}.`;
}

function usersTable(
  users: NonNullable<InstancePage['users']>,
  query: UserQuery,
  columns: readonly Column[],
  privacy: Privacy,
): Html {
  const view = { query, abilities: USER_LIST };
  const { count, pages } = pager(view, users, users.total === 1 ? 'user' : 'users');
  const places = ['Name', privacy.userMail && 'mail', privacy.clientAddresses && 'address'];
  return html`<div class="controls">${searchForm(view, {
    things: 'users',
    hint: places.filter((place) => place !== false).join(', '),
    shows: { all: 'All', online: 'Online', offline: 'Offline', disabled: 'Disabled' },
  })}${count}</div>
${table({
  label: 'Table of users',
  caption: 'Users with their state, who is online since when, and their bandwidth; times are UTC',
  columns: columns.map((column) => sortable(view, column)),
  rows: users.items.map((user) => ({
    id: `user-${encodeURIComponent(user.userName)}`,
    cells: columns.map(({ cell }) => cell(user)),
  })),
  none: users.total === 0 ? 'The instance has no users.' : 'No user matches.',
  isSortable: true,
})}${pages}`;
}
