import { DAY, HOUR, MINUTE, SECOND } from '../clock.ts';
import type { UserSession } from '../model/session.ts';
import { type Distribution, emptyDistribution, withValues } from './distribution.ts';

/** Upper bounds of the buckets for durations of sessions, in seconds. */
const SESSION_DURATIONS = [
  ...[5, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 4, 8, 12].map((hours) => hours * HOUR),
  ...[1, 3].map((days) => days * DAY),
].map((milliseconds) => milliseconds / SECOND);

/** Counters since the instance was first watched. */
export interface InstanceCounters {
  sessionsStarted: number;
  sessionsEnded: number;
  /** How long ended sessions lasted, in seconds. Sessions whose start the API did not tell are left out. */
  sessionDurations: Distribution;
  /** Online passes in which the sum over users differed from the API's total for the instance. */
  onlineDisagreements: number;
}

export function newCounters(): InstanceCounters {
  return {
    sessionsStarted: 0,
    sessionsEnded: 0,
    sessionDurations: emptyDistribution(SESSION_DURATIONS),
    onlineDisagreements: 0,
  };
}

/** @param endedAt seconds since the epoch */
export function countEndedSessions(
  counters: InstanceCounters,
  sessions: readonly UserSession[],
  endedAt: number,
): void {
  counters.sessionsEnded += sessions.length;
  const durations = sessions.flatMap(({ session: { start } }) =>
    // The API's clock may be ahead, so a session may seem to end before its start.
    start === undefined ? [] : [Math.max(0, endedAt - start)],
  );
  counters.sessionDurations = withValues(counters.sessionDurations, durations);
}
