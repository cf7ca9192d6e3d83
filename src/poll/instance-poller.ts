import type { Clock } from '../clock.ts';
import type { Fleet, InstanceRecord } from '../fleet/fleet.ts';
import type { Log } from '../log.ts';
import type { Lists } from '../smartag/lists/lists.ts';
import type { Client } from '../smartag/operation.ts';
import type { AccountGate } from './account-gate.ts';
import { compareUserCount } from './compare-user-count.ts';
import type { Fallbacks } from './fallbacks.ts';
import type { PollSettings } from './settings.ts';
import { runPass, runStage } from './stage-runner.ts';
import { type OnlineFound, onlinePass } from './stages/online.ts';
import { SessionsStage } from './stages/sessions.ts';
import { trafficPass } from './stages/traffic.ts';
import { usersPass } from './stages/users.ts';
import type { Totals } from './totals.ts';
import type { TroubleLog } from './trouble-log.ts';

/** Calls a pass keeps waiting for its turn beside those in flight, so that no slot stands idle. */
const WAITING_PER_SLOT = 2;

/** What the polling of an instance needs; one set serves an account. */
export interface PollContext {
  /** When the account's polling began, by the monotonic clock. */
  readonly beginning: number;
  readonly clock: Clock;
  readonly client: Client;
  readonly fleet: Pick<Fleet, 'roomFor'>;
  readonly lists: Lists;
  readonly totals: Totals;
  readonly fallbacks: Fallbacks;
  readonly gate: AccountGate;
  readonly troubles: TroubleLog;
  readonly settings: PollSettings;
}

/**
 * Polls one instance until the signal aborts: its users, once they are known who of them is online
 * and their traffic, and after each online pass their sessions. Resolves when the last pass has ended.
 */
export async function pollInstance(
  record: InstanceRecord,
  context: PollContext,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const { clock, gate, troubles, settings } = context;
  const { pageSize } = settings;
  const sessions = new SessionsFollower(record, context, log, signal);
  /** Begun when the users are first known: the stages that ask about each of them. */
  let dependent: readonly Promise<void>[] | undefined;
  const beginDependent = (): void => {
    dependent ??= [
      pollOnline(record, context, log, sessions, signal),
      pollTraffic(record, context, log, signal),
    ];
  };
  if (record.snapshot.users) beginDependent();
  const doubts = new Doubts(log);
  await runStage(
    {
      stage: 'users',
      record: record.stages.users,
      run: async (pass) => {
        doubts.tell(await usersPass(record, { ...context, pageSize }, pass));
        compareUserCount(record, (doubt) => log.warn(doubt));
        beginDependent();
      },
      log,
    },
    { clock, gate, troubles, interval: settings.usersInterval, setting: 'users_interval' },
    signal,
  );
  await Promise.all(dependent ?? []);
  await sessions.idle;
}

/** Logs when lists begin not to add up, and when they do again; not with each list. */
class Doubts {
  readonly #log: Log;
  #doubted = false;

  constructor(log: Log) {
    this.#log = log.child({ stage: 'users' });
  }

  tell(doubt: string | undefined): void {
    if (doubt !== undefined && !this.#doubted) {
      this.#log.warn(
        `the list of users does not add up even after it was read again; the newest read is taken: ${doubt}`,
      );
    }
    if (doubt === undefined && this.#doubted) this.#log.info('the list of users adds up again');
    this.#doubted = doubt !== undefined;
  }
}

/** Logs when users whom the statistics leave out stop counting as offline, and when they do so again. */
class TrustLog {
  readonly #evidence: InstanceRecord['evidence'];
  readonly #log: Log;
  #ended = false;

  constructor({ evidence }: InstanceRecord, log: Log) {
    this.#evidence = evidence;
    this.#log = log.child({ stage: 'online' });
  }

  /** Runs a pass, and logs what it changed. */
  async around<Found>(pass: () => Promise<Found>): Promise<Found> {
    const before = this.#evidence.leftOutIsOffline;
    try {
      return await pass();
    } finally {
      this.#tell(before, this.#evidence.leftOutIsOffline);
    }
  }

