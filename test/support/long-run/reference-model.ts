import type { AnswerTimes } from './answer-times.ts';
import type { ScrapedFleet, ScrapedInstance } from './scraped-fleet.ts';
import {
  goneAt,
  type InstanceHistory,
  statesBetween,
  type UserHistory,
  type UserState,
  type WorldHistory,
} from './world-history.ts';

type Stage = 'users' | 'online' | 'sessions';

/** The settings of polling that the model depends on. All times are in seconds. */
export interface ModelOptions {
  readonly history: WorldHistory;
  readonly staleAfter: number;
  readonly intervals: Readonly<Record<Stage, number>>;
  /** The greatest age of sessions that a pass reuses instead of reading them again, including the time to read them. */
  readonly sessionsKept: number;
  readonly longestDiscovery: number;
  /** The error of the recorded times of the world beyond one second. */
  readonly slack: number;
  /** Without the times of answers, the model does not check that each shown value was answered. */
  readonly answerTimes?: AnswerTimes;
}

/** A successful pass. */
interface Pass {
  readonly from: number;
  readonly to: number;
}

/** The metrics that show the data of each stage. */
const METRICS_OF: Readonly<Record<Stage, readonly string[]>> = {
  users: [
    'sag_app_users',
    'sag_app_bandwidth_allocated_bytes_per_second',
    'sag_app_accelerated_bandwidth_allocated_bytes_per_second',
    'sag_app_user_info',
    'sag_app_user_enabled',
    'sag_app_user_bandwidth_limit_bytes_per_second',
    'sag_app_user_accelerated_bandwidth_limit_bytes_per_second',
  ],
  online: ['sag_app_online_users', 'sag_app_online_clients', 'sag_app_user_online_clients'],
  sessions: [
    'sag_app_oldest_session_start_timestamp_seconds',
    'sag_app_user_session_start_timestamp_seconds',
    'sag_app_user_session_age_seconds',
  ],
};

/** Bytes per second in one Kbit/s. */
const KILOBIT = 125;

/** The number of times that the exporter reads a changing list before it uses the newest read anyway. */
const MOST_READS = 4;

/** The largest error of a time computed from the time and the duration of a success. */
const ROUNDING = 0.001;

/** Compares each scrape with the history of the world: each shown value must have been true when it was read. */
export class ReferenceModel {
  readonly #options: ModelOptions;
  readonly #passes = new Map<string, Pass[]>();
  /** The number of compared users, which shows that the checks compared something. */
  compared = 0;
  /** The number of values that were absent because their stage was stale. */
  staleStages = 0;
  /**
   * The number of lists that were not checked for missing users, because users were added and removed while they
   * were read.
   */
  uncheckedLists = 0;

  constructor(options: ModelOptions) {
    this.#options = options;
  }

  /** Describes each difference between the scrape and the history of the world. */
  faults(fleet: ScrapedFleet): readonly string[] {
    const faults: string[] = [...this.#ofInstances(fleet)];
    for (const instance of fleet.instances.values()) {
      const history = this.#options.history.instances.get(instance.id);
      if (!history) continue;
      const hasNewPass = new Map(
        (['users', 'online', 'sessions'] as const).map((stage) => [
          stage,
          this.#follow(stage, instance),
        ]),
      );
      faults.push(
        ...this.#ofStaleness(instance, fleet.at),
        ...this.#ofUsers(instance, history, hasNewPass.get('users') === true),
        ...this.#ofOnline(instance, history, fleet.at, hasNewPass.get('online') === true),
        ...this.#ofSessions(instance, history, fleet.at),
        ...ofCounters(instance, history),
      );
    }
    return faults;
  }

  *#ofInstances({ instances, discoveries }: ScrapedFleet): Iterable<string> {
    const { history, longestDiscovery, slack } = this.#options;
    for (const { id } of instances.values()) {
      if (!history.instances.has(id)) yield `${id}: never existed`;
    }
    for (const [id, { regionId, bornAt, goneAt: end }] of history.instances) {
      // A discovery that began after this time saw the state at this time.
      const discovered = (discoveries.get(regionId) ?? 0) - longestDiscovery - slack;
      const shown = instances.get(id);
      if (shown && discovered > end) yield `${id}: is gone since ${end}`;
      if (shown || end !== Infinity) continue;
      if (discovered > bornAt) yield `${id}: exists since ${bornAt} and is not shown`;
    }
  }

