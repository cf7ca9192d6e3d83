import { SEVERITY } from '../../fleet/levels.ts';
import { INSTANCE_STAGES } from '../../model/stage.ts';
import type { Messages } from '../messages/index.ts';
import { INSTANCE_LIST, type InstanceColumn, type InstanceQuery } from '../status/instance-list.ts';
import { showsUsers } from '../status/privacy.ts';
import type { InstanceStatus, Status } from '../status/schema.ts';
import { longest } from '../status/unused.ts';
import { type PageContext, pageAddress } from './context.ts';
import { type Content, foreign, type Html, html } from './html.ts';
import { instancePath } from './layout.ts';
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
import { date } from './times.ts';

/** The instances of the fleet: a table with a search form. */
export function instancesSection(status: Status, query: InstanceQuery, context: PageContext): Html {
  const { messages } = context;
  const { instances: texts } = messages;
  const { instances, accounts } = status;
  const view = { query, abilities: INSTANCE_LIST, context };
  const { count, pages } = pager(view, instances, texts);
  const columns = columnsOf(status, context);
  const none = accounts.some(({ paused }) => paused) ? texts.nonePaused : texts.noneKnown;
  return html`<section aria-labelledby="instances"><h2 id="instances">${texts.title}</h2>
<div class="controls">${searchForm(view, {
    label: texts.search,
    hint: texts.hint,
    shows: { all: texts.all, attention: texts.attention },
  })}${count}</div>
${table({
  label: texts.table,
  caption: texts.caption,
  columns: columns.map((column) => sortable(view, column)),
  rows: instances.items.map((instance) => instanceRow(messages, instance, columns)),
  none: instances.total > 0 ? texts.noneMatches : none,
  isSortable: true,
})}${pages}</section>`;
}

interface Column extends Heading<InstanceColumn> {
  readonly cell: (instance: InstanceStatus) => Content;
}

function columnsOf({ fleet, privacy }: Status, context: PageContext): readonly Column[] {
  const { messages } = context;
  const { instances: texts, formats } = messages;
  const unused = longest(fleet.usersUnused);
  return [
    { label: texts.instance, column: 'name', cell: (instance) => nameCell(instance, context) },
    { label: texts.account, column: 'account', cell: ({ account }) => foreign(account) },
    {
      label: texts.region,
      column: 'region',
      kind: 'region',
      cell: ({ regionId }) => foreign(regionId),
    },
    {
      label: texts.state,
      column: 'condition',
      kind: 'state',
      cell: (instance) => conditionTag(messages, instance),
    },
    {
      label: texts.users,
      column: 'used',
      kind: 'users',
      cell: (instance) => usersCell(messages, instance),
    },
    ...(unused
      ? ([
          {
            label: texts.unused(formats.duration(unused.seconds)),
            column: 'unused',
            figures: true,
            cell: (instance) => unusedCell(instance, context, showsUsers(privacy)),
          },
        ] as const satisfies readonly Column[])
      : []),
    {
      label: texts.online,
      column: 'online',
      figures: true,
      cell: (instance) => onlineCell(messages, instance),
    },
    {
      label: texts.subscription,
      column: 'subscription',
      kind: 'subscription',
      cell: (instance) => subscriptionCell(messages, instance),
    },
    {
      label: texts.freshness,
      column: 'age',
      cell: (instance) => freshnessCell(messages, instance),
    },
  ];
}

function instanceRow(
  messages: Messages,
  instance: InstanceStatus,
  columns: readonly Column[],
): TableRow {
  const notes = [
    ...instance.errors.map((error) => unreadableNote(messages, error)),
    ...subscriptionNote(messages, instance),
  ];
  return {
    ...(notes.length > 0 && { below: notes }),
    id: `row-${instancePath(instance)}`,
    cells: columns.map(({ cell }) => cell(instance)),
  };
}

function nameCell(instance: InstanceStatus, context: PageContext): Html {
  const { instanceId, name } = instance;
  const path = instancePath(instance);
  return html`<a id="to-${path}" href="${pageAddress(context, path)}">${foreign(name ?? instanceId)}</a>${name !== undefined && html`<br><span class="id">${foreign(instanceId)}</span>`}`;
}

/** @param areListed whether there is a list of users to link to */
function unusedCell(instance: InstanceStatus, context: PageContext, areListed: boolean): Content {
  const { messages } = context;
  const { users, unusedFor = '' } = longest(instance.usersUnused) ?? {};
  return ifKnown(messages, users, (count) => {
    const text = html`<span class="figure">${messages.formats.figure(count)}</span>`;
    if (!areListed) return text;
    const path = instancePath(instance);
    const address = pageAddress(context, path, { unused_for: unusedFor });
    return html`<a id="unused-${path}" href="${address}">${text}<span class="sr"> ${messages.instances.unusedOf(instance.instanceId)}</span></a>`;
  });
}

function onlineCell(messages: Messages, { onlineUsers, onlineClients }: InstanceStatus): Html {
  const { parts, formats } = messages;
  const users = ifKnown(
    messages,
    onlineUsers,
    (users) => html`<span class="figure">${formats.figure(users)}</span>`,
  );
  return html`${users}${onlineClients !== undefined && html` <span class="soft line">${parts.clients(onlineClients)}</span>`}`;
}

function subscriptionCell(messages: Messages, instance: InstanceStatus): Content {
  const { instances: texts, formats } = messages;
  const { subscriptionState: state, subscriptionEnd } = instance;
  const { subscriptionLeftSeconds: left = 0, subscriptionOverSeconds: over = 0 } = instance;
  return ifKnown(messages, subscriptionEnd, (end) => {
    const span =
      state === 'ended'
        ? texts.subscriptionEnded(formats.largestUnit(over))
        : texts.subscriptionLeft(formats.largestUnit(left));
    const level = SEVERITY[state ?? 'ok'];
    return html`${date(end)} <span class="line share ${level}">${span}</span>`;
  });
}

function freshnessCell(messages: Messages, { stages }: InstanceStatus): Html {
  return html`<dl class="stages">${INSTANCE_STAGES.map((stage) => {
    const status = stages[stage];
    return (
      status &&
      html`<div><dt>${messages.parts.stages[stage]}</dt><dd>${freshness(messages, status)}</dd></div>`
    );
  })}</dl>`;
}
