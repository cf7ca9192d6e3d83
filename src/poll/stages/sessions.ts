import type { Clock } from '../../clock.ts';
import type { InstanceRecord } from '../../fleet/fleet.ts';
import { sessionDiff } from '../../fleet/session-diff.ts';
import { sessionsSnapshot } from '../../fleet/snapshots.ts';
import type { Session } from '../../model/session.ts';
import type { OnlineSnapshot } from '../../model/snapshot.ts';
import type { Client } from '../../smartag/operation.ts';
import { fanOut } from '../strategies/fan-out.ts';
import type { OnlineFound } from './online.ts';

/** What the sessions stage of an instance asks with. */
export interface SessionsOptions {
  readonly client: Client;
  readonly clock: Clock;
  /** Milliseconds after which sessions are read again though their number did not change. */
  readonly interval: number;
  /** Calls made or waiting at once. */
  readonly parallel: number;
}

/** When a user's sessions were read, and how many there were. */
interface Reading {
  readonly at: number;
  readonly clients: number;
}

const OFFLINE: readonly Session[] = [];

/** The sessions stage of one instance: remembers what was read when, so that little is asked twice. */
export class SessionsStage {
  readonly #record: InstanceRecord;
  readonly #options: SessionsOptions;
  readonly #readings = new Map<string, Reading>();
  /** Whether the newest pass left nobody's sessions unknown. */
  #isComplete = false;

  constructor(record: InstanceRecord, options: SessionsOptions) {
    this.#record = record;
    this.#options = options;
  }

  /**
   * One sessions pass after an online pass: reads the sessions of users who are online and new,
   * changed in number, or not read for the interval, and swaps in everybody's. What a fan-out has
   * found already is taken as it is.
   *
   * @throws ApiError when some user could not be asked about; the others' sessions are swapped in
   *   nevertheless, unless the pass had to be given up
   */
  async pass(found: OnlineFound, signal: AbortSignal): Promise<void> {
    const { online } = this.#record.snapshot;
    if (!online) return;
    const observed = new Map<string, readonly Session[]>();
    const unread: string[] = [];
    for (const [userName, clients] of online.clients) {
      const known = found.sessions?.get(userName) ?? this.#known(userName, clients, found.begun);
      if (known) observed.set(userName, known);
      else unread.push(userName);
    }
    // A fan-out has asked about everybody: who has no answer keeps what was known.
    const read = found.sessions ? undefined : await this.#read(unread, signal);
    for (const [userName, sessions] of read?.answers ?? []) observed.set(userName, sessions);
    for (const [userName, reading] of read?.readings ?? []) this.#readings.set(userName, reading);
    this.#forget(online, found.begun);
    this.#swapIn(online, observed);
    const failure = read ? read.failure : found.failure;
    if (failure) throw failure;
  }

  /** Sessions that need no call: nobody's, or what was read lately and is still as many. */
  #known(userName: string, clients: number, counted: number): readonly Session[] | undefined {
    const reading = this.#readings.get(userName);
    if (clients === 0) {
      // Read since they were counted: to end those sessions now would be to start them again at the next pass.
      const isNewer = reading !== undefined && reading.at >= counted;
      return (isNewer && this.#record.snapshot.sessions?.sessions.get(userName)) || OFFLINE;
    }
    if (reading?.clients !== clients) return undefined;
    if (this.#options.clock.monotonic() - reading.at >= this.#options.interval) return undefined;
    return this.#record.snapshot.sessions?.sessions.get(userName);
  }

  async #read(userNames: readonly string[], signal: AbortSignal) {
    const { client, clock, parallel } = this.#options;
    const { regionId, instanceId } = this.#record.id;
    const { sessions } = this.#record.stages;
    const readings = new Map<string, Reading>();
    const result = await fanOut(
      {
        client,
        regionId,
        instanceId,
        userNames,
        parallel,
        onProgress: (share) => sessions.advance(share),
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

  #forget(online: OnlineSnapshot, counted: number): void {
    for (const [userName, { at }] of this.#readings) {
      if (!online.clients.get(userName) && at < counted) this.#readings.delete(userName);
    }
  }

  #swapIn(online: OnlineSnapshot, observed: ReadonlyMap<string, readonly Session[]>): void {
    const { snapshot, counters } = this.#record;
    const users = Array.from(online.clients.keys(), (name) => ({ name }));
    const after = sessionsSnapshot(users, observed, snapshot.sessions);
    const { started, ended } = sessionDiff(snapshot.sessions, after, this.#isComplete);
    counters.sessionsStarted += started;
    counters.sessionsEnded += ended;
    this.#isComplete = online.totals !== undefined && after.sessions.size === users.length;
    this.#record.snapshot = {
      ...snapshot,
      sessions: this.#isComplete ? after : { sessions: after.sessions },
    };
  }
}
