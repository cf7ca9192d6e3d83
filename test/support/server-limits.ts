/** Rate limits as servers keep them, and a client kept to a law, simulated in virtual time. */

/** Calls per period of milliseconds. */
export interface Limit {
  readonly calls: number;
  readonly per: number;
}

export type Kind = 'sliding' | 'bucket' | 'minute';

/** What a law is asked and told; all times in monotonic milliseconds. */
export interface Law {
  /** Calls per second now allowed. */
  readonly rate: number;
  readonly pausedUntil: number;
  sent(now: number): void;
  accepted(sentAt: number, now: number): void;
  throttled(sentAt: number, now: number, retryAfterMs?: number): void;
}

export interface Phase {
  readonly limit: Limit;
  readonly ms: number;
}

export interface Run {
  readonly law: Law;
  readonly kind: Kind;
  readonly phases: readonly Phase[];
  /** Whether a refused call uses up the limit like an accepted one. */
  readonly refusedCount: boolean;
  readonly concurrency: number;
  /** Shortest and longest time from sending a call to its answer. */
  readonly latency: readonly [number, number];
  /** Shortest and longest time from sending a call to the server's decision. */
  readonly arrival: readonly [number, number];
  readonly seed: number;
  /** When there is work, other than always. */
  readonly wanted?: (now: number) => boolean;
}

/** One call, as the server saw it. */
export interface Decision {
  readonly at: number;
  readonly accepted: boolean;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** The limit cut to a third: fewer whole calls, or one call in a longer period. */
export function third(limit: Limit): Limit {
  const calls = Math.round(limit.calls / 3);
  return calls >= 1 ? { calls, per: limit.per } : { calls: limit.calls, per: limit.per * 3 };
}

export function perSecond(limit: Limit): number {
  return (limit.calls / limit.per) * SECOND;
}

/** mulberry32: small, fast, the same everywhere. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Server = (now: number, limit: Limit) => boolean;

/** At most so many calls in any period that ends now. */
function slidingServer(refusedCount: boolean): Server {
  let counted: number[] = [];
  let first = 0;
  return (now, limit) => {
    while (first < counted.length && (counted[first] ?? now) <= now - limit.per) first += 1;
    if (first > 10_000) {
      counted = counted.slice(first);
      first = 0;
    }
    const accepted = counted.length - first < limit.calls;
    if (accepted || refusedCount) counted.push(now);
    return accepted;
  };
}

/** Refilled evenly; holds one second's calls, at least one. Refusals that count leave it in debt. */
function bucketServer(refusedCount: boolean): Server {
  let tokens = Number.POSITIVE_INFINITY;
  let last = 0;
  return (now, limit) => {
    const burst = Math.max(1, perSecond(limit));
    tokens = Math.min(burst, tokens + (now - last) * (limit.calls / limit.per));
    last = now;
    const accepted = tokens >= 1;
    if (accepted || refusedCount) tokens = Math.max(-burst, tokens - 1);
    return accepted;
  };
}

/** Counts from zero at every full minute (or longer period) of its own clock. */
function minuteServer(refusedCount: boolean, phase: number): Server {
  let window = -1;
  let counted = 0;
  return (now, { calls, per }) => {
    const length = Math.max(MINUTE, per);
    const current = Math.floor((now + phase) / length);
    if (current !== window) {
      window = current;
      counted = 0;
    }
    const accepted = counted < Math.floor((calls / per) * length + 1e-9);
    if (accepted || refusedCount) counted += 1;
    return accepted;
  };
}

interface Event {
  readonly at: number;
  readonly run: () => void;
}

/** A binary heap, earliest first. */
class Events {
  readonly #heap: Event[] = [];

  get next(): number {
    return this.#heap[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  add(event: Event): void {
    const heap = this.#heap;
    let index = heap.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || above.at <= event.at) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = event;
  }

