import { INSTANCE_STAGES } from '../../model/stage.ts';
import { INSTANCE_LIST, type InstanceColumn, type InstanceQuery } from '../status/instance-list.ts';
import { showsUsers } from '../status/privacy.ts';
import type { InstanceStatus, Status } from '../status/schema.ts';
import { longest } from '../status/unused.ts';
import { counted, duration, figure } from '../words.ts';
import { type Content, foreign, type Html, html } from './html.ts';
import { instancePath, type PageLinks } from './layout.ts';
import { type Heading, pager, searchForm, sortable } from './list-parts.ts';
import {
  conditionTag,
  freshness,
  ifKnown,
  subscriptionNote,
  unreadableNote,
  usersCell,
} from './parts.ts';
import { type TableRow, table } from './table.ts';

/** The instances of the fleet: a table with a search form. */
export function instancesSection(status: Status, query: InstanceQuery, links: PageLinks): Html {
  const { instances, accounts } = status;
  const view = { query, abilities: INSTANCE_LIST };
  const { count, pages } = pager(view, instances, instances.total === 1 ? 'instance' : 'instances');
  const columns = columnsOf(status, links);
  const none = accounts.some(({ paused }) => paused)
    ? 'No instance is known: polling is paused.'
    : 'No instance is known yet.';
  return html`<section aria-labelledby="instances"><h2 id="instances">Instances</h2>
<div class="controls">${searchForm(view, {
    things: 'instances',
    hint: 'Name, id, account or region',
    shows: { all: 'All', attention: 'Needs attention' },
  })}${count}</div>
${table({
  label: 'Table of instances',
  caption: 'Instances with their users and limits, users online, and the age of these data',
  columns: columns.map((column) => sortable(view, column)),
  rows: instances.items.map((instance) => instanceRow(instance, columns)),
  none: instances.total > 0 ? 'No instance matches.' : none,
  isSortable: true,
})}${pages}</section>`;
}

interface Column extends Heading<InstanceColumn> {
  readonly cell: (instance: InstanceStatus) => Content;
}

function columnsOf({ fleet, privacy }: Status, { root }: PageLinks): readonly Column[] {
  const unused = longest(fleet.usersUnused);
  return [
    { label: 'Instance', column: 'name', cell: (instance) => nameCell(instance, root) },
    { label: 'Account', column: 'account', cell: ({ account }) => foreign(account) },
    { label: 'Region', column: 'region', cell: ({ regionId }) => foreign(regionId) },
    { label: 'State', column: 'condition', kind: 'state', cell: conditionTag },
    { label: 'Users', column: 'used', kind: 'users', cell: usersCell },
    ...(unused
      ? ([
          {
            label: `Unused ${duration(unused.seconds)}`,
            column: 'unused',
            figures: true,
            cell: (instance) => unusedCell(instance, root, showsUsers(privacy)),
          },
        ] as const satisfies readonly Column[])
      : []),
    { label: 'Online', column: 'online', figures: true, cell: onlineCell },
    { label: 'Freshness', column: 'age', cell: freshnessCell },
  ];
}

function instanceRow(instance: InstanceStatus, columns: readonly Column[]): TableRow {
  const notes = [...instance.errors.map(unreadableNote), ...subscriptionNote(instance)];
  return {
    ...(notes.length > 0 && { below: notes }),
    id: `row-${instancePath(instance)}`,
    cells: columns.map(({ cell }) => cell(instance)),
  };
}

function nameCell(instance: InstanceStatus, root: string): Html {
  const { instanceId, name } = instance;
  const path = instancePath(instance);
  return html`<a id="to-${path}" href="${root}${path}">${foreign(name ?? instanceId)}</a>${name !== undefined && html`<br><span class="id">${foreign(instanceId)}</span>`}`;
}

/** @param areListed whether there is a list of users to link to */
function unusedCell(instance: InstanceStatus, root: string, areListed: boolean): Content {
  const { users, unusedFor = '' } = longest(instance.usersUnused) ?? {};
  return ifKnown(users, (count) => {
    const text = html`<span class="figure">${figure(count)}</span>`;
    if (!areListed) return text;
    const path = instancePath(instance);
    return html`<a id="unused-${path}" href="${root}${path}?unused_for=${unusedFor}">${text}<span class="sr"> unused users of ${instance.instanceId}</span></a>`;
  });
}

function onlineCell({ onlineUsers, onlineClients }: InstanceStatus): Html {
  return html`${ifKnown(onlineUsers, (users) => html`<span class="figure">${figure(users)}</span>`)}${onlineClients !== undefined && html` <span class="soft line">${counted(onlineClients, 'client')}</span>`}`;
}

function freshnessCell({ stages }: InstanceStatus): Html {
  return html`<dl class="stages">${INSTANCE_STAGES.map((stage) => {
    const status = stages[stage];
    return status && html`<div><dt>${stage}</dt><dd>${freshness(status)}</dd></div>`;
  })}</dl>`;
}
