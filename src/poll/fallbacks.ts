import { ApiError, type DeniedKind, ERROR_KINDS, isDenied } from '../model/api-error.ts';
import type { BatchedOperation, Fallback } from '../model/fallback.ts';
import type { PollSettings } from './settings.ts';

/** The reason to stop using an operation after this error; undefined for an error of another kind. */
export function fallbackReason(error: unknown): DeniedKind | undefined {
  return error instanceof ApiError && isDenied(error.kind) ? error.kind : undefined;
}

/** Whether polling with the strategy can go on without the operation. */
export function mayFallBack(
  strategy: PollSettings['strategy'],
  operation: BatchedOperation,
): boolean {
  if (strategy === 'fan-out') return false;
  return strategy === 'auto' || operation === 'DescribeSagOnlineClientStatistics';
}

/** An operation in a region, or for one instance of the region. */
export interface OperationScope {
  readonly operation: BatchedOperation;
  readonly regionId: string;
  readonly instanceId?: string | undefined;
}

export interface FallbackListener {
  onBegin(fallback: Fallback, error: ApiError): void;
  onEnd(fallback: Fallback): void;
  onChange(fallbacks: readonly Fallback[]): void;
}

interface FallbackState {
  readonly fallback: Fallback;
  /** Whether the operation is tried again now. The fallback ends only when the operation answers. */
  readonly isOnTrial: boolean;
}

/**
 * Keeps track of batched operations that cannot be used. A forbidden operation is not used for the region or
 * instance of the refused call, an unsupported one is not used in the whole region. Each is tried again after
 * a discovery pass, so that a new permission or a newly opened operation is noticed.
 */
export class Fallbacks {
  readonly #listener: FallbackListener;
  readonly #states = new Map<string, FallbackState>();

  constructor(listener: FallbackListener) {
    this.#listener = listener;
  }

  get all(): readonly Fallback[] {
    return Array.from(this.#states.values(), ({ fallback }) => fallback);
  }

  /** Goes on with the fallbacks of an earlier process, until the operations are tried again. */
  restore(fallbacks: readonly Fallback[]): void {
    for (const fallback of fallbacks) {
      this.#states.set(keyOf(fallback), { fallback, isOnTrial: false });
    }
    this.#changed();
  }

  /** Whether the operation must not be called now. */
  applies(scope: OperationScope): boolean {
    return keysOf(scope).some((key) => this.#states.get(key)?.isOnTrial === false);
  }

  /** Begins a fallback, and returns true, if the error means that the operation cannot be used. */
  note(scope: OperationScope, error: unknown): boolean {
    const reason = fallbackReason(error);
    if (!reason || !(error instanceof ApiError)) return false;
    const { operation, regionId } = scope;
    const { inWholeRegion } = ERROR_KINDS[reason].denied;
    const fallback: Fallback = inWholeRegion
      ? { operation, regionId, reason }
      : { ...scope, reason };
    const key = keyOf(fallback);
    const known = this.#states.get(key);
    this.#states.set(key, { fallback, isOnTrial: false });
    if (known?.fallback.reason !== reason) {
      this.#listener.onBegin(fallback, error);
      this.#changed();
    }
    return true;
  }

  /** Ends the fallback of an operation that has answered. */
  noteSuccess(scope: OperationScope): void {
    for (const key of keysOf(scope)) {
      const state = this.#states.get(key);
      if (!state) continue;
      this.#states.delete(key);
      this.#listener.onEnd(state.fallback);
      this.#changed();
    }
  }

  /** Lets the operations of a region be tried again. */
  retry(regionId: string): void {
    for (const [key, { fallback }] of this.#states) {
      if (fallback.regionId === regionId) this.#states.set(key, { fallback, isOnTrial: true });
    }
  }

  /** Removes the fallbacks of an instance that does not exist any more. */
  forget(regionId: string, instanceId: string): void {
    for (const [key, { fallback }] of this.#states) {
      if (fallback.regionId === regionId && fallback.instanceId === instanceId) {
        this.#states.delete(key);
      }
    }
    this.#changed();
  }

  #changed(): void {
    this.#listener.onChange(this.all);
  }
}

function keyOf({ operation, regionId, instanceId }: OperationScope): string {
  return [operation, regionId, instanceId ?? ''].join('\n');
}

/** The keys of the fallbacks that concern an instance: the key of the instance and the key of its region. */
function keysOf(scope: OperationScope): readonly string[] {
  const { operation, regionId } = scope;
  return [...new Set([keyOf(scope), keyOf({ operation, regionId })])];
}
