import pLimit from 'p-limit';
import { type Clock, MINUTE, SECOND } from '../../clock.ts';
import { ApiError } from '../../model/api-error.ts';
import type { LearnedRate } from '../../model/learned.ts';
import { ONLY_SHARD, type Shard } from '../../model/shard.ts';
import type { Client } from '../operation.ts';
import { AdaptiveRate, START_RATE } from './adaptive-rate.ts';
import { Budget, type RateLaw, steadyRate } from './budget.ts';
import { shareOf } from './share.ts';
import { InFlight, Turns } from './turns.ts';

/** Longest pause that the exporter makes. A server that asks for a longer pause is probably mistaken. */
const LONGEST_PAUSE = MINUTE;

/** Only pauses that are longer than this are reported, because they delay the figures. */
const LONG_PAUSE = 5 * SECOND;

/** A pause of an operation that the server asked for. All times are milliseconds. */
export interface RequestedPause {
  readonly operation: string;
  readonly requested: number;
  /** The pause that the exporter makes: at most a minute. */
  readonly made: number;
}

export interface PaceSettings {
  readonly clock: Clock;
  /** Maximum number of calls in flight at once, over all operations. */
  readonly concurrency: number;
  /** Maximum calls per second of each operation, for all shards together. */
  readonly requestsPerSecond: number;
  /** The shard that this process is. It keeps to its share of the rate. @default the only process */
  readonly shard?: Shard | undefined;
  /** Whether the rate adapts to what the server accepts. Otherwise it is always the highest rate allowed. */
  readonly adaptive: boolean;
}

export interface PaceOptions extends PaceSettings {
  /** The rates that an earlier process has learned. @default none */
  readonly learned?: readonly LearnedRate[] | undefined;
  /** Called when a call is sent, with the seconds that it waited. */
  readonly onWait: (operation: string, seconds: number) => void;
  /** Called with the rate of an operation when its budget is made and whenever the rate changes. */
  readonly onBudget: (operation: string, requestsPerSecond: number) => void;
  /** Called for each long pause that the server asks for. */
  readonly onPause?: (pause: RequestedPause) => void;
}

interface Job {
  readonly key: string;
  /**
   * Sends the call; never rejects.
   *
   * @param sentAt the time that Budget.spend returned
   */
  readonly run: (sentAt: number) => Promise<void>;
  /** Rejects the call without sending it. */
  readonly drop: (reason: unknown) => void;
}

export interface PacedClient extends Client {
  /** The rates now, for the next process. Empty when they do not adapt. */
  readonly rates: readonly LearnedRate[];
  close(): void;
}

/**
 * Decorates a client: keeps each operation within its budget and the account within its concurrency limit,
 * and serves instances in turn. Closing it ends its timers, and ends waiting calls with an AbortError.
 */
export function paced(client: Client, options: PaceOptions): PacedClient {
  const { adaptive, shard = ONLY_SHARD } = options;
  const slots = pLimit(options.concurrency);
  const inFlight = new InFlight();
  const lanes = new Map<string, Lane>();
  const laws = new Map<string, RateLaw>();
  const closing = new AbortController();

  const laneOf = (operation: string): Lane => {
    const existing = lanes.get(operation);
    if (existing) return existing;
    const learned = options.learned?.find((rate) => rate.operation === operation);
    const law = lawOf(options, shard, learned);
    laws.set(operation, law);
    const onRate = (): void => options.onBudget(operation, law.rate);
    const budget = new Budget(options.clock, law, shard.total > 1);
    const onPause = (requested: number, made: number): void =>
      options.onPause?.({ operation, requested, made });
    const lane = new Lane(budget, { onRate, onPause }, slots, inFlight, closing.signal);
    onRate();
    lanes.set(operation, lane);
    return lane;
  };

  // The budgets that were shown before a restart are shown after it, before the first call.
  if (adaptive) for (const { operation } of options.learned ?? []) laneOf(operation);

  return {
    get rates() {
      return adaptive
        ? Array.from(laws, ([operation, law]) => learnedOf(operation, law, shard))
        : [];
    },
    call(operation, request, signal) {
      const since = options.clock.monotonic();
      const send = async () => {
        options.onWait(operation.name, (options.clock.monotonic() - since) / SECOND);
        return client.call(operation, request, signal);
      };
      return laneOf(operation.name).serve(request.instanceId ?? '', send, signal);
    },
    close() {
      closing.abort();
      for (const lane of lanes.values()) lane.close();
    },
  };
}

/**
 * All shards together start at the rate at which a single process would start, and have the same highest rate.
 * The learned rate is divided evenly, as it was summed up.
 */
