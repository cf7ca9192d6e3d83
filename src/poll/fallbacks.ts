import { ApiError } from '../model/api-error.ts';
import {
  type BatchedOperation,
  FALLBACK_REASONS,
  type Fallback,
  type FallbackReason,
} from '../model/fallback.ts';

/** Why `auto` does without an operation after this error; undefined where it does not. */
export function fallbackReason(error: unknown): FallbackReason | undefined {
  if (!(error instanceof ApiError)) return undefined;
  return FALLBACK_REASONS.find((kind) => kind === error.kind);
}

/** An operation as called in a region, or for one instance of it. */
export interface OperationScope {
  readonly operation: BatchedOperation;
  readonly regionId: string;
  readonly instanceId?: string | undefined;
}

/** Told of fallbacks as they begin and end. */
export interface FallbackListener {
  /** A fallback begins; not called again while it lasts. */
  onBegin(fallback: Fallback, error: ApiError): void;
  /** The operation answers again. */
  onEnd(fallback: Fallback): void;
  /** The list of fallbacks has changed. */
  onChange(fallbacks: readonly Fallback[]): void;
}

interface FallbackState {
  readonly fallback: Fallback;
  /** The operation is to be tried again. Until it answers, the fallback counts as lasting. */
  readonly isOnTrial: boolean;
}

/**
 * Which batched operations cannot be used where. A denied operation is denied for the place that was
 * asked about, an unknown one for its whole region. Each is tried again after a discovery, so that a
 * permission that was granted, or an operation that was opened, is found.
 */
export class Fallbacks {
  readonly #listener: FallbackListener;
  readonly #states = new Map<string, FallbackState>();

  constructor(listener: FallbackListener) {
    this.#listener = listener;
  }

  /** Whether the operation must not be called there now. */
  applies(scope: OperationScope): boolean {
    return keysOf(scope).some((key) => this.#states.get(key)?.isOnTrial === false);
  }

  /** Begins a fallback if the error means that the operation cannot be used; false for any other error. */
  note(scope: OperationScope, error: unknown): boolean {
    const reason = fallbackReason(error);
    if (!reason || !(error instanceof ApiError)) return false;
    const { operation, regionId } = scope;
    const fallback: Fallback =
      reason === 'unsupported' ? { operation, regionId, reason } : { ...scope, reason };
    const key = keyOf(fallback);
    const known = this.#states.get(key);
    this.#states.set(key, { fallback, isOnTrial: false });
    if (known?.fallback.reason !== reason) {
      this.#listener.onBegin(fallback, error);
      this.#changed();
    }
    return true;
  }

  /** Notes that the operation answered, which ends a fallback there. */
  noteSuccess(scope: OperationScope): void {
    for (const key of keysOf(scope)) {
      const state = this.#states.get(key);
      if (!state) continue;
      this.#states.delete(key);
      this.#listener.onEnd(state.fallback);
      this.#changed();
    }
  }

  /** Has the operations of a region tried again. */
  retry(regionId: string): void {
    for (const [key, { fallback }] of this.#states) {
      if (fallback.regionId === regionId) this.#states.set(key, { fallback, isOnTrial: true });
    }
  }

  /** Drops the fallbacks of an instance that is gone. */
  forget(regionId: string, instanceId: string): void {
    for (const [key, { fallback }] of this.#states) {
      if (fallback.regionId === regionId && fallback.instanceId === instanceId) {
        this.#states.delete(key);
      }
    }
    this.#changed();
  }

  #changed(): void {
    this.#listener.onChange(Array.from(this.#states.values(), ({ fallback }) => fallback));
  }
}

function keyOf({ operation, regionId, instanceId }: OperationScope): string {
  return [operation, regionId, instanceId ?? ''].join('\n');
}

/** A place is concerned by its own fallback and by that of its region. */
function keysOf(scope: OperationScope): readonly string[] {
  const { operation, regionId } = scope;
  return [...new Set([keyOf(scope), keyOf({ operation, regionId })])];
}
