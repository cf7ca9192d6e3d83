import type { ApiError } from '../model/api-error.ts';
import type { CallRecord } from '../smartag/observed.ts';
import type { CallsSeen, FailedCalls, OperationCalls } from '../web/status/sources.ts';

/** Ways to fail told apart: a changing API must not make a list without end. */
const MOST_WAYS = 50;

/** What was seen of the calls of the API, for people to look at. */
export class CallLog implements CallsSeen {
  readonly #operations = new Map<string, Map<string, OperationCalls>>();
  /** By account, operation, kind and code; what failed last at the end. */
  readonly #failed = new Map<string, FailedCalls>();

  /** @param at when it ended, in seconds since the epoch */
  called(account: string, { operation, error }: CallRecord, at: number): void {
    const { allowed, calls, throttled } = this.#operation(account, operation);
    this.#of(account).set(operation, {
      operation,
      allowed,
      calls: calls + 1,
      throttled: throttled + Number(error?.kind === 'throttled'),
    });
    if (error) this.#fail(account, error, at);
  }

  /** The rate an operation is allowed from now on, in calls a second. */
  allowed(account: string, operation: string, rate: number): void {
    this.#of(account).set(operation, { ...this.#operation(account, operation), allowed: rate });
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
