import { SECOND, systemClock } from '../clock.ts';
import { createExporter } from '../exporter/exporter.ts';
import { makeFirstPasses, withOnePass } from '../exporter/first-passes.ts';
import type { InstanceRecord } from '../fleet/fleet.ts';
import { formatDuration } from '../input/duration.ts';
import { silentLog } from '../log.ts';
import { explain } from '../model/advice.ts';
import { ApiError } from '../model/api-error.ts';
import type { Session } from '../model/session.ts';
import { REQUIRED_STAGES, requiredOnly } from '../model/stage.ts';
import { isMissingUser } from '../poll/strategies/missing-user.ts';
import { Lists } from '../smartag/lists/lists.ts';
import { describeUserOnlineClients } from '../smartag/operations/describe-user-online-clients.ts';
import type { ListFlags } from './flags.ts';
import { type LocatedInstance, withInstance } from './one-shot/with-instance.ts';
import { buildOf } from './process/build.ts';
import { CommandError, EXIT, type Host } from './process/host.ts';
import { type Column, table } from './terminal/table.ts';
import { visible, visibleCsv, visibleJson } from './terminal/visible-text.ts';

type SessionsByUser = ReadonlyMap<string, readonly Session[]>;

const COLUMNS: readonly Column[] = [
  { title: 'USER' },
  { title: 'ADDRESS' },
  { title: 'ONLINE SINCE' },
  { title: 'FOR', figures: true },
];

export async function sessions(
  wanted: string,
  userName: string | undefined,
  flags: ListFlags,
  host: Host,
): Promise<number> {
  return withInstance({ command: 'sessions', wanted, flags, host }, async (instance) => {
    const { sessions, failure } =
      userName === undefined
        ? await sessionsOfAll(instance, host)
        : { sessions: await sessionsOf(instance, userName, host), failure: undefined };
    const now = systemClock.now() / SECOND;
    host.stdout.write(printed(flags, { instance, sessions, now, userName }));
    if (failure) {
      throw new CommandError(
        `the sessions of some users could not be read: ${explain(failure)}`,
        EXIT.failed,
      );
    }
    return EXIT.done;
  });
}

/** @throws CommandError when the instance has no user of that name */
async function sessionsOf(
  instance: LocatedInstance,
  userName: string,
  host: Host,
): Promise<SessionsByUser> {
  const { client, regionId, instanceId } = instance;
  const request = { regionId, instanceId, userName };
  let sessions: readonly Session[];
  try {
    sessions = await client.call(describeUserOnlineClients, request, host.ending);
  } catch (error) {
    if (isMissingUser(error)) throw noSuchUser(instance, userName);
    throw error;
  }
  // The API may answer with an empty list also when the user does not exist.
  if (sessions.length === 0) await checkThatUserExists(instance, userName, host);
  return new Map([[userName, sessions]]);
}

async function checkThatUserExists(
  instance: LocatedInstance,
  userName: string,
  host: Host,
): Promise<void> {
  const { client, config, regionId, instanceId } = instance;
  const request = { regionId, instanceId, pageSize: config.polling.pageSize };
  try {
    const { items } = await new Lists(client).users(request, host.ending);
    if (items.some(({ name }) => name === userName)) return;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    host.stderr.write(
      `The user may not exist: this could not be checked, because listing the users failed: ${visible(explain(error))}\n`,
    );
    return;
  }
  throw noSuchUser(instance, userName);
}

const noSuchUser = ({ instanceId }: LocatedInstance, userName: string): CommandError =>
  new CommandError(
    `the instance has no user ${userName}. \`sag-app-exporter users ${instanceId}\` lists its users.`,
    EXIT.failed,
  );

/**
 * Reads the sessions as the daemon does: if the users can be counted in batches, only the sessions of online
 * users are read.
 */
