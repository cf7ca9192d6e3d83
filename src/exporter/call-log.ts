import { MINUTE, SECOND } from '../clock.ts';
import type { ApiError } from '../model/api-error.ts';
import type { RequestedPause } from '../smartag/pacing/paced.ts';
import type { CallRecord } from '../smartag/transport/observed.ts';
import type { ApiCalls, FailedCalls, OperationCalls } from '../web/status/sources.ts';

/**
 * The number of different failures that are kept. An API that keeps changing its codes must not grow the list
 * without end.
 */
const MAX_FAILURES = 50;

/** Of pauses with less than this many seconds between them, only the first is logged. */
const QUIET_SECONDS = (5 * MINUTE) / SECOND;

export class CallLog implements ApiCalls {
  readonly #operations = new Map<string, Map<string, OperationCalls>>();
  /** The key consists of account, operation, kind and code; the latest failure is last. */
  readonly #failed = new Map<string, FailedCalls>();

  /** @param at the time at which the call ended, in seconds since the epoch */
  called(account: string, { operation, error }: CallRecord, at: number): void {
    const before = this.#operation(account, operation);
    const { calls, throttled } = before;
    this.#operationMap(account).set(operation, {
      ...before,
      calls: calls + 1,
      throttled: throttled + Number(error?.kind === 'throttled'),
    });
    if (error) this.#fail(account, error, at);
  }

  /** @param rate the budget of the operation from now on, in calls a second */
  allowed(account: string, operation: string, rate: number): void {
    this.#operationMap(account).set(operation, {
      ...this.#operation(account, operation),
      allowed: rate,
    });
  }

  /**
   * Notes that the API asked for a long pause before the next call of an operation.
   *
   * @param at the time at which it asked, in seconds since the epoch
   * @returns whether to log the pause, because there was none in the last minutes
   */
  paused(account: string, { operation, made }: RequestedPause, at: number): boolean {
    const before = this.#operation(account, operation);
    const pausedUntil = Math.max(before.pausedUntil ?? 0, at + made / SECOND);
    this.#operationMap(account).set(operation, { ...before, pausedUntil });
    return at - (before.pausedUntil ?? 0) > QUIET_SECONDS;
  }

  /** Removes an account that is no longer polled. */
  forget(account: string): void {
    this.#operations.delete(account);
    for (const [key, { account: failedAccount }] of this.#failed) {
      if (failedAccount === account) this.#failed.delete(key);
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
    if (this.#failed.size > MAX_FAILURES && oldest !== undefined) this.#failed.delete(oldest);
  }

  #operation(account: string, operation: string): OperationCalls {
    const existing = this.#operations.get(account)?.get(operation);
    return existing ?? { operation, allowed: 0, calls: 0, throttled: 0 };
  }

  #operationMap(account: string): Map<string, OperationCalls> {
    const existing = this.#operations.get(account);
    if (existing) return existing;
    const operations = new Map<string, OperationCalls>();
    this.#operations.set(account, operations);
    return operations;
  }
}
