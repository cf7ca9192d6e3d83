import { type Clock, SECOND } from '../clock.ts';
import { ApiError } from '../model/api-error.ts';
import type { Client } from '../smartag/operation.ts';
import {
  describeSagOnlineClientStatistics,
  INSTANCES_PER_CALL,
} from '../smartag/operations/describe-sag-online-client-statistics.ts';

/** How long an instance waits for others whose online passes begin at the same time. */
export const GATHERING = 0.1 * SECOND;

interface Asked {
  readonly instanceId: string;
  readonly resolve: (total: number | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Asks for the online clients of whole instances, those that are asked for within a moment together:
 * the online passes of a region begin together, and one call answers for 50.
 */
export class Totals {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #stopping: AbortSignal;
  readonly #gathering = new Map<string, Asked[]>();

  /** @param stopping ends what is under way, at shutdown */
  constructor(client: Client, clock: Clock, stopping: AbortSignal) {
    this.#client = client;
    this.#clock = clock;
    this.#stopping = stopping;
  }

  /**
   * Online clients of an instance; absent when the reply leaves it out.
   *
   * @throws ApiError; at shutdown the signal's reason
   */
  of(regionId: string, instanceId: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const asked = { instanceId, resolve, reject };
      const batch = this.#gathering.get(regionId);
      if (batch) {
        batch.push(asked);
        if (batch.length === INSTANCES_PER_CALL) this.#send(regionId, batch);
        return;
      }
      const begun = [asked];
      this.#gathering.set(regionId, begun);
      const cancel = this.#clock.after(GATHERING, () => {
        this.#stopping.removeEventListener('abort', stop);
        if (this.#gathering.get(regionId) === begun) this.#send(regionId, begun);
      });
      const stop = (): void => {
        cancel();
        for (const one of begun) one.reject(this.#stopping.reason);
      };
      this.#stopping.addEventListener('abort', stop, { once: true });
    });
  }

  #send(regionId: string, batch: readonly Asked[]): void {
    this.#gathering.delete(regionId);
    void this.#ask(regionId, batch);
  }

  async #ask(regionId: string, batch: readonly Asked[]): Promise<void> {
    const instanceIds = batch.map(({ instanceId }) => instanceId);
    try {
      const totals = await this.#client.call(
        describeSagOnlineClientStatistics,
        { regionId, instanceIds },
        this.#stopping,
      );
      for (const { instanceId, resolve } of batch) resolve(totals.get(instanceId));
    } catch (error) {
      if (batch.length > 1 && error instanceof ApiError && error.kind === 'not-found') {
        // One that is gone must not leave the others without an answer.
        const half = Math.ceil(batch.length / 2);
        await this.#ask(regionId, batch.slice(0, half));
        await this.#ask(regionId, batch.slice(half));
        return;
      }
      for (const { reject } of batch) reject(error);
    }
  }
}
