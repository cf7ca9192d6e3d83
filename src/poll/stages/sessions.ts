import type { SessionsReading } from '../../fleet/fleet.ts';
import { sessionDiff } from '../../fleet/session-diff.ts';
import { sessionsSnapshot } from '../../fleet/snapshots.ts';
import type { ApiError } from '../../model/api-error.ts';
import type { Session } from '../../model/session.ts';
import type { OnlineSnapshot } from '../../model/snapshot.ts';
import { sessionsCalls } from '../forecast/online-calls.ts';
import { fanOut } from '../strategies/fan-out.ts';
import type { OnlineFound, PolledInstance, PolledStage } from './polled-stage.ts';

/** Reads the sessions of online users whose sessions may have changed. */
export const sessionsStage: PolledStage = {
  begin: (instance) => async (signal) =>
    instance.onlineFound && sessionsPass(instance, instance.onlineFound, signal),
  calls: sessionsCalls,
};

const OFFLINE: readonly Session[] = [];

/**
 * Makes one pass after an online pass. Reads the sessions of online users who are new, whose number of sessions
 * has changed, or whose sessions were not read for `sessions_interval`. Sessions that a fan-out has found are
 * not read again.
 */
async function sessionsPass(
  instance: PolledInstance,
  found: OnlineFound,
  signal: AbortSignal,
): Promise<ApiError | undefined> {
  const { record } = instance;
  const { online } = record.snapshot;
  if (!online) return undefined;
  const observed = new Map<string, readonly Session[]>();
  const unread: string[] = [];
  for (const [userName, clients] of online.clients) {
    const sessions =
      found.sessions?.get(userName) ?? withoutCall(instance, userName, clients, found.begun);
    if (sessions) observed.set(userName, sessions);
    else unread.push(userName);
  }
  // A fan-out has asked about every user. Users without an answer keep their earlier sessions.
  const read = found.sessions ? undefined : await readSessions(instance, unread, signal);
  for (const [userName, sessions] of read?.answers ?? []) observed.set(userName, sessions);
  const readings = new Map([...record.readings, ...(read?.readings ?? [])]);
  for (const [userName, { at }] of readings) {
    if (!online.clients.get(userName) && at < found.begun) readings.delete(userName);
  }
  record.readings = readings;
  store(instance, online, observed, found.begunAt);
  return read ? read.failure : found.failure;
}

/**
 * Returns the sessions of a user when no call is needed: the user is offline, or the sessions were read lately
 * and their number has not changed.
 */
function withoutCall(
  { clock, record, settings }: PolledInstance,
  userName: string,
  clients: number,
  counted: number,
): readonly Session[] | undefined {
  const reading = record.readings.get(userName);
  if (clients === 0) {
    // Sessions that were read after the count are kept. Otherwise they would end now and start again in the
    // next pass.
    const isNewer = reading !== undefined && reading.at >= counted;
    return (isNewer && record.snapshot.sessions?.sessions.get(userName)) || OFFLINE;
  }
  if (reading?.clients !== clients) return undefined;
  if (clock.monotonic() - reading.at >= settings.sessionsInterval) return undefined;
  return record.snapshot.sessions?.sessions.get(userName);
}

async function readSessions(
  { client, clock, parallel, record }: PolledInstance,
  userNames: readonly string[],
  signal: AbortSignal,
) {
  const { regionId, instanceId } = record.id;
  const readings = new Map<string, SessionsReading>();
  const result = await fanOut(
    {
      client,
      regionId,
      instanceId,
      userNames,
      parallel,
      onProgress: (share) => record.stages.sessions.advance(share),
      // The count that led to this pass found each of these users online.
      wasOnline: () => true,
      // Stores the number just read, so that a reconnect since the count is noticed.
      onAnswer: (userName, { length }) =>
        readings.set(userName, { at: clock.monotonic(), clients: length }),
    },
    signal,
  );
  return { ...result, readings };
}

function store(
  { fleet, record }: PolledInstance,
  online: OnlineSnapshot,
  observed: ReadonlyMap<string, readonly Session[]>,
  countedAt: number,
): void {
  const { snapshot, counters } = record;
  const users = Array.from(online.clients.keys(), (name) => ({ name }));
  const after = sessionsSnapshot(users, observed, snapshot.sessions);
  const { started, ended } = sessionDiff(snapshot.sessions, after, record.areSessionsComplete);
  counters.sessionsStarted += started;
  fleet.sessionsEnded(record, ended, countedAt);
  const isComplete = online.totals !== undefined && after.sessions.size === users.length;
  record.areSessionsComplete = isComplete;
  record.snapshot = {
    ...snapshot,
    sessions: isComplete ? after : { sessions: after.sessions },
  };
}
