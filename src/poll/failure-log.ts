import { type Clock, DAY, HOUR, MINUTE, SECOND } from '../clock.ts';
import type { StageRecord } from '../fleet/stage-record.ts';
import type { Log } from '../log.ts';
import { explain } from '../model/advice.ts';
import type { ApiError, ErrorKind } from '../model/api-error.ts';
import { type Fallback, fallbackTexts } from '../model/fallback.ts';
import type { Stage } from '../model/stage.ts';
import { PauseLog } from './pause-log.ts';

/** Failures of one kind count as one series while the gaps between them are shorter than this. */
const QUIET = 5 * MINUTE;

/**
 * How often lasting failures are logged again, with the code and request id of the newest failure: support
 * asks for a recent request id, and log files are rotated. Failures of single instances are repeated less
 * often, because there may be thousands of instances.
 */
const REMINDERS = { shared: HOUR, ofStage: DAY } as const;

export interface EndedStage {
  readonly stage: Stage;
  readonly record: StageRecord;
  /** Names the instance or region. */
  readonly log: Log;
}

/** A series of passes that failed with the same kind of error. */
interface FailureSeries {
  readonly since: number;
  lastFailure: number;
  lastLogged: number;
  failures: number;
  /** The stages that failed and have not succeeded since. */
  readonly failing: Set<StageRecord>;
}

type FailuresByKind = Map<ErrorKind, FailureSeries>;

/**
 * Logs the failed passes of an account without flooding the log, no matter how many passes and instances
 * fail. It writes one line when passes begin to fail with a kind of error, one now and then while they go on
 * failing, and one when they succeed again. Metrics and the status page show each failure.
 */
export class FailureLog {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly pauses: PauseLog;
  /** Failures of the API as a whole: only the first instance that fails is named. */
  readonly #shared: FailuresByKind = new Map();
  /** Failures of one stage of an instance or region. */
  readonly #ofStage = new WeakMap<StageRecord, FailuresByKind>();

  /** @param log names the account */
  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
    this.pauses = new PauseLog(clock, log);
  }

  failed({ stage, record, log }: EndedStage, error: ApiError): void {
    // PauseLog logs the errors that pause the account.
    if (error.policy.trouble === 'account') return;
    const shared = error.policy.trouble === 'api';
    const failuresByKind = shared ? this.#shared : this.#failuresOf(record);
    const now = this.#clock.monotonic();
    const series = failuresByKind.get(error.kind);
    if (series) {
      series.lastFailure = now;
      series.failures++;
      series.failing.add(record);
      if (now - series.lastLogged < (shared ? REMINDERS.shared : REMINDERS.ofStage)) return;
      series.lastLogged = now;
      log.warn(
        { stage, ...failureOf(error), failures: series.failures },
        `passes still fail: ${error.message}`,
      );
      return;
    }
    failuresByKind.set(error.kind, {
      since: now,
      lastFailure: now,
      lastLogged: now,
      failures: 1,
      failing: new Set([record]),
    });
    log.warn(
      { stage, ...failureOf(error) },
      `a pass failed: ${error.policy.suspendsInstance ? explain(error) : error.message}${shared ? '; more such failures, of any instance, are counted, not logged' : ''}`,
    );
  }

  succeeded({ stage, record, log }: EndedStage): void {
    this.pauses.succeeded();
    for (const series of this.#shared.values()) series.failing.delete(record);
    this.#end(this.#shared, this.#log);
    const own = this.#ofStage.get(record);
    for (const series of own?.values() ?? []) series.failing.delete(record);
    if (own) this.#end(own, log.child({ stage }));
  }

  forget(record: StageRecord): void {
    for (const series of this.#shared.values()) series.failing.delete(record);
  }

  fallbackBegan(fallback: Fallback, { code, kind, message, requestId }: ApiError): void {
    const { severity, problem, effect } = fallbackTexts(fallback);
    const fields = { ...fieldsOf(fallback), kind, code, requestId };
    const text = `${problem}: ${effect}. ${message}`;
    if (severity === 'warning') this.#log.warn(fields, text);
    else this.#log.info(fields, text);
  }

  fallbackEnded(fallback: Fallback): void {
    const { recovery } = fallbackTexts(fallback);
    this.#log.info(fieldsOf(fallback), `${fallback.operation} answers: ${recovery}`);
  }

  #end(failuresByKind: FailuresByKind, log: Log): void {
    const now = this.#clock.monotonic();
    for (const [kind, { since, lastFailure, failures, failing }] of failuresByKind) {
      if (failing.size > 0 || now - lastFailure < QUIET) continue;
      failuresByKind.delete(kind);
      const seconds = Math.round((lastFailure - since) / SECOND);
      log.info({ kind, failures, seconds }, 'passes succeed again');
    }
  }

  #failuresOf(record: StageRecord): FailuresByKind {
    const known = this.#ofStage.get(record);
    if (known) return known;
    const failures: FailuresByKind = new Map();
    this.#ofStage.set(record, failures);
    return failures;
  }
}

/** The log fields that Alibaba Cloud's support asks for. */
export function failureOf({ operation, kind, code, requestId, httpStatus }: ApiError) {
  return { operation, kind, code, requestId, httpStatus };
}

function fieldsOf({ operation, regionId, instanceId }: Fallback) {
  return { region: regionId, ...(instanceId !== undefined && { instance: instanceId }), operation };
}
