/** The source of time for all code that waits or measures, so that tests can control it. */
export interface Clock {
  /** Wall time in milliseconds since the epoch; may jump when the system's clock is set. */
  now(): number;
  /** Milliseconds since some fixed moment; never jumps, so durations are measured with it. */
  monotonic(): number;
  /** Calls back once, `ms` milliseconds from now. Returns a function that cancels the call. */
  after(ms: number, callback: () => void): () => void;
}

/** One second in milliseconds. */
export const SECOND = 1000;
/** One minute in milliseconds. */
export const MINUTE = 60 * SECOND;
/** One hour in milliseconds. */
export const HOUR = 60 * MINUTE;
/** One day in milliseconds. */
export const DAY = 24 * HOUR;

/** Milliseconds in each unit of time, by the letters of the unit in a duration. */
export const TIME_UNITS = { d: DAY, h: HOUR, m: MINUTE, s: SECOND, ms: 1, us: 1e-3, ns: 1e-6 };

/** setTimeout fires at once for longer delays, so a longer wait uses several timers. */
const LONGEST_TIMER = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, callback) {
    if (ms <= 0) {
      // A timer takes at least a millisecond. Work that only yields to the event loop would be idle for that
      // time.
      const next = setImmediate(callback);
      return () => clearImmediate(next);
    }
    let timer: NodeJS.Timeout;
    const arm = (left: number): void => {
      timer = setTimeout(
        () => (left > LONGEST_TIMER ? arm(left - LONGEST_TIMER) : callback()),
        Math.min(left, LONGEST_TIMER),
      );
    };
    arm(ms);
    return () => clearTimeout(timer);
  },
};

/**
 * Resolves after `ms` milliseconds of `clock`.
 *
 * @throws the signal's reason, as soon as the signal aborts
 */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/**
 * Milliseconds of work before the event loop gets a turn. This is only a fifth of a delay that people notice,
 * because a garbage collection may add to it.
 */
const SLICE = 4;

/** Runs work that yields where it may be interrupted, and gives the event loop turns at these points. */
export async function inSlices<Result>(
  clock: Clock,
  work: Generator<undefined, Result>,
): Promise<Result> {
  for (let since = clock.monotonic(); ; ) {
    const step = work.next();
    if (step.done) return step.value;
    if (clock.monotonic() - since < SLICE) continue;
    await sleep(clock, 0);
    since = clock.monotonic();
  }
}

/** Passes on items whose making takes time, and gives the event loop turns in between. */
export async function* passedInSlices<Item>(
  clock: Clock,
  items: Iterable<Item>,
): AsyncGenerator<Item> {
  let since = clock.monotonic();
  for (const item of items) {
    yield item;
    if (clock.monotonic() - since < SLICE) continue;
    await sleep(clock, 0);
    since = clock.monotonic();
  }
}
