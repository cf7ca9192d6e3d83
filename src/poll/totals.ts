import { type Clock, MINUTE, SECOND } from '../clock.ts';
import { ApiError, type ErrorKind } from '../model/api-error.ts';
import type { Client } from '../smartag/operation.ts';
import {
  describeSagOnlineClientStatistics,
  INSTANCES_PER_CALL,
} from '../smartag/operations/describe-sag-online-client-statistics.ts';
import type { Fallbacks, OperationScope } from './fallbacks.ts';
import type { TotalsProof } from './strategies/zero-total.ts';

/** How long an instance waits for others whose online passes begin at the same time. */
export const GATHERING = 0.1 * SECOND;

/**
 * Failures that may be about one instance of those that were asked about together: the call is made
 * again in halves, so that the others get their totals.
 */
const OF_ONE_INSTANCE: ReadonlySet<ErrorKind> = new Set(['not-found', 'inactive', 'rejected']);

/** The second failure in a row begins a backoff of this length; each further failure doubles it. */
const SHORTEST_BACKOFF = MINUTE;
const LONGEST_BACKOFF = 10 * MINUTE;

/** Keeps the totals of a region from being asked for after failures. */
interface Backoff {
  /** When to ask again, by the monotonic clock. */
  readonly until: number;
  /** Milliseconds of the backoff that the next failure begins. */
  readonly pause: number;
}

/** What asking for totals needs. */
export interface TotalsOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly fallbacks: Fallbacks;
  /** Ends what is under way, at shutdown. */
  readonly stopping: AbortSignal;
}

/** An instance whose online pass waits for its total. */
interface WaitingInstance {
  readonly instanceId: string;
  readonly resolve: (total: number | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Asks for the online clients of whole instances. Instances whose online passes begin at the same time
 * share a call, which answers for up to 50.
 *
 * Totals only save calls, so no failure of theirs is the failure of a pass: a pass goes on without them.
 * Where the API refuses the operation, it is not called again until the next discovery. While it fails
 * otherwise, it is called ever less often, as each failing call would delay the passes.
 */
export class Totals {
  readonly #options: TotalsOptions;
  /** What passes learn of the totals, for isTrustedZero. */
  readonly proof: TotalsProof = { areRight: false };
  readonly #gathering = new Map<string, WaitingInstance[]>();
  readonly #backoffs = new Map<string, Backoff>();

  constructor(options: TotalsOptions) {
    this.#options = options;
  }

  /**
   * Online clients of an instance; absent when the API does not tell them.
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
        for (const one of begun) one.reject(stopping.reason);
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
      if (!(error instanceof ApiError) || error.kind === 'unauthenticated') {
        for (const { reject } of batch) reject(error);
        return;
      }
      if (batch.length > 1 && OF_ONE_INSTANCE.has(error.kind)) {
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
