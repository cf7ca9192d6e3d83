import type { InstanceQuery } from '../status/instance-list.ts';
import type { Problem, Status } from '../status/schema.ts';
import { longest } from '../status/unused.ts';
import { accountsSection } from './accounts-section.ts';
import { type PageContext, pageAddress } from './context.ts';
import { type Content, filled, foreign, type Html, html } from './html.ts';
import { instancesSection } from './instances-section.ts';
import { instancePath, layout } from './layout.ts';
import { failure, ifKnown, inCode, outsideLink } from './parts.ts';
import { table } from './table.ts';
import { moment } from './times.ts';

export function overviewPage(status: Status, query: InstanceQuery, context: PageContext): Html {
  const { overview } = context.messages;
  return layout(context, {
    json: 'api/v1/status',
    time: status.time,
    isLive: true,
    main: html`<h1>${overview.title}</h1>
${problemsSection(status, query, context)}
${fleetTiles(status.fleet, context)}
${instancesSection(status, query, context)}
${accountsSection(status.accounts, context)}
${failedSection(status, context)}
${exporterSection(status, context)}`,
  });
}

function problemsSection(
  { problems, fleet }: Status,
  { show }: InstanceQuery,
  context: PageContext,
): Content {
  if (problems.length === 0) return undefined;
  const { overview } = context.messages;
  const { instancesNeedingAttention: count } = fleet;
  const address = pageAddress({ ...context, root: '' }, '', { show: 'attention' });
  return html`<section aria-labelledby="problems"><h2 id="problems">${overview.attention}</h2><ul class="problems">${problems.map((problem) => problemItem(problem, context))}</ul>${count > 0 && show !== 'attention' && html`<p><a id="attention" href="${address}">${overview.listAttention(count)}</a></p>`}</section>`;
}

const SIGNS: Readonly<Record<Problem['severity'], string>> = {
  error: '✕',
  warning: '△',
  info: 'ℹ',
};

function problemItem(
  { severity, text, advice, runbook, instance }: Problem,
  context: PageContext,
): Html {
  const { overview } = context.messages;
  const sentence = instance ? foreign(text) : inCode(text);
  const link =
    instance &&
    html` <a href="${pageAddress(context, instancePath(instance))}">${overview.show}<span class="sr"> ${instance.instanceId}</span></a>`;
  return html`<li class="problem ${severity}"><strong><span aria-hidden="true">${SIGNS[severity]}</span> ${overview.severity[severity]}</strong> <span>${sentence}${link}${advice !== undefined && html`<br><span class="advice">${inCode(advice)}</span>`}${runbook !== undefined && html` ${outsideLink(runbook, overview.runbook)}`}</span></li>`;
}

function fleetTiles(fleet: Status['fleet'], context: PageContext): Html {
  const { messages } = context;
  const { overview, formats } = messages;
  const { figure, percent } = formats;
  const { instances, instancesUp, discovered, users, usersLimit } = fleet;
  const { onlineUsers, onlineClients, usersInstances, onlineInstances } = fleet;
  const areInstancesKnown = discovered || instances > 0;
  const hasAllUsers = usersInstances === instances;
  const hasAllOnline = onlineInstances === instances;
  const onlineShare =
    hasAllUsers && users !== undefined && users > 0 && onlineUsers !== undefined
      ? percent(onlineUsers / users)
      : undefined;
  const count = (value: number | undefined): Content => ifKnown(messages, value, figure);
  const part = (summed: number): Content => partNote(summed, instances, context);
  return html`<dl class="tiles">
${tile(overview.instancesReadable, html`${count(areInstancesKnown ? instancesUp : undefined)}${areInstancesKnown && note(overview.of(figure(instances)))}`)}
${tile(overview.users, html`${count(users)}${hasAllUsers ? usersLimit !== undefined && note(overview.of(figure(usersLimit))) : part(usersInstances)}`)}
${tile(overview.usersOnline, html`${count(onlineUsers)}${hasAllOnline ? onlineShare !== undefined && note(onlineShare) : part(onlineInstances)}`)}
${tile(overview.clientsOnline, html`${count(onlineClients)}${!hasAllOnline && part(onlineInstances)}`)}
${unusedTile(fleet, context)}
</dl>`;
}

