import { ApiError } from '../model/api-error.ts';
import { describeSagOnlineClientStatistics } from '../smartag/operations/describe-sag-online-client-statistics.ts';
import { describeUserOnlineClientStatistics } from '../smartag/operations/describe-user-online-client-statistics.ts';

/** The operations that `auto` does without where it must. */
export const BATCHED = [describeSagOnlineClientStatistics, describeUserOnlineClientStatistics];

/** What a fallback concerns: an operation in a region, or there for one instance only. */
export interface Place {
  readonly operation: string;
  readonly regionId: string;
  readonly instanceId?: string | undefined;
}

/** Who is told. */
export interface FallbackListener {
  /** The plain way is taken for the first time, and why; not told again for the same place. */
  onFallback(place: Place, error: ApiError): void;
  /** Something began, or ceased, to be done the plain way. */
  onChange(): void;
}

interface Fallback {
  readonly place: Place;
  /** The operation is to be tried again: until it answers, nothing has changed for the better. */
  readonly isOnTrial: boolean;
}

/**
 * Which batched operations are not to be had where: a denied one is denied for the instance that
 * was asked about, an unknown one for its region. Each is tried again at discovery, so that a
 * permission that was granted, or an operation that was opened, is found.
 */
export class Fallbacks {
  readonly #listener: FallbackListener;
  readonly #fallbacks = new Map<string, Fallback>();
  readonly #told = new Set<string>();

  constructor(listener: FallbackListener) {
    this.#listener = listener;
  }

  /** Whether the plain way is to be taken. */
  applies(place: Place): boolean {
    return [keyOf(place), regionKeyOf(place)].some((key) => {
      const fallback = this.#fallbacks.get(key);
      return fallback !== undefined && !fallback.isOnTrial;
    });
  }

  /** Whether the plain way is taken instead of the operation anywhere. */
  appliesAnywhere(operation: string): boolean {
    for (const { place } of this.#fallbacks.values())
      if (place.operation === operation) return true;
    return false;
  }

  /** Notes an error that means the operation is not to be had; false when it means anything else. */
  note(place: Place, error: unknown): boolean {
    if (!(error instanceof ApiError)) return false;
    if (error.kind !== 'forbidden' && error.kind !== 'unsupported') return false;
    const { operation, regionId } = place;
    const denied = error.kind === 'unsupported' ? { operation, regionId } : place;
    const key = keyOf(denied);
    this.#fallbacks.set(key, { place: denied, isOnTrial: false });
    if (!this.#told.has(key)) {
      this.#told.add(key);
      this.#listener.onFallback(denied, error);
    }
    this.#listener.onChange();
    return true;
  }

  /** Notes that the operation answered. */
  noteSuccess(place: Place): void {
    const keys = [keyOf(place), regionKeyOf(place)];
    const changed = keys.map((key) => this.#fallbacks.delete(key)).includes(true);
    for (const key of keys) this.#told.delete(key);
    if (changed) this.#listener.onChange();
  }

  /** Has the operations of a region tried again. */
  retry(regionId: string): void {
    for (const [key, { place }] of this.#fallbacks) {
      if (place.regionId === regionId) this.#fallbacks.set(key, { place, isOnTrial: true });
    }
  }

  /** Drops what concerns an instance that is gone. */
  forget(regionId: string, instanceId: string): void {
    for (const [key, { place }] of this.#fallbacks) {
      if (place.regionId === regionId && place.instanceId === instanceId) {
        this.#fallbacks.delete(key);
        this.#told.delete(key);
      }
    }
    this.#listener.onChange();
  }
}

function keyOf({ operation, regionId, instanceId }: Place): string {
  return [operation, regionId, instanceId ?? ''].join('\n');
}

function regionKeyOf({ operation, regionId }: Place): string {
  return keyOf({ operation, regionId });
}
