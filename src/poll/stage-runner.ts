import { type Clock, SECOND } from '../clock.ts';
import type { StageRecord } from '../fleet/stage-record.ts';
import type { Log } from '../log.ts';
import { ApiError } from '../model/api-error.ts';
import type { Stage } from '../model/stage.ts';
import type { AccountGate } from './account-gate.ts';
import { every, type PassEnd } from './every.ts';

/** A stage and how a pass of it is made. */
export interface StageRun {
  readonly stage: Stage;
  /** The records a pass counts for: fan-out asks for sessions while it looks who is online. */
  readonly records: readonly StageRecord[];
  /** Makes one pass; throws ApiError when it failed. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** The setting that decides how often, for the operator to change. */
  readonly setting: string;
  readonly log: Log;
}

/** Runs a stage at its interval, records how each pass ends, and logs a line when that changes. */
export function runStage(
  stageRun: StageRun,
  options: { readonly clock: Clock; readonly gate: AccountGate; readonly interval: number },
  signal: AbortSignal,
): Promise<void> {
  const { stage, setting, log } = stageRun;
  const { clock, interval } = options;
  return every(
    {
      clock,
      interval,
      pass: (stop) => onePass(stageRun, options, stop),
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

async function onePass(
  stageRun: StageRun,
  { clock, gate }: { readonly clock: Clock; readonly gate: AccountGate },
  stop: AbortSignal,
): Promise<PassEnd> {
  for (;;) {
    let startedAt = clock.monotonic();
    try {
      await gate.pass(stop, (signal) => {
        startedAt = clock.monotonic();
        for (const record of stageRun.records) record.begin();
        return stageRun.run(signal);
      });
      recordSuccess(stageRun);
      return { wentWell: true, startedAt };
    } catch (error) {
      if (stop.aborted || !(error instanceof ApiError)) {
        for (const record of stageRun.records) record.abandon();
        throw error;
      }
      recordFailure(stageRun, error);
      // The gate is shut now; the pass is made again when it opens, not an interval later.
      if (error.kind !== 'unauthenticated') return { wentWell: false, startedAt };
    }
  }
}

function recordSuccess({ stage, records, log }: StageRun): void {
  const before = records[0]?.ended;
  for (const record of records) record.succeed();
  if (before === 'badly') log.info({ stage }, 'passes succeed again');
}

/** One line when passes begin to fail, and when they fail for another reason; the rest are counted. */
function recordFailure({ stage, records, log }: StageRun, error: ApiError): void {
  const before = records[0]?.lastError;
  for (const record of records) record.fail(error);
  // The account's pause is logged where it begins.
  if (before?.kind === error.kind || error.kind === 'unauthenticated') return;
  log.warn(
    {
      stage,
      operation: error.operation,
      kind: error.kind,
      code: error.code,
      requestId: error.requestId,
      httpStatus: error.httpStatus,
    },
    `a pass failed: ${error.message}`,
  );
}
