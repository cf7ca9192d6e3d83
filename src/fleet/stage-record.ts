import { type Clock, SECOND } from '../clock.ts';
import type { ApiError, ErrorKind } from '../model/api-error.ts';

/** Records how the passes of a stage went, on one instance or, for discovery, in one region. */
export class StageRecord {
  #interval: number;
  readonly #clock: Clock;
  readonly #since: number;
  readonly #leader: StageRecord | undefined;
  readonly #failures = new Map<ErrorKind, number>();
  #startedAt = 0;
  #succeededAt: number | undefined;
  #lastSuccess: number | undefined;
  #lastDuration: number | undefined;
  #lastError: ApiError | undefined;
  #ended: 'never' | 'well' | 'badly' = 'never';
  #progress = 1;
  #revision = 0;

  /** @param leader the stage that this stage follows, if any */
  constructor(clock: Clock, interval: number, leader?: StageRecord) {
    this.#clock = clock;
    this.#interval = interval;
    this.#leader = leader;
    this.#since = clock.monotonic();
  }

  get revision(): number {
    return this.#revision;
  }

  /** Milliseconds from the start of a pass to the start of the next. */
  get interval(): number {
    return this.#interval;
  }

  get ended(): 'never' | 'well' | 'badly' {
    return this.#ended;
  }

  /** Wall time of the last success, in seconds since the epoch. */
  get lastSuccess(): number | undefined {
    return this.#lastSuccess;
  }

  /** How long the last successful pass took, in seconds. */
  get lastDuration(): number | undefined {
    return this.#lastDuration;
  }

  /** Why the newest pass failed; absent when it succeeded. */
  get lastError(): ApiError | undefined {
    return this.#lastError;
  }

  /** Share of the pass in progress that is done, 0 to 1; 1 when idle. */
  get progress(): number {
    return this.#progress;
  }

  get failures(): ReadonlyMap<ErrorKind, number> {
    return this.#failures;
  }

  /**
   * Whether the stage's data is too old to be shown: no pass has succeeded for `staleAfter` milliseconds, and
   * none for twice the interval plus the last pass's duration. For a stage that follows a leader, the duration
   * of the leader's pass counts too.
   */
  isStale(staleAfter: number): boolean {
    const took = (this.#leader?.lastDuration ?? 0) + (this.#lastDuration ?? 0);
    const patience = Math.max(staleAfter, 2 * this.#interval + took * SECOND);
    return this.#clock.monotonic() - (this.#succeededAt ?? this.#since) > patience;
  }

  reschedule(interval: number): void {
    this.#interval = interval;
  }

  begin(): void {
    this.#revision++;
    this.#startedAt = this.#clock.monotonic();
    this.#progress = 0;
  }

  /** @param share of the pass in progress that is done, 0 to 1 */
  advance(share: number): void {
    this.#revision++;
    this.#progress = Math.min(1, Math.max(0, share));
  }

  succeed(): void {
    this.#revision++;
    this.#succeededAt = this.#clock.monotonic();
    this.#lastSuccess = this.#clock.now() / SECOND;
    this.#lastDuration = (this.#succeededAt - this.#startedAt) / SECOND;
    this.#lastError = undefined;
    this.#ended = 'well';
    this.#progress = 1;
  }

  fail(error: ApiError): void {
    this.#revision++;
    this.#failures.set(error.kind, (this.#failures.get(error.kind) ?? 0) + 1);
    this.#lastError = error;
    this.#ended = 'badly';
    this.#progress = 1;
  }

  /** The exporter gave up the pass in progress, as at shutdown: the pass counts neither as success nor as failure. */
  abandon(): void {
    this.#revision++;
    this.#progress = 1;
  }
}