  /** Records a pass that succeeded since the previous scrape. Returns whether there was one. */
  #follow(stage: Stage, instance: ScrapedInstance): boolean {
    const to = instance.lastSuccess(stage);
    if (to === undefined) return false;
    const key = `${instance.id} ${stage}`;
    const passes = this.#passes.get(key) ?? [];
    this.#passes.set(key, passes);
    if (passes.at(-1)?.to === to) return false;
    passes.push({ from: to - instance.duration(stage) - ROUNDING, to });
    // Only the newest few are needed.
    if (passes.length > 50) passes.shift();
    return true;
  }

  #newest(stage: Stage, instance: ScrapedInstance): Pass | undefined {
    return this.#passes.get(`${instance.id} ${stage}`)?.at(-1);
  }

  /** The newest pass of a stage that had ended at that time. */
  #endedBy(moment: number, stage: Stage, instance: ScrapedInstance): Pass | undefined {
    return this.#passes.get(`${instance.id} ${stage}`)?.findLast(({ to }) => to <= moment);
  }

  *#ofStaleness(instance: ScrapedInstance, at: number): Iterable<string> {
    const { staleAfter, intervals, slack } = this.#options;
    for (const stage of ['users', 'online', 'sessions'] as const) {
      const success = instance.lastSuccess(stage);
      if (success === undefined) continue;
      // A sessions pass waits for the online pass it follows.
      const waiting = stage === 'sessions' ? instance.duration('online') : 0;
      const took = waiting + instance.duration(stage);
      const patience = Math.max(staleAfter, 2 * intervals[stage] + took);
      const overdue = at - success - patience;
      const shown = METRICS_OF[stage].filter((name) => instance.has(name));
      if (overdue > slack + ROUNDING) {
        this.staleStages++;
        if (shown.length > 0) yield `${instance.id}: ${shown[0]} is shown although it is stale`;
      } else if (overdue < -slack - ROUNDING) {
        if (stage === 'users' && shown.length === 0)
          yield `${instance.id}: the users were stale too early`;
        const isUp = instance.figure('sag_app_instance_up') === 1;
        const aggregates = instance.has('sag_app_online_clients');
        if (stage === 'online' && isUp && !aggregates)
          yield `${instance.id}: up without aggregates`;
      }
    }
  }

  *#ofUsers(
    instance: ScrapedInstance,
    history: InstanceHistory,
    hasNewPass: boolean,
  ): Iterable<string> {
    const { id } = instance;
    const pass = this.#newest('users', instance);
    if (!pass) {
      if (METRICS_OF.users.some((name) => instance.has(name)))
        yield `${id}: users before the first pass`;
      return;
    }
    if (hasNewPass && this.#options.answerTimes?.listWasRead(id, pass.from, pass.to) === false) {
      yield `${id}: a users pass succeeded without an answer`;
    }
    if (!instance.has('sag_app_users')) return;
    const { slack } = this.#options;
    const [from, to] = [pass.from - slack, pass.to + slack];
    const enabled = instance.byUser('sag_app_user_enabled');
    for (const [name, figure] of enabled) {
      this.compared++;
      const known = history.users.get(name);
      const states = statesBetween(known, from, to).filter(({ listed }) => listed);
      if (states.length === 0) yield `${id}: user ${name} is shown and was not listed`;
      else if (!states.some((state) => state.enabled === (figure === 1))) {
        yield `${id}: user ${name} was never ${figure === 1 ? 'enabled' : 'disabled'}`;
      }
    }
    yield* wrongDetails(instance, history);
    if (this.#mayBeIncomplete(history, from, to)) {
      if (hasNewPass) this.uncheckedLists++;
      return;
    }
    for (const [name, user] of history.users) {
      if (wasListed(user, from, to) && !enabled.has(name)) yield `${id}: user ${name} is missing`;
    }
  }

  /**
   * Adding and removing users can leave TotalCount as it was, and frequent changes disturb every read (metrics.md,
   * rule 3).
   */
  #mayBeIncomplete({ listChanges }: InstanceHistory, from: number, to: number): boolean {
    const changes = listChanges.filter(({ at }) => at >= from && at <= to);
    return new Set(changes.map(({ kind }) => kind)).size > 1 || changes.length >= MOST_READS;
  }

  *#ofOnline(
    instance: ScrapedInstance,
    history: InstanceHistory,
    at: number,
    hasNewPass: boolean,
  ): Iterable<string> {
    const { id } = instance;
    const { answerTimes, slack } = this.#options;
    const pass = this.#newest('online', instance);
    const from = (pass?.from ?? history.bornAt) - slack;
    const counts = instance.byUser('sag_app_user_online_clients');
    // The pass asked about the users of the users pass before it, or of a later one.
    const listing = pass && this.#endedBy(pass.from, 'users', instance);
    for (const [name, count] of counts) {
      this.compared++;
      const user = history.users.get(name);
      const states = statesBetween(user, from, at + slack);
      if (!states.some(({ sessions }) => sessions.length === count)) {
        yield `${id}: ${name} has ${count} clients, the world ${countsOf(states)}`;
      }
      if (listing && goneAt(user) < listing.from - slack) yield `${id}: ${name} online is a ghost`;
      if (answerTimes?.countWasGiven(id, name, 0, at) === false && goneAt(user) > at)
        yield `${id}: clients of ${name} are invented`;
    }
    if (!pass) {
      if (!answerTimes && counts.size > 0) return;
      if (instance.has('sag_app_online_clients') && counts.size === 0) yield `${id}: invented sum`;
      return;
    }
    if (!instance.has('sag_app_user_online_clients')) return;
    if (hasNewPass && answerTimes && instance.figure('sag_app_instance_up') === 1) {
      for (const name of counts.keys()) {
        if (answerTimes.countWasGiven(id, name, pass.from, pass.to)) continue;
        // For a user who was gone by then, the API may have answered that the user does not exist.
        if (goneAt(history.users.get(name)) > pass.to) {
          yield `${id}: an online pass succeeded without an answer about ${name}`;
        }
      }
    }
    if (!listing || this.#mayBeIncomplete(history, listing.from, listing.to)) return;
    for (const [name, user] of history.users) {
      if (wasListed(user, listing.from - slack, at + slack) && !counts.has(name)) {
        yield `${id}: the clients of ${name} are missing`;
      }
    }
  }

  *#ofSessions(instance: ScrapedInstance, history: InstanceHistory, at: number): Iterable<string> {
    const { id } = instance;
    const { answerTimes, slack, sessionsKept } = this.#options;
    const starts = instance.byUser('sag_app_user_session_start_timestamp_seconds');
    const pass = this.#newest('sessions', instance);
    const online = pass && this.#endedBy(pass.from, 'online', instance);
    const listing = online && this.#endedBy(online.from, 'users', instance);
    const from = online ? online.from - sessionsKept - slack : history.bornAt;
    for (const [name, start] of starts) {
      this.compared++;
      const user = history.users.get(name);
      const states = statesBetween(user, from, at + slack);
      if (!states.some(({ sessions }) => oldestOf(sessions) === start)) {
        yield `${id}: a session of ${name} began ${start}, in the world ${startsOf(states)}`;
      }
      if (listing && goneAt(user) < listing.from - slack) yield `${id}: session of ghost ${name}`;
      if (answerTimes && !answerTimes.sessionsWereRead(id, name, 0, at))
        yield `${id}: session of ${name} is invented`;
    }
    if (!listing || !instance.has('sag_app_user_session_start_timestamp_seconds')) return;
    if (this.#mayBeIncomplete(history, listing.from, listing.to)) return;
    for (const [name, user] of history.users) {
      if (starts.has(name) || !wasListed(user, listing.from - slack, at + slack)) continue;
      const states = statesBetween(user, from, at + slack);
      if (states.every(({ sessions }) => sessions.length > 0)) yield `${id}: no session of ${name}`;
    }
  }
}

