import type { ScrapedFleet, ScrapedInstance } from './scraped-fleet.ts';
import type { Told } from './told.ts';
import {
  goneAt,
  type InstanceHistory,
  statesBetween,
  type UserHistory,
  type UserState,
  type WorldHistory,
} from './world-history.ts';

type Stage = 'users' | 'online' | 'sessions';

/** What the model must know of how is polled; all in seconds. */
export interface ModelOptions {
  readonly history: WorldHistory;
  readonly staleAfter: number;
  readonly intervals: Readonly<Record<Stage, number>>;
  /** How old sessions may be that a pass takes as they were read before, the reading included. */
  readonly sessionsKept: number;
  readonly longestDiscovery: number;
  /** By how much the world's moments are known less exactly than to the second. */
  readonly slack: number;
  /** What the API told when; without it nothing is checked against it. */
  readonly told?: Told;
}

/** A successful pass. */
interface Pass {
  readonly from: number;
  readonly to: number;
}

/** Series that a stage owns. */
const OWNED: Readonly<Record<Stage, readonly string[]>> = {
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

/** A list is read so often before the newest read is taken although it changed. */
const READS = 4;

/** A moment computed from a success and a duration is off by less than this. */
const ROUNDING = 0.001;

/** Compares each scrape with everything the world was: whatever is shown was so when it was asked. */
export class ReferenceModel {
  readonly #options: ModelOptions;
  readonly #passes = new Map<string, Pass[]>();
  /** Users whose figures were compared; to see that the checks are no empty ones. */
  compared = 0;
  /** Figures that were found stale and absent. */
  staleStages = 0;
  /** Lists whose completeness could not be judged, as they changed both ways while they were read. */
  unjudged = 0;

  constructor(options: ModelOptions) {
    this.#options = options;
  }

  /** What is not as the world was, in words. */
  faults(fleet: ScrapedFleet): readonly string[] {
    const faults: string[] = [...this.#ofInstances(fleet)];
    for (const instance of fleet.instances.values()) {
      const history = this.#options.history.instances.get(instance.id);
      if (!history) continue;
      const moved = new Map(
        (['users', 'online', 'sessions'] as const).map((stage) => [
          stage,
          this.#follow(stage, instance),
        ]),
      );
      faults.push(
        ...this.#ofStaleness(instance, fleet.at),
        ...this.#ofUsers(instance, history, moved.get('users') === true),
        ...this.#ofOnline(instance, history, fleet.at, moved.get('online') === true),
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
      // A discovery that began after this moment saw what was so then.
      const discovered = (discoveries.get(regionId) ?? 0) - longestDiscovery - slack;
      const shown = instances.get(id);
      if (shown && discovered > end) yield `${id}: is gone since ${end}`;
      if (shown || end !== Infinity) continue;
      if (discovered > bornAt) yield `${id}: exists since ${bornAt} and is not shown`;
    }
  }

  /** Remembers a pass that succeeded since the scrape before; whether there was one. */
  #follow(stage: Stage, instance: ScrapedInstance): boolean {
    const to = instance.lastSuccess(stage);
    if (to === undefined) return false;
    const key = `${instance.id} ${stage}`;
    const passes = this.#passes.get(key) ?? [];
    this.#passes.set(key, passes);
    if (passes.at(-1)?.to === to) return false;
    passes.push({ from: to - instance.duration(stage) - ROUNDING, to });
    // The newest few are all that is looked back at.
    if (passes.length > 50) passes.shift();
    return true;
  }

  #newest(stage: Stage, instance: ScrapedInstance): Pass | undefined {
    return this.#passes.get(`${instance.id} ${stage}`)?.at(-1);
  }

  /** The newest pass of a stage that had ended then. */
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
      const shown = OWNED[stage].filter((name) => instance.has(name));
      if (overdue > slack + ROUNDING) {
        this.staleStages++;
        if (shown.length > 0) yield `${instance.id}: ${shown[0]} is shown though stale`;
      } else if (overdue < -slack - ROUNDING) {
        if (stage === 'users' && shown.length === 0) yield `${instance.id}: users too early stale`;
        const isUp = instance.figure('sag_app_instance_up') === 1;
        const aggregates = instance.has('sag_app_online_clients');
        if (stage === 'online' && isUp && !aggregates)
          yield `${instance.id}: up without aggregates`;
      }
    }
  }

  *#ofUsers(instance: ScrapedInstance, history: InstanceHistory, moved: boolean): Iterable<string> {
    const { id } = instance;
    const pass = this.#newest('users', instance);
    if (!pass) {
      if (OWNED.users.some((name) => instance.has(name)))
        yield `${id}: users before the first pass`;
      return;
    }
    if (moved && this.#options.told?.list(id, pass.from, pass.to) === false) {
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
      if (moved) this.unjudged++;
      return;
    }
    for (const [name, user] of history.users) {
      if (wasListed(user, from, to) && !enabled.has(name)) yield `${id}: user ${name} is missing`;
    }
  }

  /** Changes both ways leave TotalCount as it was; many leave no read undisturbed (metrics.md, rule 3). */
  #mayBeIncomplete({ listChanges }: InstanceHistory, from: number, to: number): boolean {
    const changes = listChanges.filter(({ at }) => at >= from && at <= to);
    return new Set(changes.map(({ kind }) => kind)).size > 1 || changes.length >= READS;
  }

  *#ofOnline(
    instance: ScrapedInstance,
    history: InstanceHistory,
    at: number,
    moved: boolean,
  ): Iterable<string> {
    const { id } = instance;
    const { told, slack } = this.#options;
    const pass = this.#newest('online', instance);
    const from = (pass?.from ?? history.bornAt) - slack;
    const counts = instance.byUser('sag_app_user_online_clients');
    // Whom the pass asked about: those whom a users pass before it, or a later one, saw.
    const listing = pass && this.#endedBy(pass.from, 'users', instance);
    for (const [name, count] of counts) {
      this.compared++;
      const user = history.users.get(name);
      const states = statesBetween(user, from, at + slack);
      if (!states.some(({ sessions }) => sessions.length === count)) {
        yield `${id}: ${name} has ${count} clients, the world ${countsOf(states)}`;
      }
      if (listing && goneAt(user) < listing.from - slack) yield `${id}: ${name} online is a ghost`;
      if (told?.count(id, name, 0, at) === false && goneAt(user) > at)
        yield `${id}: clients of ${name} are invented`;
    }
    if (!pass) {
      if (!told && counts.size > 0) return;
      if (instance.has('sag_app_online_clients') && counts.size === 0) yield `${id}: invented sum`;
      return;
    }
    if (!instance.has('sag_app_user_online_clients')) return;
    if (moved && told && instance.figure('sag_app_instance_up') === 1) {
      for (const name of counts.keys()) {
        if (told.count(id, name, pass.from, pass.to)) continue;
        // Who was gone by then may have been answered with an error that says so.
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
    const { told, slack, sessionsKept } = this.#options;
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
      if (told && !told.sessions(id, name, 0, at)) yield `${id}: session of ${name} is invented`;
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

/** No more may be counted than there was. */
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
