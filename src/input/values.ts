import { z } from 'zod';
import { DURATION, formatDuration, parseDuration } from './duration.ts';

// The error of every schema in this file describes the accepted values, to follow "expected".

export const section = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, { error: 'a mapping of keys' });

export const list = <Item extends z.ZodType>(item: Item) => z.array(item, { error: 'a list' });

/** A whole number from `min` to `max`; without `max` there is no upper bound. */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER) {
  const range = max === Number.MAX_SAFE_INTEGER ? `from ${min} up` : `from ${min} to ${max}`;
  const error = `a whole number ${range}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

/** A number above 0, fractions allowed. */
export function positive() {
  const error = 'a number above 0';
  return z.number({ error }).gt(0, { error });
}

export const flag = () => z.boolean({ error: 'true or false' });

export const oneOf = <const Words extends readonly string[]>(words: Words) =>
  z.enum(words, { error: `${words.slice(0, -1).join(', ')} or ${words.at(-1)}` });

export const text = (error: string, pattern = /\S/) =>
  z.string({ error }).regex(pattern, { error });

/**
 * An access key, a secret or a token: printable ASCII characters without blanks. Blanks and line ends around
 * it are removed, because editors, shells and mounted secrets add them.
 *
 * @param of names the characters of `pattern` in the error
 */
export function secretWord(
  error: string,
  { pattern, of }: { readonly pattern: RegExp; readonly of: string } = {
    pattern: SECRET_WORD,
    of: 'printable ASCII characters without blanks',
  },
) {
  return z
    .string({ error })
    .regex(/\S/, { error, abort: true })
    .regex(pattern, { error: `${error}, of ${of}` })
    .transform((written) => written.trim());
}

/** A secret with the blanks and line ends that may surround it. */
export const SECRET_WORD = /^\s*[\x21-\x7e]+\s*$/;

/** A duration such as `30s`, parsed into milliseconds; `min` and `max` are milliseconds. */
export const duration = (min: number, max = Number.POSITIVE_INFINITY) =>
  writtenDuration(min, max).transform(({ milliseconds }) => milliseconds);

/** A duration with its text as it is written; `min` and `max` are milliseconds. */
export function writtenDuration(min: number, max: number, examples = '30s or 5m') {
  const least = `a duration such as ${examples}, at least ${formatDuration(min)}`;
  const error = Number.isFinite(max) ? `${least} and at most ${formatDuration(max)}` : least;
  return text(error, DURATION).transform((written, context) => {
    const milliseconds = parseDuration(written);
    if (milliseconds !== undefined && milliseconds >= min && milliseconds <= max) {
      return { text: written, milliseconds };
    }
    context.addIssue({ code: 'custom', message: error });
    return z.NEVER;
  });
}

/** The id of an Alibaba Cloud region. It becomes part of a host name, so other characters are refused. */
export const regionId = () => text(REGION_EXPECTED, REGION);

export const REGION = /^[a-z0-9]+(?:-[a-z0-9]+)+$/;
export const REGION_EXPECTED = 'a region id such as cn-shanghai';

/** An http or https URL without a path, a query or a user, parsed into its origin. */
export function serverUrl() {
  const error = 'an http:// or https:// URL with a host and optionally a port, and nothing more';
  return text(error)
    .refine((url) => isServer(url) && !hasUser(url), { error })
    .transform((url) => new URL(url).origin);
}

/** An http or https URL without a path or a query; may have a user and a password. */
export function proxyUrl() {
  const error = 'an http:// or https:// URL of a proxy, such as http://proxy:3128';
  return text(error).refine(isServer, { error });
}

function isServer(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, pathname, search, hash } = new URL(url);
  return /^https?:$/.test(protocol) && pathname === '/' && search === '' && hash === '';
}

function hasUser(url: string): boolean {
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}
