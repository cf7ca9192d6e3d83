import { SECOND } from '../../clock.ts';
import { type ApiFault, apiFault } from '../gateway/errors.ts';

export interface RateLimit {
  /**
   * `sliding-second`: at most `limit` calls in any second. `fixed-window`: at most `limit` calls in
   * each window of `windowMs`. `token-bucket`: `limit` calls a second on average, `burst` at once.
   */
  readonly kind: 'sliding-second' | 'fixed-window' | 'token-bucket';
  readonly limit: number;
  /** Only for `fixed-window`. @default one second */
  readonly windowMs?: number;
  /** Only for `token-bucket`. @default `limit`, at least 1 */
  readonly burst?: number;
  /**
   * The value of the header `x-acs-retry-after` of each refusal, in milliseconds. @default the header is not
   * sent
   */
  readonly retryAfterMs?: number;
  /**
   * The calls that are counted together. `user-and-operation`: calls with one key to one operation; `user`:
   * calls with one key to all operations; `operation`: calls with any key to one operation. The first two
   * refuse with Throttling.User, the last with Throttling.Api.
   *
   * @default 'user-and-operation'
   */
  readonly by?: 'user-and-operation' | 'user' | 'operation';
  /** The limit counts only calls of this operation. @default every operation */
  readonly operation?: string;
  /** The limit counts only calls with this key. @default every key */
  readonly accessKeyId?: string;
}

export type LimitedBy = NonNullable<RateLimit['by']>;

export interface ExceededLimit extends RateLimit {
  /** Whole milliseconds until the limit lets a call through again. */
  readonly timeLeftMs: number;
}

/** A call must pass a limit of each kind. Each kind is looked up and counted separately. */
const ALL_BY: readonly LimitedBy[] = ['user-and-operation', 'user', 'operation'];

interface Meter {
  readonly kind: RateLimit['kind'];
  /**
   * Whether the limit lets a call through now.
   *
   * @param now monotonic milliseconds
   */
  hasRoom(limit: RateLimit, now: number): boolean;
  /** Milliseconds until there is room. Call it directly after `hasRoom` was false. */
  timeLeft(limit: RateLimit, now: number): number;
  /** Counts a call that was let through. Call it directly after `hasRoom` was true. */
  count(): void;
}

/**
 * The limits in force, which may change while the simulator runs. A refused call is not counted, so a client
 * that keeps calling while it is refused still gets its share. When several limits with the same `by` fit a
 * call, only one applies: first the limit that names operation and key, then the one that names the
 * operation, then the one that names the key.
 */
export class Limits {
  readonly #limits = new Map<string, RateLimit>();
  readonly #meters = new Map<string, Meter>();

  constructor(limits: readonly RateLimit[]) {
    for (const limit of limits) this.set(limit);
  }

  /** Puts a limit in force, in place of the limit for the same calls. */
  set(limit: RateLimit): void {
    this.#limits.set(scopeOf(limit), limit);
  }

  /** Removes the limit set for exactly these calls; false when there is none. */
  remove(of: Pick<RateLimit, 'by' | 'operation' | 'accessKeyId'> = {}): boolean {
    return this.#limits.delete(scopeOf(of));
  }

