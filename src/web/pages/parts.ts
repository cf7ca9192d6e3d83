import { POSSIBLE_STAGES } from '../../model/stage.ts';
import type { ErrorStatus, InstanceStatus, LimitLevel, StageStatus } from '../status/schema.ts';
import { type Content, foreign, type Html, html } from './html.ts';
import { duration, figure, minuteOf, percent } from './words.ts';

/** What is not known. */
const UNKNOWN = html`<span class="unknown">–<span class="sr"> unknown</span></span>`;

export const known = <Value>(value: Value | undefined, show: (value: Value) => Content): Content =>
  value === undefined ? UNKNOWN : show(value);

/** How long ago, with the moment itself to be read by machines and on pointing. */
export function ago(isoTime: string, seconds: number): Html {
  return html`<time datetime="${isoTime}" title="${isoTime}">${duration(seconds)} ago</time>`;
}

/** A moment to the minute. @param asOf another moment, on whose day the date needs not be said */
export function moment(isoTime: string, asOf?: string): Html {
  const text = minuteOf(isoTime);
  const isSameDay = asOf?.slice(0, 10) === isoTime.slice(0, 10);
  return html`<time datetime="${isoTime}">${isSameDay ? text.slice(-5) : text}</time>`;
}

/** A share as a bar with the two thresholds of a limit marked; the figures stand beside it in words. */
export function bar(ratio: number, level: LimitLevel, marks = true): Html {
  const width = Math.round(Math.min(1, Math.max(0, ratio)) * 1000) / 10;
  return html`<svg class="bar ${level}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="8"/><rect class="fill" width="${width}" height="8"/>${
    marks && html`<path class="marks" d="M85 0V8M95 0V8"/>`
  }</svg>`;
}

/** Users against the limit. */
export function usersCell({
  users,
  usersLimit,
  usersLimitUsedRatio,
  usersLimitLevel,
}: InstanceStatus): Html {
  const of =
    usersLimit === undefined
      ? html` <span class="soft">of an unknown limit</span>`
      : ` of ${figure(usersLimit)}`;
  if (users === undefined) return html`${UNKNOWN}${of}`;
  if (usersLimitUsedRatio === undefined || usersLimitLevel === undefined) {
    return html`<span class="figure">${figure(users)}</span>${of}`;
  }
  return html`${bar(usersLimitUsedRatio, usersLimitLevel)}<span class="beside"><span><span class="figure">${figure(users)}</span>${of}</span> <span class="share ${usersLimitLevel}">${percent(usersLimitUsedRatio)}${LEVEL_WORDS[usersLimitLevel]}</span></span>`;
}

const LEVEL_WORDS: Readonly<Record<LimitLevel, string>> = {
  ok: '',
  warning: ', filling up',
  critical: ', nearly full',
};

const CONDITION_WORDS: Readonly<Record<InstanceStatus['condition'], string>> = {
  down: '✕ Down',
  critical: '▲ Nearly full',
  warning: '△ Warning',
  starting: '… Starting',
  ok: '✓ OK',
};

/** The state of an instance in a word. */
export function conditionTag(condition: InstanceStatus['condition']): Html {
  const [sign = '', ...words] = CONDITION_WORDS[condition].split(' ');
  return html`<span class="tag ${condition}"><span aria-hidden="true">${sign}</span> ${words.join(' ')}</span>`;
}

/** How fresh what a stage left is; what is not as it should be is said in words. */
export function freshness(stage: StageStatus): Html {
  const { lastSuccess, ageSeconds, stale, lastPass, running, progressRatio } = stage;
  const age =
    lastSuccess === undefined || ageSeconds === undefined
      ? html`<span class="soft">not yet read</span>`
      : ago(lastSuccess, ageSeconds);
  const failed = lastPass === 'failed' && html` <span class="tag down">✕ failed</span>`;
  const old = stale && html` <span class="tag warning">△ stale</span>`;
  const progress =
    running &&
    html` <span class="pass">${bar(progressRatio, 'ok', false)}<span class="soft">${figure(Math.floor(progressRatio * 100))} % read</span></span>`;
  return html`${age}${failed}${old}${progress}`;
}

/** Why something failed, and what to do. */
export function failure({ message, advice, requestId }: ErrorStatus): Html {
  return html`<p class="failure"><strong>Failed:</strong> ${foreign(message)}${
    requestId !== undefined && html` <span class="soft">(request ${foreign(requestId)})</span>`
  }${advice !== undefined && html`<br><strong>What to do:</strong> ${inCode(advice)}`}</p>`;
}

/** The errors of an instance's stages, each once. */
export function failuresOf({ stages }: InstanceStatus): readonly Html[] {
  const errors = new Map<string, ErrorStatus>();
  for (const stage of POSSIBLE_STAGES) {
    const error = stages[stage]?.error;
    if (error) errors.set(error.message, error);
  }
  return Array.from(errors.values(), failure);
}

/** Text of our own, in which commands stand between backquotes. */
export function inCode(text: string): Content {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));
}
