import { type Clock, DAY, HOUR, MINUTE, SECOND } from '../clock.ts';
import type { StageRecord } from '../fleet/stage-record.ts';
import type { Log } from '../log.ts';
import { explain } from '../model/advice.ts';
import type { ApiError, ErrorKind } from '../model/api-error.ts';
import { type Fallback, fallbackTexts } from '../model/fallback.ts';
import type { Stage } from '../model/stage.ts';
import { PauseLog } from './pause-log.ts';

/** What fails, succeeds and fails again within it is one trouble, and has one line. */
const QUIET = 5 * MINUTE;

/**
 * How often a trouble that lasts is told again, with the code and request id of the newest failure: support
 * asks for a request id that is not old, and log files are rotated. Thousands
 * of instances may have trouble of their own, so theirs is repeated less often.
 */
const REMINDERS = { ofAll: HOUR, ofStage: DAY } as const;

/** A stage of which a pass has ended, and the log that names it. */
export interface StageOf {
  readonly stage: Stage;
  readonly record: StageRecord;
  readonly log: Log;
}

/** Passes that fail for the same reason, with no long time between them. */
interface Trouble {
  readonly since: number;
  lastFailure: number;
  lastTold: number;
  failures: number;
  /** Stages that have not succeeded since. */
  readonly failing: Set<StageRecord>;
}

type Troubles = Map<ErrorKind, Trouble>;

/**
 * The log of how an account's passes end: a line when a trouble begins, one now and then while it lasts, and
 * one when it is over, however many passes, calls and instances it concerns. Metrics and the status page
 * tell of each.
 */
export class TroubleLog {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly pauses: PauseLog;
  /** Of the API as a whole: the first instance that meets it stands for all. */
  readonly #ofAll: Troubles = new Map();
  /** Of one stage of one instance, or of a region. */
  readonly #ofStage = new WeakMap<StageRecord, Troubles>();

  /** @param log names the account */
  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
    this.pauses = new PauseLog(clock, log);
  }

  failed({ stage, record, log }: StageOf, error: ApiError): void {
    // The account's pause is logged where it begins.
    if (error.policy.trouble === 'account') return;
    const shared = error.policy.trouble === 'api';
    const troubles = shared ? this.#ofAll : this.#troublesOf(record);
    const now = this.#clock.monotonic();
    const known = troubles.get(error.kind);
    if (known) {
      known.lastFailure = now;
      known.failures++;
      known.failing.add(record);
      if (now - known.lastTold < (shared ? REMINDERS.ofAll : REMINDERS.ofStage)) return;
      known.lastTold = now;
      log.warn(
        { stage, ...failureOf(error), failures: known.failures },
        `passes still fail: ${error.message}`,
      );
      return;
    }
    troubles.set(error.kind, {
      since: now,
      lastFailure: now,
      lastTold: now,
      failures: 1,
      failing: new Set([record]),
    });
    log.warn(
      { stage, ...failureOf(error) },
      `a pass failed: ${error.policy.suspendsInstance ? explain(error) : error.message}${shared ? '; more such failures, of any instance, are counted, not logged' : ''}`,
    );
  }

  succeeded({ stage, record, log }: StageOf): void {
    this.pauses.succeeded();
    for (const trouble of this.#ofAll.values()) trouble.failing.delete(record);
    this.#end(this.#ofAll, this.#log);
    const own = this.#ofStage.get(record);
    for (const trouble of own?.values() ?? []) trouble.failing.delete(record);
    if (own) this.#end(own, log.child({ stage }));
  }

  /** A stage that is polled no more fails no more. */
  forget(record: StageRecord): void {
    for (const trouble of this.#ofAll.values()) trouble.failing.delete(record);
  }

  /** A batched operation is refused, and polling goes on without it. */
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

  #end(troubles: Troubles, log: Log): void {
    const now = this.#clock.monotonic();
    for (const [kind, { since, lastFailure, failures, failing }] of troubles) {
      if (failing.size > 0 || now - lastFailure < QUIET) continue;
      troubles.delete(kind);
      const seconds = Math.round((lastFailure - since) / SECOND);
      log.info({ kind, failures, seconds }, 'passes succeed again');
    }
  }

  #troublesOf(record: StageRecord): Troubles {
    const known = this.#ofStage.get(record);
    if (known) return known;
    const troubles: Troubles = new Map();
    this.#ofStage.set(record, troubles);
    return troubles;
  }
}

/** What Alibaba Cloud's support asks for. */
export function failureOf({ operation, kind, code, requestId, httpStatus }: ApiError) {
  return { operation, kind, code, requestId, httpStatus };
}

function fieldsOf({ operation, regionId, instanceId }: Fallback) {
  return { region: regionId, ...(instanceId !== undefined && { instance: instanceId }), operation };
}
