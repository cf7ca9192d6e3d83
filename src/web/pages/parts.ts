import { SEVERITY, THRESHOLDS } from '../../fleet/levels.ts';
import { RENEW } from '../status/level-texts.ts';
import type {
  ErrorStatus,
  InstanceFinding,
  InstanceStatus,
  SeatsState,
  Severity,
  StageStatus,
} from '../status/schema.ts';
import { duration, figure, minuteOf, percent } from '../words.ts';
import { type Content, foreign, type Html, html } from './html.ts';

const UNKNOWN = html`<span class="unknown">–<span class="sr"> unknown</span></span>`;

export const ifKnown = <Value>(
  value: Value | undefined,
  show: (value: Value) => Content,
): Content => (value === undefined ? UNKNOWN : show(value));

/** The age of an event. The tooltip shows its time. */
function ago(isoTime: string, seconds: number): Html {
  return html`<time datetime="${isoTime}" title="${isoTime}">${duration(seconds)} ago</time>`;
}

/**
 * A time to the minute.
 *
 * @param asOf another time; when both have the same date, the date is left out
 */
export function moment(isoTime: string, asOf?: string): Html {
  const text = minuteOf(isoTime);
  const isSameDay = asOf?.slice(0, 10) === isoTime.slice(0, 10);
  return html`<time datetime="${isoTime}">${isSameDay ? text.slice(-5) : text}</time>`;
}

/**
 * The day of a time.
 *
 * @param asOf another time; when both have the same date, the time of day is shown instead
 */
export function day(isoTime: string, asOf: string): Html {
  const text = minuteOf(isoTime);
  const isSameDay = asOf.slice(0, 10) === isoTime.slice(0, 10);
  return html`<time datetime="${isoTime}">${isSameDay ? text.slice(-5) : text.slice(0, 10)}</time>`;
}

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

export function usersCell({
  users,
  usersLimit,
  usersLimitUsedRatio: ratio,
  usersLimitLevel: level,
  usersLimitState: state,
  usersFree: free,
}: InstanceStatus): Html {
  const of =
    usersLimit === undefined
      ? html` <span class="soft">of an unknown limit</span>`
      : ` of ${figure(usersLimit)}`;
  if (users === undefined) return html`${UNKNOWN}${of}`;
  if (ratio === undefined || level === undefined || state === undefined || free === undefined) {
    return html`<span class="figure">${figure(users)}</span>${of}`;
  }
  const words = [percent(ratio), SEATS_TEXTS[state], free > 0 && `${figure(free)} free`];
  return html`${bar(ratio, level)}<span class="beside"><span><span class="figure">${figure(users)}</span>${of}</span> <span class="share ${level}">${words.filter((word) => word !== undefined && word !== false).join(', ')}</span></span>`;
}

const SEATS_TEXTS: Readonly<Record<SeatsState, string | undefined>> = {
  ok: undefined,
  'filling-up': 'filling up',
  'nearly-full': 'nearly full',
  full: 'full',
  'over-limit': 'over the limit',
};

const SIGNS: Readonly<Record<InstanceStatus['condition'], string>> = {
  down: '✕',
  critical: '▲',
  warning: '△',
  starting: '…',
  ok: '✓',
};

const FINDING_TEXTS: Readonly<Record<InstanceFinding, string>> = {
  unreadable: 'Cannot be read',
  ended: 'Subscription ended',
  'over-limit': 'Over the limit',
  full: 'Full',
  'nearly-full': 'Nearly full',
  'nearly-ended': 'Subscription ends',
  stale: 'Stale',
  'filling-up': 'Filling up',
  ending: 'Subscription ends',
};

export function conditionTag({ condition, findings: [worst] }: InstanceStatus): Html {
  const words =
    worst !== undefined ? FINDING_TEXTS[worst] : condition === 'starting' ? 'Starting' : 'OK';
  return html`<span class="tag ${condition}"><span aria-hidden="true">${SIGNS[condition]}</span> ${words}</span>`;
}

/** A note when the subscription has ended or ends soon; otherwise empty. */
export function subscriptionNote(instance: InstanceStatus): readonly Html[] {
  const { subscriptionState } = instance;
  if (subscriptionState === undefined || subscriptionState === 'ok') return [];
  return [
    html`<p class="failure ${SEVERITY[subscriptionState]}"><strong>Subscription:</strong> ${subscriptionEnds(instance)}. <strong>What to do:</strong> ${RENEW}</p>`,
  ];
}

function subscriptionEnds({
  subscriptionState: state,
  subscriptionEnd: end,
  subscriptionLeftSeconds: left = 0,
  subscriptionOverSeconds: over = 0,
}: InstanceStatus): Content {
  if (state === undefined || end === undefined) return undefined;
  return state === 'ended'
    ? html`ended ${duration(over)} ago, ${moment(end)}: no user can connect`
    : html`ends in ${duration(left)}, ${moment(end)}`;
}

/** The age of a stage's data, whether the stage failed or is stale, and the progress of a running pass. */
export function freshness(stage: StageStatus): Html {
  const { lastSuccess, ageSeconds, stale, lastPass, running, progressRatio } = stage;
  const age =
    lastSuccess === undefined || ageSeconds === undefined
      ? html`<span class="soft">not yet read</span>`
      : ago(lastSuccess, ageSeconds);
  const failed = lastPass === 'failed' && html` <span class="tag down">✕ failed</span>`;
  const staleTag = stale && html` <span class="tag warning">△ stale</span>`;
  const progress =
    running &&
    html` <span class="pass">${bar(progressRatio, 'ok', false)}<span class="soft">${figure(Math.floor(progressRatio * 100))} % read</span></span>`;
  return html`${age}${failed}${staleTag}${progress}`;
}

export const unreadableNote = (error: ErrorStatus): Html => failure(error, 'Cannot be read');

export function failure({ message, advice, requestId }: ErrorStatus, what = 'Failed'): Html {
  return html`<p class="failure"><strong>${what}:</strong> ${foreign(message)}${
    requestId !== undefined && html` <span class="soft">(request ${foreign(requestId)})</span>`
  }${advice !== undefined && html`<br><strong>What to do:</strong> ${inCode(advice)}`}</p>`;
}

export function inCode(text: string): Content {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));
}
