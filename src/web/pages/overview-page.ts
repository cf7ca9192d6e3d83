import type { InstanceQuery } from '../status/instance-list.ts';
import type { AccountStatus, Problem, Status } from '../status/schema.ts';
import { longest } from '../status/unused.ts';
import { counted, duration, figure, percent } from '../words.ts';
import { type Content, foreign, type Html, html } from './html.ts';
import { instancesSection } from './instances-section.ts';
import { instancePath, layout, type PageLinks } from './layout.ts';
import { bar, failure, freshness, ifKnown, inCode, moment } from './parts.ts';
import { table } from './table.ts';

export function overviewPage(status: Status, query: InstanceQuery, links: PageLinks): Html {
  const { problems, fleet } = status;
  return layout(links, {
    title: 'SAG APP exporter',
    json: 'api/v1/status',
    time: status.time,
    isLive: true,
    main: html`<h1>Fleet</h1>
${problems.length > 0 && html`<section aria-labelledby="problems"><h2 id="problems">Needs attention</h2><ul class="problems">${problems.map((problem) => problemItem(problem, links.root))}</ul>${fleet.instancesNeedingAttention > 0 && query.show !== 'attention' && html`<p><a id="attention" href="?show=attention">List all that need attention (${counted(fleet.instancesNeedingAttention, 'instance')})</a></p>`}</section>`}
${fleetTiles(fleet)}
${instancesSection(status, query, links)}
<section aria-labelledby="accounts"><h2 id="accounts">Accounts and budget</h2>
${status.accounts.map(accountPart)}</section>
${failedSection(status)}
${exporterSection(status)}`,
  });
}

function fleetTiles(fleet: Status['fleet']): Html {
  const { instances, instancesUp, discovered, users, usersLimit } = fleet;
  const { onlineUsers, onlineClients, usersInstances, onlineInstances } = fleet;
  const areInstancesKnown = discovered || instances > 0;
  const hasAllUsers = usersInstances === instances;
  const hasAllOnline = onlineInstances === instances;
  const onlineShare =
    hasAllUsers && users !== undefined && users > 0 && onlineUsers !== undefined
      ? percent(onlineUsers / users)
      : undefined;
  return html`<dl class="tiles">
${tile('Instances readable', areInstancesKnown ? html`${figure(instancesUp)} <small>of ${figure(instances)}</small>` : ifKnown(undefined, figure))}
${tile('Users', html`${ifKnown(users, figure)}${hasAllUsers ? usersLimit !== undefined && html` <small>of ${figure(usersLimit)}</small>` : partNote(usersInstances, instances)}`)}
${tile('Users online', html`${ifKnown(onlineUsers, figure)}${hasAllOnline ? onlineShare !== undefined && html` <small>${onlineShare}</small>` : partNote(onlineInstances, instances)}`)}
${tile('Clients online', html`${ifKnown(onlineClients, figure)}${!hasAllOnline && partNote(onlineInstances, instances)}`)}
${unusedTile(fleet)}
</dl>`;
}

/** The seats of the users who were not online for the longest of the configured times. */
function unusedTile({ usersUnused, instances: all }: Status['fleet']): Content {
  const unused = longest(usersUnused);
  if (!unused) return undefined;
  const { seconds, users, instances } = unused;
  const note =
    users === undefined
      ? html` <small>known after ${duration(seconds)} of watching</small>`
      : html` <small>unused for ${duration(seconds)}</small>${instances < all && partNote(instances, all)}`;
  return tile('Seats that could be freed', html`${ifKnown(users, figure)}${note}`);
}

/** Says how many instances a sum covers. Empty when the sum is unknown. */
function partNote(summed: number, all: number): Content {
  return (
    summed > 0 && html` <small>sum of ${figure(summed)} of ${counted(all, 'instance')}</small>`
  );
}

function tile(name: string, value: Content): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

const SEVERITY_WORDS: Readonly<Record<Problem['severity'], string>> = {
  error: '✕ Error',
  warning: '△ Warning',
  info: 'ℹ Note',
};

function problemItem({ severity, text, advice, instance }: Problem, root: string): Html {
  const [sign = '', word = ''] = SEVERITY_WORDS[severity].split(' ');
  const sentence = instance ? foreign(text) : inCode(text);
  return html`<li class="problem ${severity}"><strong><span aria-hidden="true">${sign}</span> ${word}</strong> <span>${sentence}${instance && html` <a href="${root}${instancePath(instance)}">Show<span class="sr"> ${instance.instanceId}</span></a>`}${advice !== undefined && html`<br><span class="advice">${inCode(advice)}</span>`}</span></li>`;
}