function lawOf(
  { clock, adaptive, requestsPerSecond }: PaceOptions,
  shard: Shard,
  learned: LearnedRate | undefined,
): RateLaw {
  const max = shareOf(requestsPerSecond, shard);
  if (!adaptive) return steadyRate(max);
  const now = clock.monotonic();
  if (!learned) {
    return new AdaptiveRate({
      max,
      start: shareOf(Math.min(requestsPerSecond, START_RATE), shard),
      now,
    });
  }
  const { rate, ceiling } = learned;
  return new AdaptiveRate({
    max,
    start: rate / shard.total,
    ceiling: ceiling === undefined ? undefined : ceiling / shard.total,
    now,
  });
}

/** The other shards are taken to have learned the same, so that another number of shards divides the limit anew. */
function learnedOf(operation: string, { rate, ceiling }: RateLaw, { total }: Shard): LearnedRate {
  return {
    operation,
    rate: rate * total,
    ...(ceiling !== undefined && { ceiling: ceiling * total }),
  };
}

interface LaneObserver {
  readonly onRate: () => void;
  readonly onPause: (requested: number, made: number) => void;
}

/** The calls of one operation. The next call is chosen only when the budget is ready and a slot is free. */
class Lane {
  readonly #budget: Budget;
  readonly #observer: LaneObserver;
  readonly #slots: ReturnType<typeof pLimit>;
  readonly #inFlight: InFlight;
  readonly #turns: Turns<Job>;
  readonly #closing: AbortSignal;
  #serving = false;

  constructor(
    budget: Budget,
    observer: LaneObserver,
    slots: ReturnType<typeof pLimit>,
    inFlight: InFlight,
    closing: AbortSignal,
  ) {
    this.#budget = budget;
    this.#observer = observer;
    this.#slots = slots;
    this.#inFlight = inFlight;
    this.#turns = new Turns(inFlight);
    this.#closing = closing;
  }

  serve<Reply>(key: string, send: () => Promise<Reply>, signal: AbortSignal): Promise<Reply> {
    return new Promise((resolve, reject) => {
      for (const { aborted, reason } of [signal, this.#closing]) {
        if (aborted) {
          reject(reason);
          return;
        }
      }
      const onAbort = (): void => {
        this.#turns.remove(job);
        reject(signal.reason);
      };
      const job: Job = {
        key,
        run: async (sentAt) => {
          signal.removeEventListener('abort', onAbort);
          try {
            const reply = await send();
            this.#noteOutcome(sentAt, undefined);
            resolve(reply);
          } catch (error) {
            this.#noteOutcome(sentAt, error);
            reject(error);
          }
        },
        drop: (reason) => {
          signal.removeEventListener('abort', onAbort);
          reject(reason);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#turns.add(job);
      if (!this.#serving) void this.#serveAll();
    });
  }

  /** Only an answer of the API tells anything about its limit: the API may or may not have counted a lost call. */
  #noteOutcome(sentAt: number, error: unknown): void {
    const before = this.#budget.rate;
    if (error === undefined) this.#budget.accepted(sentAt);
    else if (error instanceof ApiError) {
      if (error.kind === 'throttled') this.#budget.throttled(sentAt);
      else if (error.policy.authenticated) this.#budget.accepted(sentAt);
      if (error.retryAfter !== undefined) this.#pause(error.retryAfter);
    }
    if (this.#budget.rate !== before) this.#observer.onRate();
  }

  #pause(requested: number): void {
    const made = Math.min(requested, LONGEST_PAUSE);
    this.#budget.pause(made);
    if (requested >= LONG_PAUSE) this.#observer.onPause(requested, made);
  }

  /** Ends the waiting calls; calls in flight end by themselves. */
  close(): void {
    for (let job = this.#turns.next(); job; job = this.#turns.next()) {
      job.drop(this.#closing.reason);
    }
  }

  async #serveAll(): Promise<void> {
    this.#serving = true;
    try {
      while (!this.#turns.isEmpty) {
        await this.#budget.ready(this.#closing);
        await this.#start();
      }
    } catch (error) {
      // Only closing aborts the wait.
      if (!this.#closing.aborted) throw error;
    } finally {
      this.#serving = false;
    }
  }

  /** Takes a slot and sends the next call. Resolves when the call is sent, not when it ends. */
  #start(): Promise<void> {
    return new Promise((started) => {
      void this.#slots(async () => {
        started();
        const job = this.#turns.next();
        if (!job) return;
        // The budget is spent only now, because otherwise calls could be sent in a burst after a long wait
        // for slots.
        const sentAt = this.#budget.spend();
        this.#inFlight.begin(job.key);
        try {
          await job.run(sentAt);
        } finally {
          this.#inFlight.end(job.key);
        }
      });
    });
  }
}
