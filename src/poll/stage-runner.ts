import { type Clock, SECOND } from '../clock.ts';
import type { StageRecord } from '../fleet/stage-record.ts';
import type { Log } from '../log.ts';
import { ApiError } from '../model/api-error.ts';
import type { Stage } from '../model/stage.ts';
import type { AccountGate } from './account-gate.ts';
import { every, type PassEnd } from './every.ts';
import type { TroubleLog } from './trouble-log.ts';

/** A stage and how a pass of it is made. */
export interface StageRun {
  readonly stage: Stage;
  readonly record: StageRecord;
  /** Makes one pass; throws ApiError when it failed. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** Whether passes are to be skipped for now, as they would be of no use. @default never */
  readonly isSuspended?: () => boolean;
  readonly log: Log;
}

/** How often a stage runs. */
export interface StageSchedule {
  readonly clock: Clock;
  readonly gate: AccountGate;
  readonly troubles: TroubleLog;
  /** Milliseconds from start to start. */
  readonly interval: number;
  /** Has all that share it begin together: see Recurring. */
  readonly inStepWith?: number;
  /** The setting behind the interval, for the operator to change. */
  readonly setting: string;
}

/** Runs a stage at its interval, records how each pass ends, and has what changes logged. */
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
 * One pass by itself: recorded, and logged like those of `runStage`.
 *
 * @throws the signal's reason when it aborts
 */
export async function runPass(
  stageRun: StageRun,
  { clock, gate, troubles }: Pick<StageSchedule, 'clock' | 'gate' | 'troubles'>,
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
      troubles.succeeded(stageRun);
      return { mayWait: true, startedAt };
    } catch (error) {
      if (stop.aborted || !(error instanceof ApiError)) {
        stageRun.record.abandon();
        throw error;
      }
      stageRun.record.fail(error);
      troubles.failed(stageRun, error);
      // The gate is shut now; the pass is made again when it opens, not an interval later.
      // An inactive instance stays inactive until it is renewed, so one look per interval is enough.
      const { trouble, suspendsInstance } = error.policy;
      if (trouble !== 'account') return { mayWait: suspendsInstance, startedAt };
    }
  }
}
