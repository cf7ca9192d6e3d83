import { INSTANCE_STAGES } from '../../model/stage.ts';
import { showsUsers } from '../status/privacy.ts';
import type { InstancePage, InstanceStatus, StageStatus } from '../status/schema.ts';
import type { UserQuery } from '../status/user-query.ts';
import { bandwidth, counted, duration, figure } from '../words.ts';
import { type Content, foreign, type Html, html } from './html.ts';
import { instancePath, layout, type PageLinks } from './layout.ts';
import {
  conditionTag,
  freshness,
  ifKnown,
  inCode,
  moment,
  subscriptionNote,
  unreadableNote,
  usersCell,
} from './parts.ts';
import { usersSection } from './users-section.ts';

export function instancePage(page: InstancePage, query: UserQuery, links: PageLinks): Html {
  const { instance } = page;
  const { instanceId, name, account, regionId } = instance;
  return layout(links, {
    title: `${name ?? instanceId} – SAG APP exporter`,
    json: `api/v1/${instancePath(instance)}`,
    time: page.time,
    isLive: true,
    main: html`<nav aria-label="Breadcrumb" class="crumbs"><a href="${links.root}">Fleet</a> <span aria-hidden="true">›</span> <span aria-current="page">${foreign(name ?? instanceId)}</span></nav>
<h1>${foreign(name ?? instanceId)} ${conditionTag(instance)}</h1>
<p class="soft">${foreign(instanceId)} · account ${foreign(account)} · ${foreign(regionId)}</p>
${instance.errors.map(unreadableNote)}
${instance.errors.length > 0 && html`<p class="failure soft">Users go on connecting while the exporter cannot read the instance, unless its subscription has ended.</p>`}
${subscriptionNote(instance)}
${factsOf(page)}
${stagesSection(instance)}
${usersSection(page, query, links)}`,
  });
}

function factsOf({ instance, privacy }: InstancePage): Html {
  const { onlineUsers, onlineClients, oldestSessionStart, oldestSessionSeconds } = instance;
  const { bandwidthLimitBytesPerSecond, bandwidthAllocatedBytesPerSecond } = instance;
  const { usersDisabled, subscriptionEnd, status } = instance;
  const facts: readonly (readonly [string, Content])[] = [
    [
      'Users',
      html`<span class="users">${usersCell(instance)}</span>${usersDisabled !== undefined && html` <small>${figure(usersDisabled)} of them disabled</small>`}${unusedNotes(instance, showsUsers(privacy))}`,
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
      'Sessions started',
      html`${figure(instance.sessionsStarted)} <small>${figure(instance.sessionsEnded)} ended</small>`,
    ],
    [
      instance.subscriptionState === 'ended' ? 'Subscription ended' : 'Subscribed until',
      html`${ifKnown(subscriptionEnd, (end) => end.slice(0, 10))}${subscriptionSpan(instance)}${status !== undefined && html` <small>state ${foreign(status)}</small>`}`,
    ],
  ];
  return html`<dl class="tiles">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${instance.doubts.map((doubt) => html`<p class="soft">${inCode(doubt)}</p>`)}`;
}

/** The numbers of unused users with links to their lists, or that it is too early to tell. */
function unusedNotes(
  { usersUnused, watchedSince, watchedSeconds = 0 }: InstanceStatus,
  areListed: boolean,
): Content {
  const known = usersUnused.filter(({ users }) => users !== undefined);
  if (known.length === 0 && usersUnused.length > 0 && watchedSince !== undefined) {
    return html` <small>unused users are not known yet: watched for ${duration(Math.floor(watchedSeconds))}</small>`;
  }
  return known.map(({ unusedFor, seconds, users = 0 }) => {
    const text = `${figure(users)} unused for ${duration(seconds)}`;
    return html` <small>${areListed ? html`<a id="unused-${unusedFor}" href="?unused_for=${unusedFor}">${text}</a>` : text}</small>`;
  });
}

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
    const status = stages[stage];
    return status && stageTile(stage, status);
  })}</dl></section>`;
}

function stageTile(name: string, stage: StageStatus): Html {
  const { lastDurationSeconds: took, intervalSeconds, failures } = stage;
  const details = [
    `every ${duration(intervalSeconds)}`,
    took !== undefined && `took ${took < 10 ? `${figure(Math.max(0.1, took))} s` : duration(took)}`,
    failures > 0 && `${counted(failures, 'pass', 'passes')} failed`,
  ];
  return html`<div><dt>Stage ${name}</dt><dd>${freshness(stage)} <small>${details.filter((detail) => detail !== false).join(', ')}</small></dd></div>`;
}