function accountPart({
  name,
  up,
  paused,
  fallbackPlaces,
  operations,
  regions,
  skippedRegions,
}: AccountStatus): Html {
  const state = paused
    ? html`<span class="tag down"><span aria-hidden="true">✕</span> Paused</span>`
    : up
      ? html`<span class="tag ok"><span aria-hidden="true">✓</span> Answering</span>`
      : html`<span class="tag warning"><span aria-hidden="true">△</span> Not answering</span>`;
  return html`<article class="card"><h3>${foreign(name)} ${state}</h3>
${paused && failure(paused)}
${[...new Set(fallbackPlaces.map(({ text }) => text))].map((text) => html`<p>${text}</p>`)}
<div class="pair">
${table({
  label: `Budget of ${name}`,
  caption: 'Budget: calls per second that are allowed now, of those configured',
  isCaptionShown: true,
  columns: [
    { label: 'Operation' },
    { label: 'Allowed', kind: 'budget' },
    { label: 'Calls', figures: true },
    { label: 'Throttled', figures: true },
  ],
  rows: operations.map(
    ({ operation, allowedPerSecond, configuredPerSecond, calls, throttled, pausedUntil }) => ({
      cells: [
        operation,
        html`${bar(allowedPerSecond / configuredPerSecond, 'ok', false)}<span><span class="figure">${figure(allowedPerSecond)}</span> of ${figure(configuredPerSecond)} a second${pausedUntil !== undefined && html`<br>not called until ${moment(pausedUntil)}, as the API asks`}</span>`,
        figure(calls),
        figure(throttled),
      ],
    }),
  ),
  none: 'No call was made yet.',
})}
${table({
  label: `Discovery of ${name}`,
  caption: 'Discovery',
  isCaptionShown: true,
  columns: [{ label: 'Region' }, { label: 'Last success' }],
  rows: [
    ...regions.map(({ regionId, discovery }) => ({
      cells: [
        regionId === '' ? 'search for regions' : foreign(regionId),
        html`${freshness(discovery)}${discovery.error && failure(discovery.error)}`,
      ],
    })),
    ...skippedRegions.map(({ regionId, name, reason }) => ({
      cells: [
        html`${foreign(regionId)}${name !== undefined && html`<br><span class="id">${foreign(name)}</span>`}`,
        html`skipped: ${foreign(reason)}`,
      ],
    })),
  ],
  none: 'No region is known yet.',
})}
</div></article>`;
}

function failedSection({ failedCalls }: Status): Content {
  if (failedCalls.length === 0) return undefined;
  return html`<section aria-labelledby="failed"><h2 id="failed">Failed calls</h2>
${table({
  label: 'Table of failed calls',
  caption: 'Grouped by account, operation and code, the newest first; times are UTC',
  isCaptionShown: true,
  columns: [
    { label: 'Kind' },
    { label: 'Last' },
    { label: 'Times', figures: true },
    { label: 'Account' },
    { label: 'What happened, and what to do', kind: 'what' },
  ],
  rows: failedCalls.map(({ account, count, lastTime, error }) => ({
    cells: [error.kind, moment(lastTime), figure(count), foreign(account), failure(error)],
  })),
  none: '',
})}</section>`;
}

function exporterSection({ exporter, privacy }: Status): Html {
  const { configurationLoaded, configurationRefused, lastScrape, seriesExposed, seriesDropped } =
    exporter;
  const rows: readonly (readonly [string, Content])[] = [
    [
      'Version',
      html`${exporter.version}${exporter.revision !== undefined && ` (${exporter.revision})`}, Node.js ${exporter.nodeVersion}`,
    ],
    ['Running since', moment(exporter.startTime)],
    [
      'Configuration',
      html`loaded ${moment(configurationLoaded)}${configurationRefused !== undefined && html`; <strong>a newer one was refused</strong> ${moment(configurationRefused)}`}`,
    ],
    ['Last scrape', lastScrape === undefined ? 'none yet' : moment(lastScrape)],
    [
      'Series of users and sessions',
      seriesExposed === undefined
        ? 'known after a scrape'
        : html`${figure(seriesExposed)} exposed, ${figure(seriesDropped ?? 0)} dropped`,
    ],
    ['Shown of users', privacyText(privacy)],
  ];
  return html`<section aria-labelledby="exporter"><h2 id="exporter">Exporter</h2>
<dl class="facts card">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></section>`;
}

function privacyText({ detail, userName, userMail, clientAddresses }: Status['privacy']): string {
  if (detail === 'instances' || userName === 'omit') return 'only totals of each instance';
  const names = userName === 'hash' ? 'hashed names' : 'names';
  const more = [userMail && 'mail addresses', clientAddresses && 'client addresses'];
  return [names, ...more.filter((part) => part !== false)].join(', ');
}