  get current(): readonly RateLimit[] {
    return [...this.#limits.values()];
  }

  clear(): void {
    this.#limits.clear();
  }

  /**
   * Counts a call.
   *
   * @returns the limit that refuses the call; undefined when it may pass
   */
  refuse(accessKeyId: string, operation: string, now: number): ExceededLimit | undefined {
    if (this.#limits.size === 0) return undefined;
    const passed: Meter[] = [];
    for (const by of ALL_BY) {
      const limit =
        this.#limits.get(scope(by, operation, accessKeyId)) ??
        this.#limits.get(scope(by, operation, undefined)) ??
        this.#limits.get(scope(by, undefined, accessKeyId)) ??
        this.#limits.get(scope(by, undefined, undefined));
      if (limit === undefined) continue;
      const meter = this.#meter(limit, meterName(by, operation, accessKeyId), now);
      if (!meter.hasRoom(limit, now)) {
        return { ...limit, timeLeftMs: Math.ceil(meter.timeLeft(limit, now)) };
      }
      passed.push(meter);
    }
    for (const meter of passed) meter.count();
    return undefined;
  }

  #meter({ kind }: RateLimit, name: string, now: number): Meter {
    const known = this.#meters.get(name);
    if (known?.kind === kind) return known;
    const meter = METERS[kind](now);
    this.#meters.set(name, meter);
    return meter;
  }
}

const METERS: Readonly<Record<RateLimit['kind'], (now: number) => Meter>> = {
  'sliding-second': slidingSecond,
  'fixed-window': fixedWindow,
  'token-bucket': tokenBucket,
};

function slidingSecond(): Meter {
  let admitted: number[] = [];
  let latest = 0;
  return {
    kind: 'sliding-second',
    hasRoom({ limit }, now) {
      latest = now;
      const recent = admitted.findIndex((at) => at > now - SECOND);
      if (recent !== 0) admitted = recent < 0 ? [] : admitted.slice(recent);
      return admitted.length < limit;
    },
    timeLeft({ limit }, now) {
      // There is room again when this call, the newest of those that must leave the window, is a second old.
      const last = admitted[admitted.length - limit] ?? now;
      return last + SECOND - now;
    },
    count() {
      admitted.push(latest);
    },
  };
}

function fixedWindow(): Meter {
  let window = Number.NEGATIVE_INFINITY;
  let used = 0;
  return {
    kind: 'fixed-window',
    hasRoom({ limit, windowMs = SECOND }, now) {
      const current = Math.floor(now / windowMs);
      if (current !== window) [window, used] = [current, 0];
      return used < limit;
    },
    timeLeft: ({ windowMs = SECOND }, now) => (window + 1) * windowMs - now,
    count() {
      used++;
    },
  };
}

function tokenBucket(start: number): Meter {
  let tokens = Number.POSITIVE_INFINITY;
  let filledAt = start;
  return {
    kind: 'token-bucket',
    hasRoom({ limit, burst = Math.max(1, limit) }, now) {
      tokens = Math.min(burst, tokens + ((now - filledAt) / SECOND) * limit);
      filledAt = now;
      return tokens >= 1;
    },
    // A limit of 0 refuses for ever, so the time has no meaning.
    timeLeft: ({ limit }) => (limit > 0 ? ((1 - tokens) / limit) * SECOND : SECOND),
    count() {
      tokens--;
    },
  };
}

function scopeOf({
  by = 'user-and-operation',
  operation,
  accessKeyId,
}: Pick<RateLimit, 'by' | 'operation' | 'accessKeyId'>): string {
  return scope(by, operation, accessKeyId);
}

function scope(
  by: LimitedBy,
  operation: string | undefined,
  accessKeyId: string | undefined,
): string {
  return JSON.stringify([by, operation ?? null, accessKeyId ?? null]);
}

/** The name of a call's meter. All calls that are counted together share it. */
function meterName(by: LimitedBy, operation: string, accessKeyId: string): string {
  switch (by) {
    case 'user-and-operation':
      return scope(by, operation, accessKeyId);
    case 'user':
      return scope(by, undefined, accessKeyId);
    case 'operation':
      return scope(by, operation, undefined);
  }
}

/** The header that reports a limit. No header reports a limit on the calls of all accounts to an operation. */
const RATE_LIMIT_HEADERS: Readonly<Partial<Record<LimitedBy, string>>> = {
  'user-and-operation': 'X-RateLimit-User-API',
  user: 'X-RateLimit-User',
};

/**
 * The error that refuses a call over a limit.
 *
 * @param now milliseconds since the epoch; when undefined, the reply has no header that reports the limit
 */
export function throttled(exceeded: ExceededLimit, now: number | undefined): ApiFault {
  const { by = 'user-and-operation', limit, retryAfterMs, timeLeftMs } = exceeded;
  const header = RATE_LIMIT_HEADERS[by];
  const headers = {
    ...(retryAfterMs !== undefined && { 'x-acs-retry-after': String(retryAfterMs) }),
    ...(now !== undefined &&
      header !== undefined && {
        [header]: `Limit:${limit},Remain:0,TimeLeft:${timeLeftMs},Reset:${now + timeLeftMs}`,
      }),
  };
  return apiFault(by === 'operation' ? 'Throttling.Api' : 'Throttling.User', '', { headers });
}
