import { type Clock, SECOND, sleep } from '../../clock.ts';
import { ApiError } from '../../model/api-error.ts';
import type { Client, Operation, Request } from '../operation.ts';

/** A read is sent at most this many times. */
const TRIES = 3;

/** Upper bound of the first pause; each further one may be twice as long. */
const FIRST_PAUSE = 0.2 * SECOND;

/** The same after throttling: most limits count over a second. */
const FIRST_PAUSE_THROTTLED = SECOND;

/** Longest pause, unless the API asks for a longer one. */
const LONGEST_PAUSE = 5 * SECOND;

/** When the API asks for a longer pause, the call fails instead of waiting; the next pass asks again. */
const LONGEST_REQUESTED_PAUSE = 30 * SECOND;

export interface RetryOptions {
  readonly clock: Clock;
  /** A number from 0 up to 1, as Math.random gives. */
  readonly random: () => number;
  /** Makes the next call look for credentials afresh. */
  readonly refreshCredentials: () => void;
}

/**
 * Decorates a client: tries a failed read again where the kind of the error allows it, after a pause of random
 * length (full jitter, so that calls that failed together are not repeated together). A write is never sent
 * twice.
 */
export function retrying(client: Client, options: RetryOptions): Client {
  return {
    async call<Req extends Request, Reply>(
      operation: Operation<Req, Reply>,
      request: Req,
      signal: AbortSignal,
    ): Promise<Reply> {
      let renewed = false;
      for (let attempt = 1; ; ) {
        try {
          return await client.call(operation, request, signal);
        } catch (error) {
          if (!(error instanceof ApiError) || operation.writes) throw error;
          if (!renewed && error.policy.retry === 'fresh-credentials') {
            // Not counted as a try: a key may expire between two tries that are made for another reason.
            renewed = true;
            options.refreshCredentials();
            continue;
          }
          const isTrial = error.isUnresolved && request.isTrial;
          if (isTrial || attempt >= triesFor(error)) throw error;
          await sleep(options.clock, pauseAfter(error, attempt, options.random), signal);
          attempt++;
        }
      }
    },
  };
}

function triesFor(error: ApiError): number {
  const { retry } = error.policy;
  if ((error.retryAfter ?? 0) > LONGEST_REQUESTED_PAUSE) return 1;
  if (retry === 'yes') return TRIES;
  return retry === 'once' ? 2 : 1;
}

function pauseAfter(error: ApiError, attempt: number, random: () => number): number {
  const first = error.kind === 'throttled' ? FIRST_PAUSE_THROTTLED : FIRST_PAUSE;
  const bound = Math.min(LONGEST_PAUSE, first * 2 ** (attempt - 1));
  return Math.max(error.retryAfter ?? 0, random() * bound);
}
