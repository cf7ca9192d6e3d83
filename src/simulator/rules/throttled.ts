import { type ApiFault, apiFault } from '../gateway/errors.ts';
import type { ExceededLimit, LimitedBy } from './limits.ts';

/** The header that reports a limit. No header reports a limit on the calls of all accounts to an operation. */
const RATE_LIMIT_HEADERS: Readonly<Partial<Record<LimitedBy, string>>> = {
  'user-and-operation': 'X-RateLimit-User-API',
  user: 'X-RateLimit-User',
};

/**
 * The error that refuses a call over a limit.
 *
 * @param now milliseconds since the epoch; when undefined, the reply has no header that reports the limit
 */
export function throttled(exceeded: ExceededLimit, now: number | undefined): ApiFault {
  const { by = 'user-and-operation', limit, retryAfterMs, timeLeftMs } = exceeded;
  const header = RATE_LIMIT_HEADERS[by];
  const headers = {
    ...(retryAfterMs !== undefined && { 'x-acs-retry-after': String(retryAfterMs) }),
    ...(now !== undefined &&
      header !== undefined && {
        [header]: `Limit:${limit},Remain:0,TimeLeft:${timeLeftMs},Reset:${now + timeLeftMs}`,
      }),
  };
  return apiFault(by === 'operation' ? 'Throttling.Api' : 'Throttling.User', '', { headers });
}
