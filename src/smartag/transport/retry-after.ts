import type { IncomingHttpHeaders } from 'node:http';
import { SECOND } from '../../clock.ts';

/** Milliseconds until a used-up window of flow control ends: `Limit:1,Remain:0,TimeLeft:2000,Reset:…`. */
const TIME_LEFT = /\bRemain:\s*0\b.*\bTimeLeft:\s*(\d{1,12})\b/i;

/**
 * Milliseconds that the response to a refused call asks to wait before the next call. The first of these
 * headers counts: `x-acs-retry-after` (milliseconds, as Alibaba Cloud's newer SDK core reads it),
 * `Retry-After` (seconds or an HTTP date), `X-RateLimit-User-API` (the end of a used-up window, which the
 * Java SDK obeys) and `X-RateLimit-User`.
 *
 * @param now wall time in milliseconds, for a date where the response has no time of the server
 */
export function retryAfterOf(headers: IncomingHttpHeaders, now: number): number | undefined {
  return (
    amountOf(headers['x-acs-retry-after']) ??
    waitOf(headers['retry-after'], headers.date, now) ??
    timeLeftOf(headers['x-ratelimit-user-api']) ??
    timeLeftOf(headers['x-ratelimit-user'])
  );
}

function amountOf(header: string | readonly string[] | undefined): number | undefined {
  const isAmount = typeof header === 'string' && /^\s*\d{1,12}(\.\d*)?\s*$/.test(header);
  return isAmount ? Number(header) : undefined;
}

function waitOf(
  header: string | undefined,
  date: string | undefined,
  now: number,
): number | undefined {
  if (header === undefined) return undefined;
  const seconds = amountOf(header);
  if (seconds !== undefined) return seconds * SECOND;
  const until = Date.parse(header);
  if (Number.isNaN(until)) return undefined;
  // A date is compared with the server's own time if the response has it, because our clock may be wrong.
  const sent = Date.parse(date ?? '');
  return Math.max(0, until - (Number.isNaN(sent) ? now : sent));
}

function timeLeftOf(header: string | readonly string[] | undefined): number | undefined {
  const left = typeof header === 'string' ? TIME_LEFT.exec(header)?.[1] : undefined;
  return left === undefined ? undefined : Number(left);
}
