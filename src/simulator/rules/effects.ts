import { z } from 'zod';
import { definedFields } from '../../input/defined-fields.ts';
import { duration, section, text } from '../../input/values.ts';
import { type Answer, bodyAnswer, htmlPage, silence } from '../gateway/answer.ts';
import { ApiFault, ERRORS, type ErrorCode } from '../gateway/errors.ts';
import type { Random } from '../world/random.ts';
import { quirkKeys } from './quirks/keys.ts';
import type { Quirks } from './quirks/table.ts';
import { httpStatus, someTime, yes } from './values.ts';

export interface EffectDetails {
  readonly status?: number | undefined;
  readonly message?: string | undefined;
}

/** A call that a fault disrupts, after authentication and limits. */
export interface DisruptedCall {
  readonly requestId: string;
  /**
   * Makes the call.
   *
   * @param quirks readings to use for this call only
   */
  readonly answer: (quirks?: Partial<Quirks>) => Answer;
}

/**
 * One thing that a fault can do. The row's name is the property by which code names the effect. An
 * effect either delays the answer (`delay`) or takes its place (`disrupt`).
 */
interface Row<Written, Effect> {
  readonly key: string;
  readonly takes: z.ZodType<Written>;
  /** For the reference of scenarios. */
  readonly does: string;
  /** The details that may be written beside the key. @default none */
  readonly details?: readonly (keyof EffectDetails)[];
  // `read`, `delay` and `disrupt` are methods, so that rows of different types fit in one table: TypeScript
  // lets the parameters of methods vary.
  read(written: Written, details: EffectDetails): Effect;
  /** Milliseconds by which one call is delayed. */
  delay?(effect: Effect, random: Random): number;
  /** @throws ApiFault when the answer is an error */
  disrupt?(effect: Effect, call: DisruptedCall): Answer;
}

/** Checks that the parts of a row fit together. */
const row = <Written, Effect>(parts: Row<Written, Effect>): Row<Written, Effect> => parts;

/** The distribution of delays, in milliseconds. */
export type Latency =
  /** Uniform. */
  | { readonly fromMs: number; readonly toMs: number }
  /**
   * A log-normal distribution, like most server latencies: half of the delays are above the median, one in a
   * hundred is above `p99Ms`.
   */
  | { readonly medianMs: number; readonly p99Ms: number };

const LATENCY_EXPECTED = 'either median and p99, or from and to, the shorter time first';

