import { z } from 'zod';
import { definedFields } from '../../input/defined-fields.ts';
import { duration, section, text } from '../../input/values.ts';
import { httpStatus, someTime, yes } from '../control/values.ts';
import { type Answer, htmlPage, jsonAnswer } from '../gateway/answer.ts';
import { ApiFault, ERRORS, type ErrorCode } from '../gateway/errors.ts';
import type { Random } from '../world/random.ts';
import { quirkKeys } from './quirks/keys.ts';
import type { Quirks } from './quirks/table.ts';

/** What the gateway does with a call instead of answering it as it should. */
export type Outcome =
  /** An error of the API. */
  | { readonly error: ApiFault }
  /** Another answer; `right` would have been the right one. */
  | { readonly answer: (right: () => Answer) => Answer }
  /** The right answer by other readings of the documents. */
  | { readonly quirks: Partial<Quirks> }
  /** Closed before any byte or in the middle of the right answer; or kept open without an answer. */
  | { readonly connection: 'reset' | 'cut' | 'hang' };

/** Keys that complete some effects in scenarios. */
interface More {
  readonly status?: number | undefined;
  readonly message?: string | undefined;
}

/** One thing that a fault can do; the row's name is the property by which code names the effect. */
interface Row<Written, Effect> {
  /** The key in scenarios. */
  readonly key: string;
  readonly takes: z.ZodType<Written>;
  /** For the reference of scenarios. */
  readonly does: string;
  readonly read: (written: Written, more: More) => Effect;
}

/** What happens to a call instead of its answer. */
interface Disruption<Written, Effect> extends Row<Written, Effect> {
  readonly outcome: (effect: Effect, requestId: string) => Outcome;
}

/** What happens to a call before its answer. */
interface Delay<Written, Effect> extends Row<Written, Effect> {
  /** Milliseconds of one call. */
  readonly timeOf: (effect: Effect, random: Random) => number;
}

// The three functions below drop the types of a row's values, so that rows of all types stand in one
// table. The casts are safe, as a row is looked up by the key or the property of its own values.

function written<Written, Effect>({ key, takes, does, read }: Row<Written, Effect>) {
  return {
    key,
    takes: takes.optional().describe(does),
    read: (value: unknown, more: More): Effect => read(value as Written, more),
  };
}

function disruption<Written, Effect>(row: Disruption<Written, Effect>) {
  const outcome = (effect: object, requestId: string): Outcome =>
    row.outcome(effect as Effect, requestId);
  return { ...written(row), outcome };
}

function delay<Written, Effect>(row: Delay<Written, Effect>) {
  const timeOf = (effect: object, random: Random): number => row.timeOf(effect as Effect, random);
  return { ...written(row), timeOf };
}

/** How times are distributed, in milliseconds. */
export type Latency =
  /** Each as likely as the next. */
  | { readonly fromMs: number; readonly toMs: number }
  /** Log-normal, as times of servers mostly are: half of them above the median, one in a hundred above `p99Ms`. */
  | { readonly medianMs: number; readonly p99Ms: number };

const LATENCY_EXPECTED = 'either median and p99, or from and to, the shorter time first';

const latency = section({
  median: someTime().optional().describe('Half of the calls take longer.'),
  p99: someTime().optional().describe('One in a hundred takes longer; goes with `median`.'),
  from: duration(0).optional().describe('The shortest time; all up to `to` are as likely.'),
  to: someTime().optional().describe('The longest time; goes with `from`.'),
}).transform(({ median, p99, from, to }, context): Latency => {
  const byPercentiles = median !== undefined && p99 !== undefined && median <= p99;
  const byBounds = from !== undefined && to !== undefined && from <= to;
  if (byPercentiles && from === undefined && to === undefined) {
    return { medianMs: median, p99Ms: p99 };
  }
  if (byBounds && median === undefined && p99 === undefined) return { fromMs: from, toMs: to };
  context.addIssue({ code: 'custom', message: LATENCY_EXPECTED });
  return z.NEVER;
});

