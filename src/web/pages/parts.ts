import { SEVERITY, THRESHOLDS } from '../../fleet/levels.ts';
import type { Messages } from '../messages/index.ts';
import type { ErrorStatus, InstanceStatus, Severity, StageStatus } from '../status/schema.ts';
import { type Content, filled, foreign, type Html, html } from './html.ts';
import { ago, moment } from './times.ts';

export const ifKnown = <Value>(
  { parts }: Messages,
  value: Value | undefined,
  show: (value: Value) => Content,
): Content =>
  value === undefined
    ? html`<span class="unknown">–<span class="sr"> ${parts.unknown}</span></span>`
    : show(value);

/** The SVG path of the marks on a bar: one at each threshold of the limit. */
const MARKS = Object.values(THRESHOLDS.usersLimitUsedRatio)
  .map((ratio) => `M${ratio * 100} 0V8`)
  .join('');

/** Draws a share as a bar. Screen readers skip it, because the figures stand beside it. */
export function bar(ratio: number, level: Severity, marks = true): Html {
  const width = Math.round(Math.min(1, Math.max(0, ratio)) * 1000) / 10;
  return html`<svg class="bar ${level}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="8"/><rect class="fill" width="${width}" height="8"/>${
    marks && html`<path class="marks" d="${MARKS}"/>`
  }</svg>`;
}

export function usersCell(messages: Messages, instance: InstanceStatus): Html {
  const { formats, parts } = messages;
  const { figure, percent, remarks } = formats;
  const { users, usersLimit, usersFree: free } = instance;
  const { usersLimitUsedRatio: ratio, usersLimitLevel: level, usersLimitState: state } = instance;
  const of =
    usersLimit === undefined
      ? html` <span class="soft">${parts.ofUnknownLimit}</span>`
      : ` ${parts.ofLimit(figure(usersLimit))}`;
  const count = ifKnown(
    messages,
    users,
    (users) => html`<span class="figure">${figure(users)}</span>`,
  );
  if (ratio === undefined || level === undefined || state === undefined || free === undefined) {
    return html`${count}${of}`;
  }
  const seats = parts.seats[state];
  const words = [percent(ratio), ...(seats === undefined ? [] : [seats])];
  if (free > 0) words.push(parts.free(figure(free)));
  return html`${bar(ratio, level)}<span class="beside"><span>${count}${of}</span> <span class="share ${level}">${remarks(words)}</span></span>`;
}

const SIGNS: Readonly<Record<InstanceStatus['condition'], string>> = {
  down: '✕',
  critical: '▲',
  warning: '△',
  starting: '…',
  ok: '✓',
};

export function conditionTag(
  { parts }: Messages,
  { condition, findings: [worst] }: InstanceStatus,
): Html {
  const words = parts.condition[worst ?? (condition === 'starting' ? 'starting' : 'ok')];
  return html`<span class="tag ${condition}"><span aria-hidden="true">${SIGNS[condition]}</span> ${words}</span>`;
}

/** A note when the subscription has ended or ends soon; otherwise empty. */
export function subscriptionNote(messages: Messages, instance: InstanceStatus): readonly Html[] {
  const { parts, problems, formats } = messages;
  const { subscriptionState: state, subscriptionEnd: end } = instance;
  const { subscriptionLeftSeconds: left = 0, subscriptionOverSeconds: over = 0 } = instance;
  if (state === undefined || state === 'ok' || end === undefined) return [];
  const text =
    state === 'ended'
      ? filled(parts.subscriptionEnded, formats.duration(over), moment(end))
      : filled(parts.subscriptionEnds, formats.duration(left), moment(end));
  return [
    html`<p class="failure ${SEVERITY[state]}">${label(messages, parts.subscription)} ${text} ${label(messages, parts.whatToDo)} ${problems.renew}</p>`,
  ];
}

const label = ({ parts }: Messages, text: string): Html =>
  html`<strong>${parts.label(text)}</strong>`;

/** The age of a stage's data, whether the stage failed or is stale, and the progress of a running pass. */
export function freshness(messages: Messages, stage: StageStatus): Html {
  const { parts, formats } = messages;
  const { lastSuccess, ageSeconds, stale, lastPass, running, progressRatio } = stage;
  const age =
    lastSuccess === undefined || ageSeconds === undefined
      ? html`<span class="soft">${parts.notRead}</span>`
      : ago(messages, lastSuccess, ageSeconds);
  const failed = lastPass === 'failed' && html` <span class="tag down">✕ ${parts.failed}</span>`;
  const staleTag = stale && html` <span class="tag warning">△ ${parts.stale}</span>`;
  const percent = formats.percent(Math.floor(progressRatio * 100) / 100);
  const progress =
    running &&
    html` <span class="pass">${bar(progressRatio, 'ok', false)}<span class="soft">${parts.read(percent)}</span></span>`;
  return html`${age}${failed}${staleTag}${progress}`;
}

export const unreadableNote = (messages: Messages, error: ErrorStatus): Html =>
  failure(messages, error, messages.parts.cannotBeRead);

export function failure(
  messages: Messages,
  { message, advice, requestId }: ErrorStatus,
  what = messages.parts.failure,
): Html {
  const { parts } = messages;
  return html`<p class="failure">${label(messages, what)} ${fromLog(message)}${
    requestId !== undefined &&
    html` <span class="soft">${filled(parts.request, foreign(requestId))}</span>`
  }${advice !== undefined && html`<br>${label(messages, parts.whatToDo)} ${inCode(advice)}`}</p>`;
}

/** A text of the API or of the log. These are in English on every page, so that they can be searched for. */
export const fromLog = (text: string): Html => html`<bdi lang="en">${text}</bdi>`;

/** A text with code in backticks. */
export function inCode(text: string): Content {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));
}

/** A link to another site. The browser does not tell that site the address of the page. */
export function outsideLink(address: string, text: string): Html {
  return html`<a href="${address}" rel="noreferrer">${text}</a>`;
}