const latency = section({
  median: someTime().optional().describe('Half of the calls take longer.'),
  p99: someTime()
    .optional()
    .describe('One in a hundred calls takes longer; together with `median`.'),
  from: duration(0)
    .optional()
    .describe('The shortest time. All times up to `to` are equally likely.'),
  to: someTime().optional().describe('The longest time, together with `from`.'),
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

/** Everything that a fault can do. A new effect is a new row, and nothing else. */
const EFFECTS = {
  error: row({
    key: 'error',
    takes: text('the code of an error such as ServiceUnavailable', /^\S+$/),
    does: 'The answer is the API error with this code, by default with the status and text of its page.',
    details: ['status', 'message'],
    read: (code, { status, message }): ErrorEffect => ({
      error: { code, ...definedFields({ httpStatus: status, message }) },
    }),
    disrupt({ error: { code, httpStatus: status, message } }) {
      const known = Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'InternalError';
      const [usualStatus, usualMessage] = ERRORS[known];
      throw new ApiFault(code, status ?? usualStatus, message ?? usualMessage);
    },
  }),
  reset: row({
    key: 'reset',
    takes: yes(),
    does: 'The connection is closed before any answer.',
    read: () => ({ reset: true }) as const,
    disrupt: () => silence('reset', 'reset'),
  }),
  hang: row({
    key: 'hang',
    takes: yes(),
    does: 'No answer ever comes.',
    read: () => ({ hang: true }) as const,
    disrupt: () => silence('hang', 'held'),
  }),
  delayMs: row({
    key: 'delay',
    takes: someTime(),
    does: 'The answer comes later by this much real time.',
    read: (delayMs): { readonly delayMs: number } => ({ delayMs }),
    delay: ({ delayMs }) => delayMs,
  }),
  latency: row({
    key: 'latency',
    takes: latency,
    does: 'The answer comes later by a time drawn for each call: log-normal, or uniform between two bounds.',
    read: (drawn): { readonly latency: Latency } => ({ latency: drawn }),
    delay: ({ latency: drawn }, random) => drawTime(drawn, random),
  }),
  truncate: row({
    key: 'truncate',
    takes: yes(),
    does: 'The JSON of the answer ends in the middle.',
    read: () => ({ truncate: true }) as const,
    disrupt(_, { answer }) {
      const whole = answer();
      return { ...whole, body: whole.body.slice(0, whole.body.length >> 1), code: 'truncate' };
    },
  }),
  cut: row({
    key: 'cut',
    takes: yes(),
    does: 'The connection is closed in the middle of the answer.',
    read: () => ({ cut: true }) as const,
    disrupt: (_, { answer }) => ({ ...answer(), code: 'cut', delivery: 'cut' }),
  }),
  html: row({
    key: 'html',
    takes: httpStatus(),
    does: "The answer is a proxy's error page with this status.",
    read: (html): { readonly html: number } => ({ html }),
    disrupt: ({ html }) => htmlPage(html),
  }),
  empty: row({
    key: 'empty',
    takes: httpStatus(),
    does: 'The answer has this status and no body.',
    read: (empty): { readonly empty: number } => ({ empty }),
    disrupt: ({ empty }) => bodyAnswer('empty', empty, ''),
  }),
  status500WithoutCode: row({
    key: 'no_code',
    takes: yes(),
    does: 'The answer has status 500 and a body that names no error.',
    read: () => ({ status500WithoutCode: true }) as const,
    disrupt: (_, { requestId }) =>
      bodyAnswer('status500WithoutCode', 500, JSON.stringify({ RequestId: requestId })),
  }),
  body: row({
    key: 'body',
    takes: z.string({ error: 'a text' }),
    does: 'The answer has this body, with `status`, by default 200.',
    details: ['status'],
    read: (body, { status = 200 }): BodyEffect => ({ body, httpStatus: status }),
    disrupt: ({ body, httpStatus: status, contentType }) =>
      bodyAnswer('body', status, body, contentType),
  }),
  quirks: row({
    key: 'quirks',
    takes: quirkKeys(),
    does: 'The answer follows these readings of the documents, as under `quirks`.',
    read: (quirks): { readonly quirks: Partial<Quirks> } => ({ quirks }),
    disrupt: ({ quirks }, { answer }) => answer(quirks),
  }),
};

interface ErrorEffect {
  /** Status and text are those of the table ERRORS, unless they are given. */
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

export type FaultEffect = ReturnType<(typeof EFFECTS)[keyof typeof EFFECTS]['read']>;

const ROWS: ReadonlyMap<string, Row<unknown, object>> = new Map(
  Object.entries<Row<unknown, object>>(EFFECTS),
);

export const EFFECT_KEYS: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  [...ROWS.values()].map(({ key, takes, does }) => [key, takes.optional().describe(does)]),
);

export function effectsWith(detail: keyof EffectDetails): readonly string[] {
  return [...ROWS.values()]
    .filter(({ details = [] }) => details.includes(detail))
    .map(({ key }) => key);
}

/** The effect among the keys of a fault; undefined when there is none. */
export function readEffect(
  keys: Readonly<Record<string, unknown>>,
  details: EffectDetails,
): FaultEffect | undefined {
  const chosen = [...ROWS.values()].find(({ key }) => keys[key] !== undefined);
  return chosen?.read(keys[chosen.key], details) as FaultEffect | undefined;
}

/** Milliseconds by which a call is delayed; undefined for an effect that takes the place of the answer. */
export function delayOf(effect: FaultEffect, random: Random): number | undefined {
  return rowOf(effect).delay?.(effect, random);
}

export function isDisruptive(effect: FaultEffect): boolean {
  return rowOf(effect).disrupt !== undefined;
}

/** @throws ApiFault when the answer is an error */
export function disrupt(effect: FaultEffect, call: DisruptedCall): Answer {
  return rowOf(effect).disrupt?.(effect, call) ?? call.answer();
}

function rowOf(effect: FaultEffect): Row<unknown, object> {
  for (const [name, found] of ROWS) {
    if (name in effect) return found;
  }
  throw new RangeError('The effect of a fault is none of the table');
}

function drawTime(drawn: Latency, random: Random): number {
  if ('fromMs' in drawn) return drawn.fromMs + random.next() * (drawn.toMs - drawn.fromMs);
  const sigma = Math.log(drawn.p99Ms / drawn.medianMs) / Z_99;
  return drawn.medianMs * Math.exp(sigma * normal(random));
}

/** The 99th percentile of the standard normal distribution. */
const Z_99 = 2.326348;

/** Draws from the standard normal distribution, by Box and Muller's method. */
function normal(random: Random): number {
  const radius = Math.sqrt(2 * random.exponential(1));
  return radius * Math.cos(2 * Math.PI * random.next());
}
