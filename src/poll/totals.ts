import { type Clock, MINUTE, SECOND } from '../clock.ts';
import { ApiError } from '../model/api-error.ts';
import type { Client } from '../smartag/operation.ts';
import {
  describeSagOnlineClientStatistics,
  INSTANCES_PER_CALL,
} from '../smartag/operations/describe-sag-online-client-statistics.ts';
import type { Fallbacks, OperationScope } from './fallbacks.ts';
import type { TotalsProof } from './strategies/zero-total.ts';

/** Milliseconds that an instance waits for other instances whose online passes begin at the same time. */
export const GATHERING = 0.1 * SECOND;

/** The second failure in a row begins a backoff of this length; each further failure doubles it. */
const SHORTEST_BACKOFF = MINUTE;
const LONGEST_BACKOFF = 10 * MINUTE;

/** After failures, no call for the totals of the region is made until a given time. */
interface Backoff {
  /** Monotonic time from which the call may be made again. */
  readonly until: number;
  /** Milliseconds of the backoff after the next failure. */
  readonly pause: number;
}

export interface TotalsOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly fallbacks: Fallbacks;
  /** Whether the newest total that an earlier process could compare was right. @default false */
  readonly areRight?: boolean | undefined;
  /** Ends waiting and calls at shutdown. */
  readonly stopping: AbortSignal;
}

interface WaitingInstance {
  readonly instanceId: string;
  readonly resolve: (total: number | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads the number of online clients of whole instances. Instances whose online passes begin at the same time
 * share a call for up to 50 of them.
 *
 * Totals only save calls, so a pass goes on without them when they cannot be read. When the API refuses the
 * operation, it is not called until the next discovery pass. While it fails for other reasons, it is called
 * less and less often, because each failing call delays the passes.
 */
export class Totals {
  readonly #options: TotalsOptions;
  /** What passes have learned about the account's totals, for isTrustedZero. */
  readonly proof: TotalsProof;
  /** For each region, the instances that wait for its next call. */
  readonly #gathering = new Map<string, WaitingInstance[]>();
  readonly #backoffs = new Map<string, Backoff>();

  constructor(options: TotalsOptions) {
    this.#options = options;
    this.proof = { areRight: options.areRight ?? false };
  }

  /**
   * Returns the number of online clients of an instance; undefined when the API does not tell it.
   *
   * @throws ApiError of the kind `unauthenticated`; at shutdown the signal's reason
   */
  async of(regionId: string, instanceId: string): Promise<number | undefined> {
    const { clock, fallbacks } = this.#options;
    if (fallbacks.applies(scopeOf(regionId))) return undefined;
    const backoff = this.#backoffs.get(regionId);
    if (backoff && clock.monotonic() < backoff.until) return undefined;
    return this.#gather(regionId, instanceId);
  }

  #gather(regionId: string, instanceId: string): Promise<number | undefined> {
    const { clock, stopping } = this.#options;
    return new Promise((resolve, reject) => {
      const waiting = { instanceId, resolve, reject };
      const batch = this.#gathering.get(regionId);
      if (batch) {
        batch.push(waiting);
        if (batch.length === INSTANCES_PER_CALL) this.#send(regionId, batch);
        return;
      }
      const begun = [waiting];
      this.#gathering.set(regionId, begun);
      const cancel = clock.after(GATHERING, () => {
        stopping.removeEventListener('abort', stop);
        if (this.#gathering.get(regionId) === begun) this.#send(regionId, begun);
      });
      const stop = (): void => {
        cancel();
        for (const { reject } of begun) reject(stopping.reason);
      };
      stopping.addEventListener('abort', stop, { once: true });
    });
  }

  #send(regionId: string, batch: readonly WaitingInstance[]): void {
    this.#gathering.delete(regionId);
    void this.#ask(regionId, batch);
  }

  async #ask(regionId: string, batch: readonly WaitingInstance[]): Promise<void> {
    const { client, fallbacks, stopping } = this.#options;
    const instanceIds = batch.map(({ instanceId }) => instanceId);
    try {
      const totals = await client.call(
        describeSagOnlineClientStatistics,
        { regionId, instanceIds },
        stopping,
      );
      this.#backoffs.delete(regionId);
      fallbacks.noteSuccess(scopeOf(regionId));
      for (const { instanceId, resolve } of batch) resolve(totals.get(instanceId));
    } catch (error) {
      if (!(error instanceof ApiError) || error.policy.trouble === 'account') {
        for (const { reject } of batch) reject(error);
        return;
      }
      // The error may concern one instance only. When the batch is halved, the other instances get their
      // totals.
      if (batch.length > 1 && error.policy.trouble === 'instance') {
        const half = Math.ceil(batch.length / 2);
        await this.#ask(regionId, batch.slice(0, half));
        await this.#ask(regionId, batch.slice(half));
        return;
      }
      if (!fallbacks.note(scopeOf(regionId), error)) this.#backOff(regionId);
      for (const { resolve } of batch) resolve(undefined);
    }
  }

  #backOff(regionId: string): void {
    const now = this.#options.clock.monotonic();
    const { pause = 0 } = this.#backoffs.get(regionId) ?? {};
    this.#backoffs.set(regionId, {
      until: now + pause,
      pause: Math.min(Math.max(SHORTEST_BACKOFF, 2 * pause), LONGEST_BACKOFF),
    });
  }
}

function scopeOf(regionId: string): OperationScope {
  return { operation: 'DescribeSagOnlineClientStatistics', regionId };
}
