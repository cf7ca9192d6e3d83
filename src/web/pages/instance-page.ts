import { INSTANCE_STAGES, type InstanceStage } from '../../model/stage.ts';
import { showsUsers } from '../status/privacy.ts';
import type { InstancePage, InstanceStatus, StageStatus } from '../status/schema.ts';
import type { UserQuery } from '../status/user-query.ts';
import { type PageContext, pageAddress } from './context.ts';
import { type Content, filled, foreign, type Html, html } from './html.ts';
import { instancePath, layout } from './layout.ts';
import {
  conditionTag,
  freshness,
  fromLog,
  ifKnown,
  subscriptionNote,
  unreadableNote,
  usersCell,
} from './parts.ts';
import { date, moment } from './times.ts';
import { usersSection } from './users-section.ts';

export function instancePage(page: InstancePage, query: UserQuery, context: PageContext): Html {
  const { messages } = context;
  const { instance: texts } = messages;
  const { instance } = page;
  const { instanceId, name = instanceId, account, regionId } = instance;
  return layout(context, {
    title: name,
    json: `api/v1/${instancePath(instance)}`,
    time: page.time,
    isLive: true,
    main: html`<nav aria-label="${texts.breadcrumb}" class="crumbs"><a href="${pageAddress(context, '')}">${messages.overview.title}</a> <span aria-hidden="true">›</span> <span aria-current="page">${foreign(name)}</span></nav>
<h1>${foreign(name)} ${conditionTag(messages, instance)}</h1>
<p class="soft">${filled(texts.place, foreign(instanceId), foreign(account), foreign(regionId))}</p>
${instance.errors.map((error) => unreadableNote(messages, error))}
${instance.errors.length > 0 && html`<p class="failure soft">${texts.usersGoOn}</p>`}
${subscriptionNote(messages, instance)}
${factsOf(page, context)}
${stagesSection(instance, context)}
${usersSection(page, query, context)}`,
  });
}

function factsOf({ instance, privacy }: InstancePage, context: PageContext): Html {
  const { messages } = context;
  const { instance: texts, parts, formats } = messages;
  const { figure, duration, bandwidth } = formats;
  const { onlineUsers, onlineClients, oldestSessionStart, oldestSessionSeconds } = instance;
  const { bandwidthLimitBytesPerSecond, bandwidthAllocatedBytesPerSecond } = instance;
  const { usersDisabled, subscriptionEnd, subscriptionState, status } = instance;
  const known = <Value>(value: Value | undefined, show: (value: Value) => Content): Content =>
    ifKnown(messages, value, show);
  const facts: readonly (readonly [string, Content])[] = [
    [
      texts.users,
      html`<span class="users">${usersCell(messages, instance)}</span>${usersDisabled !== undefined && note(texts.disabled(figure(usersDisabled)))}${unusedNotes(instance, context, showsUsers(privacy))}`,
    ],
    [
      texts.online,
      html`${known(onlineUsers, figure)}${onlineClients !== undefined && note(texts.withClients(onlineClients))}`,
    ],
    [
      texts.longestSession,
      html`${known(oldestSessionSeconds, duration)}${oldestSessionStart !== undefined && note(filled(texts.since, moment(oldestSessionStart)))}`,
    ],
    [
      texts.bandwidth,
      html`${known(bandwidthAllocatedBytesPerSecond, bandwidth)}${note(filled(texts.bandwidthOf, known(bandwidthLimitBytesPerSecond, bandwidth)))}`,
    ],
    [
      texts.sessions,
      html`${figure(instance.sessionsStarted)}${note(formats.remarks([texts.sessionsEnded(figure(instance.sessionsEnded)), parts.sinceStart]))}`,
    ],
    [
      subscriptionState === 'ended' ? texts.subscriptionEnded : texts.subscribedUntil,
      html`${known(subscriptionEnd, date)}${subscriptionSpan(instance, context)}${status !== undefined && note(filled(texts.state, foreign(status)))}`,
    ],
  ];
  return html`<dl class="tiles">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${instance.doubts.map((doubt) => html`<p class="soft">${fromLog(doubt)}</p>`)}`;
}

const note = (text: Content): Html => html` <small>${text}</small>`;

/** The numbers of unused users with links to their lists, or that it is too early to tell. */
function unusedNotes(
  { usersUnused, watchedSince, watchedSeconds = 0 }: InstanceStatus,
  context: PageContext,
  areListed: boolean,
): Content {
  const { instance: texts, formats } = context.messages;
  const known = usersUnused.filter(({ users }) => users !== undefined);
  if (known.length === 0 && usersUnused.length > 0 && watchedSince !== undefined) {
    return note(texts.unusedUnknown(formats.duration(Math.floor(watchedSeconds))));
  }
  return known.map(({ unusedFor, seconds, users = 0 }) => {
    const text = texts.unused(formats.figure(users), formats.duration(seconds));
    const address = pageAddress({ ...context, root: '' }, '', { unused_for: unusedFor });
    return note(areListed ? html`<a id="unused-${unusedFor}" href="${address}">${text}</a>` : text);
  });
}

function subscriptionSpan(instance: InstanceStatus, { messages }: PageContext): Content {
  const { instance: texts, parts, formats } = messages;
  const { subscriptionState: state } = instance;
  const { subscriptionLeftSeconds: left = 0, subscriptionOverSeconds: over = 0 } = instance;
  if (state === undefined) return undefined;
  return note(
    state === 'ended' ? parts.ago(formats.duration(over)) : texts.in(formats.duration(left)),
  );
}

function stagesSection({ stages }: InstanceStatus, context: PageContext): Html {
  return html`<section aria-labelledby="stages"><h2 id="stages" class="sr">${context.messages.instance.stages}</h2>
<dl class="tiles passes">${INSTANCE_STAGES.map((stage) => {
    const status = stages[stage];
    return status && stageTile(stage, status, context);
  })}</dl></section>`;
}

function stageTile(name: InstanceStage, stage: StageStatus, { messages }: PageContext): Html {
  const { instance: texts, parts, formats } = messages;
  const { seconds, duration, remarks } = formats;
  const { lastDurationSeconds: took, intervalSeconds, failures } = stage;
  const details = [texts.every(duration(intervalSeconds))];
  if (took !== undefined) {
    details.push(texts.took(took < 10 ? seconds(Math.max(0.1, took)) : duration(took)));
  }
  if (failures > 0) details.push(texts.passesFailed(failures));
  return html`<div><dt>${texts.stage(parts.stages[name])}</dt><dd>${freshness(messages, stage)}${note(remarks(details))}</dd></div>`;
}