function* wrongDetails(instance: ScrapedInstance, { users }: InstanceHistory): Iterable<string> {
  for (const { labels } of instance.samples('sag_app_user_info')) {
    const user = users.get(labels['user_name'] ?? '')?.user;
    const isStatic = String(user?.staticIp !== undefined);
    if (user && labels['static_ip'] !== isStatic) yield `static address of ${user.name}`;
  }
  for (const [metric, field] of [
    ['sag_app_user_bandwidth_limit_bytes_per_second', 'bandwidth'],
    ['sag_app_user_accelerated_bandwidth_limit_bytes_per_second', 'acceleratedBandwidth'],
  ] as const) {
    for (const [name, value] of instance.byUser(metric)) {
      const user = users.get(name)?.user;
      if (user && value !== user[field] * KILOBIT) yield `${instance.id}: ${field} of ${name}`;
    }
  }
}

/** Checks that no counter exceeds the number of events in the world. */
function* ofCounters(instance: ScrapedInstance, history: InstanceHistory): Iterable<string> {
  const started = instance.figure('sag_app_sessions_started_total') ?? 0;
  const ended = instance.figure('sag_app_sessions_ended_total') ?? 0;
  const { began, ended: over } = history;
  if (started > began) yield `${instance.id}: ${started} sessions started, truly ${began}`;
  if (ended > over) yield `${instance.id}: ${ended} sessions ended, truly ${over}`;
}

function wasListed(user: UserHistory, from: number, to: number): boolean {
  const [first] = user.states;
  if (!first || first.from > from) return false;
  return statesBetween(user, from, to).every(({ listed }) => listed);
}

function oldestOf(sessions: UserState['sessions']): number | undefined {
  if (sessions.length === 0) return undefined;
  return Math.min(...sessions.map(({ onlineTime }) => onlineTime));
}

function countsOf(states: readonly UserState[]): string {
  return states.map(({ sessions }) => sessions.length).join(', ') || 'no such user';
}

function startsOf(states: readonly UserState[]): string {
  return states.map(({ sessions }) => oldestOf(sessions) ?? 'offline').join(', ') || 'no such user';
}
