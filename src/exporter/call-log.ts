import { MINUTE, SECOND } from '../clock.ts';
import type { ApiError } from '../model/api-error.ts';
import type { RequestedPause } from '../smartag/pacing/paced.ts';
import type { CallRecord } from '../smartag/transport/observed.ts';
import type { CallsSeen, FailedCalls, OperationCalls } from '../web/status/sources.ts';

/** Ways to fail told apart: a changing API must not make a list without end. */
const MOST_WAYS = 50;

/** Of pauses closer together than this, in seconds, only the first is news. */
const QUIET = (5 * MINUTE) / SECOND;

/** What was seen of the calls of the API, for people to look at. */
export class CallLog implements CallsSeen {
  readonly #operations = new Map<string, Map<string, OperationCalls>>();
  /** By account, operation, kind and code; what failed last at the end. */
  readonly #failed = new Map<string, FailedCalls>();

  /** @param at when it ended, in seconds since the epoch */
  called(account: string, { operation, error }: CallRecord, at: number): void {
    const known = this.#operation(account, operation);
    const { calls, throttled } = known;
    this.#of(account).set(operation, {
      ...known,
      calls: calls + 1,
      throttled: throttled + Number(error?.kind === 'throttled'),
    });
    if (error) this.#fail(account, error, at);
  }

  /** The rate an operation is allowed from now on, in calls a second. */
  allowed(account: string, operation: string, rate: number): void {
    this.#of(account).set(operation, { ...this.#operation(account, operation), allowed: rate });
  }

  /**
   * The API asked for a long pause before the next call of an operation.
   *
   * @param at when it asked, in seconds since the epoch
   * @returns whether that is news: no such pause was asked for in the last minutes
   */
  paused(account: string, { operation, made }: RequestedPause, at: number): boolean {
    const known = this.#operation(account, operation);
    const pausedUntil = Math.max(known.pausedUntil ?? 0, at + made / SECOND);
    this.#of(account).set(operation, { ...known, pausedUntil });
    return at - (known.pausedUntil ?? 0) > QUIET;
  }

  /** Drops what concerns an account that is not polled any more. */
  forget(account: string): void {
    this.#operations.delete(account);
    for (const [key, { account: of }] of this.#failed) {
      if (of === account) this.#failed.delete(key);
    }
  }

  operationsOf(account: string): Iterable<OperationCalls> {
    return this.#operations.get(account)?.values() ?? [];
  }

  failed(): Iterable<FailedCalls> {
    return [...this.#failed.values()].reverse();
  }

  #fail(account: string, error: ApiError, at: number): void {
    const key = JSON.stringify([account, error.operation, error.kind, error.code]);
    const { count = 0 } = this.#failed.get(key) ?? {};
    this.#failed.delete(key);
    this.#failed.set(key, { account, count: count + 1, lastAt: at, error });
    const [oldest] = this.#failed.keys();
    if (this.#failed.size > MOST_WAYS && oldest !== undefined) this.#failed.delete(oldest);
  }

  #operation(account: string, operation: string): OperationCalls {
    const known = this.#operations.get(account)?.get(operation);
    return known ?? { operation, allowed: 0, calls: 0, throttled: 0 };
  }

  #of(account: string): Map<string, OperationCalls> {
    const known = this.#operations.get(account);
    if (known) return known;
    const operations = new Map<string, OperationCalls>();
    this.#operations.set(account, operations);
    return operations;
  }
}
