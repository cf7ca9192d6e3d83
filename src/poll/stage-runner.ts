import { type Clock, SECOND } from '../clock.ts';
import type { StageRecord } from '../fleet/stage-record.ts';
import type { Log } from '../log.ts';
import { ApiError } from '../model/api-error.ts';
import type { Stage } from '../model/stage.ts';
import type { AccountGate } from './account-gate.ts';
import { every, type PassEnd } from './every.ts';
import type { FailureLog } from './failure-log.ts';

export interface StageRun {
  readonly stage: Stage;
  readonly record: StageRecord;
  /** Makes one pass. @throws ApiError when it failed */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** Whether to skip passes now. @default never */
  readonly isSuspended?: () => boolean;
  readonly log: Log;
}

export interface StageSchedule {
  readonly clock: Clock;
  readonly gate: AccountGate;
  readonly failureLog: FailureLog;
  /** Milliseconds from the start of a pass to the start of the next. */
  readonly interval: number;
  /** See Recurring. */
  readonly inStepWith?: number;
  /** The key below `polling` that holds the interval, for the log. */
  readonly setting: string;
}

/** Runs a stage at its interval. Records and logs how each pass ends. */
export function runStage(
  stageRun: StageRun,
  schedule: StageSchedule,
  signal: AbortSignal,
): Promise<void> {
  const { stage, log } = stageRun;
  const { interval, setting } = schedule;
  return every(
    {
      ...schedule,
      resumesFrom: stageRun.record.resumesFrom,
      pass: (stop) => runPass(stageRun, schedule, stop),
      onOverrun: (took) => {
        log.warn(
          { stage, seconds: took / SECOND, interval: interval / SECOND },
          `a pass takes longer than polling.${setting}: passes run back to back`,
        );
      },
    },
    signal,
  );
}

/**
 * Makes a single pass, and records and logs how it ends.
 *
 * @throws the signal's reason when it aborts
 */
export async function runPass(
  stageRun: StageRun,
  { clock, gate, failureLog }: Pick<StageSchedule, 'clock' | 'gate' | 'failureLog'>,
  stop: AbortSignal,
): Promise<PassEnd> {
  for (;;) {
    let startedAt = clock.monotonic();
    if (stageRun.isSuspended?.()) return { mayWait: true, startedAt };
    try {
      await gate.pass(stop, (signal) => {
        startedAt = clock.monotonic();
        stageRun.record.begin();
        return stageRun.run(signal);
      });
      stageRun.record.succeed();
      failureLog.succeeded(stageRun);
      return { mayWait: true, startedAt };
    } catch (error) {
      if (stop.aborted || !(error instanceof ApiError)) {
        stageRun.record.abandon();
        throw error;
      }
      stageRun.record.fail(error);
      failureLog.failed(stageRun, error);
      // When credentials are refused, the gate is shut now, and the pass is made again when the gate opens.
      // An inactive instance stays inactive until it is renewed, so one attempt per interval is enough.
      const { trouble, suspendsInstance = false } = error.policy;
      if (trouble !== 'account') return { mayWait: suspendsInstance, startedAt };
    }
  }
}
