import { SECOND } from '../../clock.ts';
import type { StageRecord } from '../../fleet/stage-record.ts';
import type { ApiError } from '../../model/api-error.ts';
import type { Messages } from '../messages/index.ts';
import type { ErrorStatus, StageStatus } from './schema.ts';
import { ageOf, isoTime } from './times.ts';

export interface AgeCheck {
  /** Milliseconds without success after which a stage may be stale. */
  readonly staleAfter: number;
  /** Seconds since the epoch. */
  readonly now: number;
}

export function stageStatus(
  record: StageRecord,
  { staleAfter, now }: AgeCheck,
  messages: Messages,
): StageStatus {
  const { lastSuccess, ended, progress, lastDuration, interval, lastError } = record;
  let failures = 0;
  for (const count of record.failures.values()) failures += count;
  return {
    lastSuccess: isoTime(lastSuccess),
    ageSeconds: ageOf(lastSuccess, now),
    stale: record.isStale(staleAfter),
    lastPass: ended === 'never' ? undefined : ended === 'well' ? 'succeeded' : 'failed',
    running: progress < 1,
    progressRatio: progress,
    lastDurationSeconds: lastDuration,
    intervalSeconds: interval / SECOND,
    failures,
    error: lastError && errorStatus(lastError, messages),
  };
}

export function errorStatus(error: ApiError, { errors }: Messages): ErrorStatus {
  const { kind, operation, code, requestId, httpStatus, message } = error;
  const advice = errors.advice(error);
  return { kind, operation, code, requestId, httpStatus, message, advice };
}