  take(): Event | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const right = heap[child + 1];
      if (right !== undefined && right.at < (heap[child]?.at ?? right.at)) child += 1;
      const below = heap[child];
      if (below === undefined || below.at >= last.at) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}

/** Runs through all phases; every decision of the server, in order. */
export function simulate(run: Run): Decision[] {
  const { law } = run;
  const chance = random(run.seed);
  const between = ([low, high]: readonly [number, number]): number => low + chance() * (high - low);
  const server = {
    sliding: () => slidingServer(run.refusedCount),
    bucket: () => bucketServer(run.refusedCount),
    minute: () => minuteServer(run.refusedCount, chance() * MINUTE),
  }[run.kind]();
  const limitAt = (now: number): Limit => {
    let end = 0;
    for (const phase of run.phases) {
      end += phase.ms;
      if (now < end) return phase.limit;
    }
    return run.phases.at(-1)?.limit ?? { calls: 0, per: SECOND };
  };
  const end = run.phases.reduce((sum, { ms }) => sum + ms, 0);

  const decisions: Decision[] = [];
  const events = new Events();
  let now = 0;
  let paced = 0;
  let inFlight = 0;

  const send = (): void => {
    const sentAt = now;
    const rate = law.rate;
    // As the exporter paces: evenly, catching up with at most 5 % of a second, never with a pause.
    const slack = rate >= 20 ? 0.05 * SECOND : 0;
    paced = Math.max(paced, now - slack, Math.min(now, law.pausedUntil)) + SECOND / rate;
    law.sent(now);
    inFlight += 1;
    const arrives = now + between(run.arrival);
    const answers = Math.max(arrives, now + between(run.latency));
    events.add({
      at: arrives,
      run: () => {
        const accepted = server(arrives, limitAt(arrives));
        decisions.push({ at: arrives, accepted });
        events.add({
          at: answers,
          run: () => {
            inFlight -= 1;
            if (accepted) law.accepted(sentAt, answers);
            else law.throttled(sentAt, answers);
          },
        });
      },
    });
  };

  const wanted = run.wanted ?? (() => true);
  while (now < end) {
    const sendable =
      inFlight < run.concurrency ? Math.max(now, paced, law.pausedUntil) : Number.POSITIVE_INFINITY;
    if (sendable <= events.next) {
      now = sendable;
      if (wanted(now)) send();
      else paced = now + SECOND / 10; // asks again a little later
      continue;
    }
    const event = events.take();
    if (event === undefined) break;
    now = event.at;
    event.run();
  }
  return decisions;
}

export interface Measure {
  /** Accepted calls, as a share of the limit. */
  readonly used: number;
  /** Refused calls, as a share of all calls. */
  readonly throttled: number;
}

/** What was reached from one moment to another under one limit. */
export function measure(
  decisions: readonly Decision[],
  limit: Limit,
  from: number,
  to: number,
): Measure {
  let accepted = 0;
  let all = 0;
  for (const decision of decisions) {
    if (decision.at < from || decision.at >= to) continue;
    all += 1;
    if (decision.accepted) accepted += 1;
  }
  return {
    used: accepted / ((perSecond(limit) * (to - from)) / SECOND),
    throttled: all === 0 ? 0 : (all - accepted) / all,
  };
}

/** Milliseconds from `from` until 90 % of the limit was used over `over` milliseconds. */
export function timeTo90(
  decisions: readonly Decision[],
  limit: Limit,
  from: number,
  over: number,
): number {
  const accepted = decisions.filter((decision) => decision.accepted && decision.at >= from);
  const needed = Math.max(1, Math.ceil(0.9 * (perSecond(limit) / SECOND) * over));
  for (let index = needed - 1; index < accepted.length; index += 1) {
    const last = accepted[index];
    const first = accepted[index - needed + 1];
    if (last !== undefined && first !== undefined && last.at - first.at <= over) {
      return last.at - from;
    }
  }
  return Number.POSITIVE_INFINITY;
}
