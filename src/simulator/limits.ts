import { SECOND } from '../clock.ts';

/** How many calls of one key to one operation are let through. */
export interface RateLimit {
  /**
   * `sliding-second`: at most `limit` in any second. `fixed-window`: at most `limit` in each window
   * of `windowMs`. `token-bucket`: `limit` a second on average, `burst` at once.
   */
  readonly kind: 'sliding-second' | 'fixed-window' | 'token-bucket';
  readonly limit: number;
  /** Only of `fixed-window`. @default one second */
  readonly windowMs?: number;
  /** Only of `token-bucket`. @default `limit`, at least 1 */
  readonly burst?: number;
  /** Sent with each refusal as `x-acs-retry-after`, in milliseconds. @default not sent */
  readonly retryAfterMs?: number;
  /** Only calls of this operation. @default each operation, counted apart */
  readonly operation?: string;
  /** Only calls with this key. @default each key, counted apart */
  readonly accessKeyId?: string;
}

/** What one key has used of one operation. */
interface Meter {
  readonly kind: RateLimit['kind'];
  /** Counts the call if the limit lets it through. `now` is monotonic milliseconds. */
  admit(limit: RateLimit, now: number): boolean;
}

/**
 * The limits in force, changeable while the simulator runs. Calls are counted per key and
 * operation; a refused call does not count as used, so that a client which hammers on a closed door
 * still gets its share. Of several limits for a call the one naming operation and key wins, then
 * operation, then key.
 */
export class Limits {
  readonly #limits = new Map<string, RateLimit>();
  readonly #meters = new Map<string, Meter>();

  constructor(limits: readonly RateLimit[]) {
    for (const limit of limits) this.set(limit);
  }

  /** Puts a limit in force, in place of the one for the same operation and key. */
  set(limit: RateLimit): void {
    this.#limits.set(scope(limit.operation, limit.accessKeyId), limit);
  }

  /** Lifts the limit set for exactly this operation and key; false where there is none. */
  remove(of: { readonly operation?: string; readonly accessKeyId?: string } = {}): boolean {
    return this.#limits.delete(scope(of.operation, of.accessKeyId));
  }

  /** The limits in force. */
  get current(): readonly RateLimit[] {
    return [...this.#limits.values()];
  }

  /** Lifts all limits. */
  clear(): void {
    this.#limits.clear();
  }

  /** Counts a call; answers with the limit that refuses it, or undefined. */
  refuse(accessKeyId: string, operation: string, now: number): RateLimit | undefined {
    if (this.#limits.size === 0) return undefined;
    const limit =
      this.#limits.get(scope(operation, accessKeyId)) ??
      this.#limits.get(scope(operation, undefined)) ??
      this.#limits.get(scope(undefined, accessKeyId)) ??
      this.#limits.get(scope(undefined, undefined));
    if (limit === undefined) return undefined;
    const counted = scope(operation, accessKeyId);
    let meter = this.#meters.get(counted);
    if (meter?.kind !== limit.kind) {
      meter = METERS[limit.kind](now);
      this.#meters.set(counted, meter);
    }
    return meter.admit(limit, now) ? undefined : limit;
  }
}

const METERS: Readonly<Record<RateLimit['kind'], (now: number) => Meter>> = {
  'sliding-second': slidingSecond,
  'fixed-window': fixedWindow,
  'token-bucket': tokenBucket,
};

function slidingSecond(): Meter {
  let admitted: number[] = [];
  return {
    kind: 'sliding-second',
    admit({ limit }, now) {
      const recent = admitted.findIndex((at) => at > now - SECOND);
      if (recent !== 0) admitted = recent < 0 ? [] : admitted.slice(recent);
      if (admitted.length >= limit) return false;
      admitted.push(now);
      return true;
    },
  };
}

function fixedWindow(): Meter {
  let window = Number.NEGATIVE_INFINITY;
  let used = 0;
  return {
    kind: 'fixed-window',
    admit({ limit, windowMs = SECOND }, now) {
      const current = Math.floor(now / windowMs);
      if (current !== window) [window, used] = [current, 0];
      if (used >= limit) return false;
      used++;
      return true;
    },
  };
}

function tokenBucket(start: number): Meter {
  let tokens = Number.POSITIVE_INFINITY;
  let filledAt = start;
  return {
    kind: 'token-bucket',
    admit({ limit, burst = Math.max(1, limit) }, now) {
      tokens = Math.min(burst, tokens + ((now - filledAt) / SECOND) * limit);
      filledAt = now;
      if (tokens < 1) return false;
      tokens--;
      return true;
    },
  };
}

function scope(operation: string | undefined, accessKeyId: string | undefined): string {
  return JSON.stringify([operation ?? null, accessKeyId ?? null]);
}