/** The seats of the users who were not online for the longest of the configured times. */
function unusedTile(
  { usersUnused, instances: all }: Status['fleet'],
  context: PageContext,
): Content {
  const { messages } = context;
  const { overview, formats } = messages;
  const unused = longest(usersUnused);
  if (!unused) return undefined;
  const { seconds, users, instances } = unused;
  const time = formats.duration(seconds);
  const notes =
    users === undefined
      ? note(overview.knownAfter(time))
      : html`${note(overview.unusedFor(time))}${instances < all && partNote(instances, all, context)}`;
  return tile(overview.seatsUnused, html`${ifKnown(messages, users, formats.figure)}${notes}`);
}

/** Says how many instances a sum covers. Empty when the sum is unknown. */
function partNote(summed: number, all: number, { messages }: PageContext): Content {
  return summed > 0 && note(messages.overview.sumOf(messages.formats.figure(summed), all));
}

const note = (text: string): Html => html` <small>${text}</small>`;

function tile(name: string, value: Content): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function failedSection({ failedCalls }: Status, { messages }: PageContext): Content {
  const { overview, formats } = messages;
  if (failedCalls.length === 0) return undefined;
  return html`<section aria-labelledby="failed"><h2 id="failed">${overview.failedCalls}</h2>
${table({
  label: overview.failedTable,
  caption: overview.failedCaption,
  isCaptionShown: true,
  columns: [
    { label: overview.kind },
    { label: overview.last },
    { label: overview.times, figures: true },
    { label: overview.account },
    { label: overview.whatHappened, kind: 'what' },
  ],
  rows: failedCalls.map(({ account, count, lastTime, error }) => ({
    cells: [
      error.kind,
      moment(lastTime),
      formats.figure(count),
      foreign(account),
      failure(messages, error),
    ],
  })),
  none: '',
})}</section>`;
}

function exporterSection({ exporter, privacy }: Status, context: PageContext): Html {
  const { overview, formats } = context.messages;
  const { figure } = formats;
  const { configurationLoaded, configurationRefused: refused, lastScrape } = exporter;
  const { seriesExposed, seriesDropped = 0 } = exporter;
  const loaded = filled(overview.loaded, moment(configurationLoaded));
  const rows: readonly (readonly [string, Content])[] = [
    [
      overview.version,
      html`${exporter.version}${exporter.revision !== undefined && ` (${exporter.revision})`}, Node.js ${exporter.nodeVersion}`,
    ],
    [overview.runningSince, moment(exporter.startTime)],
    [
      overview.configuration,
      html`${loaded}${refused !== undefined && html`; <strong>${filled(overview.refused, moment(refused))}</strong>`}`,
    ],
    [overview.lastScrape, lastScrape === undefined ? overview.noScrape : moment(lastScrape)],
    [
      overview.series,
      seriesExposed === undefined
        ? overview.seriesUnknown
        : overview.seriesExposed(figure(seriesExposed), figure(seriesDropped)),
    ],
    [overview.shownOfUsers, privacyText(privacy, context)],
  ];
  return html`<section aria-labelledby="exporter"><h2 id="exporter">${overview.exporter}</h2>
<dl class="facts card">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></section>`;
}

function privacyText(privacy: Status['privacy'], { messages }: PageContext): string {
  const { overview, formats } = messages;
  const { detail, userName, userMail, clientAddresses } = privacy;
  if (detail === 'instances' || userName === 'omit') return overview.onlyTotals;
  const shown = [userName === 'hash' ? overview.hashedNames : overview.names];
  if (userMail) shown.push(overview.mailAddresses);
  if (clientAddresses) shown.push(overview.clientAddresses);
  return formats.list(shown);
}