  #tell(before: boolean, after: boolean): void {
    if (before && !after) {
      this.#ended = true;
      this.#log.warn(
        'the user statistics leave out a user who is online; users whom they leave out are asked one by one until all of them are offline',
      );
    } else if (after && this.#ended) {
      this.#ended = false;
      this.#log.info('users whom the user statistics leave out count as offline again');
    }
  }
}

/** Whether the API says that the instance has expired or is not activated. The users stage goes on asking. */
function isInactive({ stages }: InstanceRecord): boolean {
  return stages.users.lastError?.kind === 'inactive';
}

function pollOnline(
  record: InstanceRecord,
  context: PollContext,
  log: Log,
  sessions: SessionsFollower,
  signal: AbortSignal,
): Promise<void> {
  const { clock, gate, troubles, settings } = context;
  const options = {
    ...context,
    strategy: settings.strategy,
    parallel: WAITING_PER_SLOT * settings.concurrency,
  };
  const trust = new TrustLog(record, log);
  return runStage(
    {
      stage: 'online',
      record: record.stages.online,
      run: async (pass) => {
        // One call at a time: if the instance is still inactive, the first call ends the pass.
        const wasInactive = record.stages.online.lastError?.kind === 'inactive';
        const asking = wasInactive ? { ...options, parallel: 1 } : options;
        const found = await trust.around(() => onlinePass(record, asking, pass));
        sessions.follow(found);
        if (found.failure) throw found.failure;
      },
      isSuspended: () => isInactive(record),
      log,
    },
    {
      clock,
      gate,
      troubles,
      interval: settings.onlineInterval,
      setting: 'online_interval',
      // Instances that begin together are asked about together.
      inStepWith: context.beginning,
    },
    signal,
  );
}

async function pollTraffic(
  record: InstanceRecord,
  context: PollContext,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const { clock, client, gate, troubles, settings } = context;
  const { traffic } = record.stages;
  if (!traffic) return;
  const options = { client, parallel: WAITING_PER_SLOT * settings.concurrency };
  await runStage(
    {
      stage: 'traffic',
      record: traffic,
      run: (pass) => trafficPass(record, options, pass),
      isSuspended: () => isInactive(record),
      log,
    },
    { clock, gate, troubles, interval: traffic.interval, setting: 'traffic.interval' },
    signal,
  );
}

/**
 * Runs a sessions pass after each online pass, never two at once: the online passes go on meanwhile,
 * so that a login shows although many sessions are still to be read.
 */
class SessionsFollower {
  readonly #record: InstanceRecord;
  readonly #context: PollContext;
  readonly #log: Log;
  readonly #signal: AbortSignal;
  readonly #stage: SessionsStage;
  #next: OnlineFound | undefined;
  /** Resolves when no pass is under way. */
  idle: Promise<void> = Promise.resolve();
  #running = false;

  constructor(record: InstanceRecord, context: PollContext, log: Log, signal: AbortSignal) {
    this.#record = record;
    this.#context = context;
    this.#log = log;
    this.#signal = signal;
    const { client, clock, settings } = context;
    this.#stage = new SessionsStage(record, {
      client,
      clock,
      interval: settings.sessionsInterval,
      parallel: WAITING_PER_SLOT * settings.concurrency,
    });
  }

  follow(found: OnlineFound): void {
    this.#next = found;
    if (!this.#running) this.idle = this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      for (let found = this.#take(); found; found = this.#take()) {
        const newest = found;
        await runPass(
          {
            stage: 'sessions',
            record: this.#record.stages.sessions,
            run: (pass) => this.#stage.pass(newest, pass),
            isSuspended: () => isInactive(this.#record),
            log: this.#log,
          },
          this.#context,
          this.#signal,
        );
      }
    } catch (error) {
      if (!this.#signal.aborted) throw error;
    } finally {
      this.#running = false;
    }
  }

  #take(): OnlineFound | undefined {
    const found = this.#next;
    this.#next = undefined;
    return found;
  }
}