/** Everything that a fault can do: a new effect is a new row. */
const EFFECTS = {
  error: disruption({
    key: 'error',
    takes: text('the code of an error such as ServiceUnavailable', /^\S+$/),
    does: 'An error of the API with this code; status and text are by default those of its page.',
    read: (code, { status, message }): ErrorEffect => ({
      error: { code, ...definedFields({ httpStatus: status, message }) },
    }),
    outcome({ error: { code, httpStatus: status, message } }) {
      const known = Object.hasOwn(ERRORS, code) ? ERRORS[code as ErrorCode] : ERRORS.InternalError;
      const fault = new ApiFault(code, status ?? known.httpStatus, message ?? known.message);
      return { error: fault };
    },
  }),
  reset: disruption({
    key: 'reset',
    takes: yes(),
    does: 'The connection is closed before any answer.',
    read: () => ({ reset: true }) as const,
    outcome: () => ({ connection: 'reset' }),
  }),
  hang: disruption({
    key: 'hang',
    takes: yes(),
    does: 'No answer ever comes.',
    read: () => ({ hang: true }) as const,
    outcome: () => ({ connection: 'hang' }),
  }),
  delayMs: delay({
    key: 'delay',
    takes: someTime(),
    does: 'The answer comes so much later, in real time.',
    read: (delayMs): { readonly delayMs: number } => ({ delayMs }),
    timeOf: ({ delayMs }) => delayMs,
  }),
  latency: delay({
    key: 'latency',
    takes: latency,
    does: 'The same with a time drawn for each call: log-normal, or even between two.',
    read: (drawn): { readonly latency: Latency } => ({ latency: drawn }),
    timeOf: ({ latency: drawn }, random) => drawTime(drawn, random),
  }),
  truncate: disruption({
    key: 'truncate',
    takes: yes(),
    does: 'The JSON of the answer ends in the middle.',
    read: () => ({ truncate: true }) as const,
    outcome: () => ({
      answer(right) {
        const whole = right();
        return { ...whole, body: whole.body.slice(0, whole.body.length >> 1), code: 'truncate' };
      },
    }),
  }),
  cut: disruption({
    key: 'cut',
    takes: yes(),
    does: 'The connection is closed in the middle of the answer.',
    read: () => ({ cut: true }) as const,
    outcome: () => ({ connection: 'cut' }),
  }),
  html: disruption({
    key: 'html',
    takes: httpStatus(),
    does: "A proxy's error page with this status.",
    read: (html): { readonly html: number } => ({ html }),
    outcome: ({ html }) => ({ answer: () => htmlPage(html) }),
  }),
  empty: disruption({
    key: 'empty',
    takes: httpStatus(),
    does: 'This status and no body.',
    read: (empty): { readonly empty: number } => ({ empty }),
    outcome: ({ empty }) => ({ answer: () => jsonAnswer('empty', empty, '') }),
  }),
  status500WithoutCode: disruption({
    key: 'no_code',
    takes: yes(),
    does: 'HTTP 500 with a body that names no error.',
    read: () => ({ status500WithoutCode: true }) as const,
    outcome: (_, requestId) => ({
      answer: () =>
        jsonAnswer('status500WithoutCode', 500, JSON.stringify({ RequestId: requestId })),
    }),
  }),
  body: disruption({
    key: 'body',
    takes: z.string({ error: 'a text' }),
    does: 'Any body, with `status`, by default 200.',
    read: (body, { status = 200 }): BodyEffect => ({ body, httpStatus: status }),
    outcome: ({ body, httpStatus: status, contentType }) => ({
      answer: () => ({ ...jsonAnswer('body', status, body), ...definedFields({ contentType }) }),
    }),
  }),
  quirks: disruption({
    key: 'quirks',
    takes: quirkKeys(),
    does: 'The answer comes by these readings of the documents, as under `quirks`.',
    read: (quirks): { readonly quirks: Partial<Quirks> } => ({ quirks }),
    outcome: ({ quirks }) => ({ quirks }),
  }),
};

interface ErrorEffect {
  /** Status and text default to the table's. */
  readonly error: {
    readonly code: string;
    readonly httpStatus?: number;
    readonly message?: string;
  };
}

interface BodyEffect {
  readonly body: string;
  readonly httpStatus: number;
  readonly contentType?: string;
}

type EffectName = keyof typeof EFFECTS;
type EffectNamed<Name extends EffectName> = ReturnType<(typeof EFFECTS)[Name]['read']>;

/** What a fault does to a call, beside or instead of answering it. */
export type FaultEffect = EffectNamed<EffectName>;

/** An effect that takes the place of the answer. */
export type DisruptiveEffect = Exclude<FaultEffect, EffectNamed<'delayMs' | 'latency'>>;

/** The keys of effects as people write them. */
export const EFFECT_KEYS: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  Object.values(EFFECTS).map(({ key, takes }) => [key, takes]),
);

/** The effect among the keys of a fault; undefined where there is none. */
export function readEffect(
  keys: Readonly<Record<string, unknown>>,
  more: More,
): FaultEffect | undefined {
  for (const { key, read } of Object.values(EFFECTS)) {
    if (keys[key] !== undefined) return read(keys[key], more);
  }
  return undefined;
}

/** How much later a call is answered; undefined for an effect that takes the place of the answer. */
export function delayOf(effect: FaultEffect, random: Random): number | undefined {
  const row = rowOf(effect);
  return 'timeOf' in row ? row.timeOf(effect, random) : undefined;
}

export function isDisruptive(effect: FaultEffect): effect is DisruptiveEffect {
  return 'outcome' in rowOf(effect);
}

/** What the gateway is to do. */
export function outcomeOf(effect: DisruptiveEffect, requestId: string): Outcome {
  const row = rowOf(effect);
  if ('outcome' in row) return row.outcome(effect, requestId);
  throw new RangeError('A delay takes the place of no answer');
}

function rowOf(effect: FaultEffect): (typeof EFFECTS)[EffectName] {
  const found = Object.entries(EFFECTS).find(([name]) => name in effect);
  if (found === undefined) throw new RangeError('An effect of no known kind');
  return found[1];
}

function drawTime(drawn: Latency, random: Random): number {
  if ('fromMs' in drawn) return drawn.fromMs + random.next() * (drawn.toMs - drawn.fromMs);
  const sigma = Math.log(drawn.p99Ms / drawn.medianMs) / Z_99;
  return drawn.medianMs * Math.exp(sigma * normal(random));
}

/** The 99th percentile of the standard normal distribution. */
const Z_99 = 2.326348;

/** From the standard normal distribution, by Box and Muller's method. */
function normal(random: Random): number {
  const radius = Math.sqrt(2 * random.exponential(1));
  return radius * Math.cos(2 * Math.PI * random.next());
}