async function sessionsOfAll(
  { config, account, regionId, instanceId }: LocatedInstance,
  host: Host,
): Promise<{ sessions: SessionsByUser; failure: ApiError | undefined }> {
  const instances = [{ id: instanceId, region: regionId }];
  const only = { ...account, regions: [], discovery: false, instances };
  const polling = requiredOnly(config.polling);
  const metrics = { ...config.metrics, userName: 'plain' as const };
  const exporter = await createExporter({
    config: withOnePass({ ...config, accounts: [only], polling, metrics }),
    env: host.env,
    clock: systemClock,
    random: Math.random,
    log: silentLog(),
    build: buildOf(host),
    telemetryPath: '/metrics',
  });
  await makeFirstPasses(exporter, { clock: systemClock, signal: host.ending });
  const { paused } = exporter.fleet.account(account.name);
  if (paused) throw paused;
  const record = exporter.fleet.instance({ account: account.name, regionId, instanceId });
  const failure = record && failureOf(record);
  // Without this, a failed pass would look like an instance without sessions.
  if (record?.snapshot.sessions === undefined) throw failure ?? new Error('no sessions were read');
  return { sessions: record.snapshot.sessions.sessions, failure };
}

function failureOf({ stages }: InstanceRecord): ApiError | undefined {
  return REQUIRED_STAGES.map((stage) => stages[stage].lastError).find((error) => error);
}

interface SessionList {
  readonly instance: LocatedInstance;
  readonly sessions: SessionsByUser;
  /** Seconds since the epoch. */
  readonly now: number;
  /** The user whose sessions were asked for; absent when those of all users were. */
  readonly userName?: string | undefined;
}

function printed({ json, csv }: ListFlags, list: SessionList): string {
  if (json) return asJson(list);
  return csv ? asCsv(list) : asTable(list);
}

/** A session as the JSON has it. Fields that the API left out are absent. */
function listedSessions({ sessions, now }: SessionList) {
  return [...sessions].flatMap(([userName, sessionsOfUser]) =>
    sessionsOfUser.map(({ clientIp, start }) => ({
      userName,
      clientIp: clientIp === '' ? undefined : clientIp,
      ...(start !== undefined && { start: isoTime(start), ageSeconds: age(start, now) }),
    })),
  );
}

function asTable(list: SessionList): string {
  const rows = listedSessions(list).map(({ userName, clientIp = '', start = '', ageSeconds }) => [
    userName,
    clientIp,
    start,
    ageSeconds === undefined ? '' : formatDuration(ageSeconds * SECOND),
  ]);
  if (rows.length > 0) return `${table(COLUMNS, rows).join('\n')}\n`;
  const { userName } = list;
  return userName === undefined ? 'No user is online.\n' : `${visible(userName)} is not online.\n`;
}

function asJson(list: SessionList): string {
  const { account, regionId, instanceId } = list.instance;
  const sessions = listedSessions(list);
  return `${visibleJson({ account: account.name, regionId, instanceId, sessions })}\n`;
}

/** The columns have the names of the JSON. */
const CSV_COLUMNS = [
  'account',
  'regionId',
  'instanceId',
  'userName',
  'clientIp',
  'start',
  'ageSeconds',
];

function asCsv(list: SessionList): string {
  const { account, regionId, instanceId } = list.instance;
  const rows = listedSessions(list).map(({ userName, clientIp, start, ageSeconds }) => [
    account.name,
    regionId,
    instanceId,
    userName,
    clientIp,
    start,
    ageSeconds,
  ]);
  return visibleCsv(CSV_COLUMNS, rows);
}

/** Whole seconds; not below 0, since the API's clock may be ahead of ours. */
const age = (start: number, now: number): number => Math.max(0, Math.round(now - start));

/** The latest time of a Date, in seconds. */
const LATEST = 8.64e12;

const isoTime = (seconds: number): string =>
  seconds > LATEST
    ? String(seconds)
    : new Date(Math.round(seconds) * SECOND).toISOString().replace('.000Z', 'Z');
