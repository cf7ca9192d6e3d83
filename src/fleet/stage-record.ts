import { type Clock, SECOND } from '../clock.ts';
import { ApiError, type ErrorKind } from '../model/api-error.ts';
import { type ByStage, type InstanceStage, mapStages, STAGES } from '../model/stage.ts';
import type { StageData, StageFailure } from './instance-data.ts';
import type { StoredTimes } from './stored-times.ts';

/** The record of an earlier process. */
export interface StoredStage {
  readonly data: StageData;
  readonly times: StoredTimes;
}

/** Records how the passes of a stage went, on one instance or, for discovery, in one region. */
export class StageRecord {
  #interval: number;
  readonly #clock: Clock;
  readonly #leader: StageRecord | undefined;
  readonly #failures = new Map<ErrorKind, number>();
  #startedAt: number | undefined;
  /** The newest success, or before the first one the beginning of polling. */
  #staleFrom: number;
  #lastSuccess: number | undefined;
  #lastDuration: number | undefined;
  #lastError: ApiError | undefined;
  #ended: 'never' | 'well' | 'badly' = 'never';
  #progress = 1;
  #revision = 0;
  #hasBegun = false;
  #hasEnded = false;

  /** @param options.leader the stage that this stage follows, if any */
  constructor(
    clock: Clock,
    interval: number,
    options: {
      readonly leader?: StageRecord | undefined;
      readonly stored?: StoredStage | undefined;
    } = {},
  ) {
    this.#clock = clock;
    this.#interval = interval;
    this.#leader = options.leader;
    this.#staleFrom = clock.monotonic();
    if (options.stored) this.#restore(options.stored);
  }

  #restore({ data, times }: StoredStage): void {
    const { startedAt, failure } = data;
    // When the clock has gone back, the interval since the last start may be over.
    if (startedAt !== undefined && times.isDowntimeKnown) {
      this.#startedAt = times.toMonotonic(startedAt);
    }
    this.#staleFrom = times.toMonotonic(data.staleFrom);
    this.#lastSuccess = data.lastSuccess;
    this.#lastDuration = data.lastDuration;
    this.#ended = data.ended;
    if (failure) this.#lastError = new ApiError({ ...failure, detail: FAILED_BEFORE });
  }

  data(times: StoredTimes): StageData {
    return {
      ...(this.#startedAt !== undefined && { startedAt: times.toStored(this.#startedAt) }),
      ...(this.#lastSuccess !== undefined && { lastSuccess: this.#lastSuccess }),
      staleFrom: times.toStored(this.#staleFrom),
      ...(this.#lastDuration !== undefined && { lastDuration: this.#lastDuration }),
      ended: this.#ended,
      ...(this.#lastError && { failure: failureData(this.#lastError) }),
    };
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

  /** Whether a pass has ended in this process. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /**
   * Monotonic time at which the newest pass of an earlier process began, if the next pass is due an interval
   * after it. Undefined when the next pass is due at once: no pass has succeeded for two intervals, or the
   * account's credentials were refused and may be other ones now, or this process has begun a pass.
   */
  get resumesFrom(): number | undefined {
    const isRefused = this.#lastError?.policy.trouble === 'account';
    const isOverdue = this.#lastSuccess === undefined || this.isStale(0);
    return this.#hasBegun || isRefused || isOverdue ? undefined : this.#startedAt;
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
    return this.#clock.monotonic() - this.#staleFrom > patience;
  }

  reschedule(interval: number): void {
    this.#interval = interval;
  }

  /**
   * Makes the first pass of this process due at once, because the settings have changed since the passes of the
   * earlier process.
   */
  expire(): void {
    if (this.#hasBegun) return;
    this.#startedAt = undefined;
    this.#ended = 'never';
  }

  begin(): void {
    this.#revision++;
    this.#hasBegun = true;
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
    this.#staleFrom = this.#clock.monotonic();
    this.#lastSuccess = this.#clock.now() / SECOND;
    this.#lastDuration = (this.#staleFrom - (this.#startedAt ?? this.#staleFrom)) / SECOND;
    this.#lastError = undefined;
    this.#hasEnded = true;
    this.#ended = 'well';
    this.#progress = 1;
  }

  fail(error: ApiError): void {
    this.#revision++;
    this.#failures.set(error.kind, (this.#failures.get(error.kind) ?? 0) + 1);
    this.#lastError = error;
    this.#hasEnded = true;
    this.#ended = 'badly';
    this.#progress = 1;
  }

  /** The exporter gave up the pass in progress, as at shutdown: the pass counts neither as success nor as failure. */
  abandon(): void {
    this.#revision++;
    this.#progress = 1;
  }
}

/**
 * Makes a record for each stage that has an interval.
 *
 * @param recordOf is given the record of the stage that the stage follows, if any
 */
export function stageRecords(
  intervals: ByStage<number>,
  recordOf: (
    stage: InstanceStage,
    interval: number,
    leader: StageRecord | undefined,
  ) => StageRecord,
): ByStage<StageRecord> {
  const records = new Map<InstanceStage, StageRecord>();
  return mapStages(intervals, (interval, stage) => {
    const { follows } = STAGES[stage];
    const record = recordOf(stage, interval, follows && records.get(follows));
    records.set(stage, record);
    return record;
  });
}

/** The text of an error of an earlier process. The API's own text is not stored. */
const FAILED_BEFORE = 'failed before the exporter was restarted';

function failureData({ kind, operation, code, requestId, httpStatus }: ApiError): StageFailure {
  return {
    kind,
    operation,
    ...(code !== undefined && { code }),
    ...(requestId !== undefined && { requestId }),
    ...(httpStatus !== undefined && { httpStatus }),
  };
}
