import { MINUTE, SECOND } from '../../src/clock.ts';

/** Simulates rate limits of servers, and a client whose rate follows a control law, in virtual time. */

/** Calls per period of milliseconds. */
export interface Limit {
  readonly calls: number;
  readonly per: number;
}

export type Kind = 'sliding' | 'bucket' | 'minute';

/** A control law: decides the rate from the outcome of calls. All times are monotonic milliseconds. */
export interface Law {
  /** The calls per second that are allowed now. */
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
  /** Whether refused calls count against the limit too. */
  readonly refusedCount: boolean;
  readonly concurrency: number;
  /** Shortest and longest time from sending a call to its answer. */
  readonly latency: readonly [number, number];
  /** Shortest and longest time from sending a call to the server's decision. */
  readonly arrival: readonly [number, number];
  readonly seed: number;
  /** Whether the client has a call to make. @default always */
  readonly wanted?: (now: number) => boolean;
}

/** The server's decision on one call. */
export interface Decision {
  readonly at: number;
  readonly accepted: boolean;
}

/** A third of a limit: fewer calls, or the same call in a period three times as long. */
export function third(limit: Limit): Limit {
  const calls = Math.round(limit.calls / 3);
  return calls >= 1 ? { calls, per: limit.per } : { calls: limit.calls, per: limit.per * 3 };
}

export function perSecond(limit: Limit): number {
  return (limit.calls / limit.per) * SECOND;
}

/** The random number generator mulberry32, which gives the same numbers everywhere. */
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

/** Allows at most `limit.calls` in the period before each call. */
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

/** A token bucket that holds the calls of one second, at least one. Refused calls that count put it in debt. */
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

/** Counts calls from zero at each full minute (or longer period) of the server's clock. */
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

/** A priority queue of events, earliest first, as a binary heap. */
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

/** Simulates all phases and returns the decisions of the server in order. */
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
    // The exporter's pacing: evenly, catching up on at most 5 % of a second, and never on a pause.
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
      else paced = now + SECOND / 10; // Looks again a tenth of a second later.
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
  /** Accepted calls as a share of the limit. */
  readonly used: number;
  /** Refused calls, as a share of all calls. */
  readonly throttled: number;
}

/** Measures the decisions from one time to another under one limit. */
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
