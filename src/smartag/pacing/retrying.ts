import { type Clock, SECOND, sleep } from '../../clock.ts';
import { ApiError } from '../../model/api-error.ts';
import type { Client } from '../operation.ts';

const TRIES = 3;

/** Upper bound of the first pause. Each further pause may be twice as long as the one before. */
const FIRST_PAUSE = 0.2 * SECOND;

/** Upper bound of the first pause after throttling. It is a second, because most limits count over a second. */
const FIRST_PAUSE_THROTTLED = SECOND;

/** Longest pause, unless the API asks for a longer one. */
const LONGEST_PAUSE = 5 * SECOND;

/**
 * Longest pause that is made at the API's request. When the API asks for a longer pause, the call fails at
 * once, and the next pass makes it again.
 */
const LONGEST_REQUESTED_PAUSE = 30 * SECOND;

export interface RetryOptions {
  readonly clock: Clock;
  /** A number from 0 up to 1, as Math.random gives. */
  readonly random: () => number;
  /** Makes the next call look for credentials again. */
  readonly refreshCredentials: () => void;
}

/**
 * Decorates a client: repeats a failed read if the kind of the error allows it, after a pause of random
 * length (full jitter, so that calls that failed together are not repeated together). A write is never sent
 * twice.
 */
export function retrying(client: Client, options: RetryOptions): Client {
  return {
    async call(operation, request, signal) {
      let renewed = false;
      for (let attempt = 1; ; ) {
        try {
          return await client.call(operation, request, signal);
        } catch (error) {
          if (!(error instanceof ApiError) || operation.writes) throw error;
          if (!renewed && error.policy.retry === 'fresh-credentials') {
            // This does not count as a try, because a key may expire between two tries that are made for
            // another reason.
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
