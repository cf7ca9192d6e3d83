import { HOUR, MINUTE, SECOND } from '../../src/clock.ts';
import { Fleet, type InstanceRecord } from '../../src/fleet/fleet.ts';
import { onlineSnapshot, sessionsSnapshot, usersSnapshot } from '../../src/fleet/snapshots.ts';
import { UserAdmission } from '../../src/metrics/admission.ts';
import { FleetExposition } from '../../src/metrics/exposition/exposition.ts';
import type { SeriesCount } from '../../src/metrics/exposition/published.ts';
import type { MetricsSettings } from '../../src/metrics/metric.ts';
import { plainUserNames, type UserNames } from '../../src/metrics/user-names.ts';
import { ApiError, type ErrorKind } from '../../src/model/api-error.ts';
import type { Instance } from '../../src/model/instance.ts';
import type { Session } from '../../src/model/session.ts';
import type { RequiredStage } from '../../src/model/stage.ts';
import type { User } from '../../src/model/user.ts';
import { drained } from './drained.ts';
import { ManualClock } from './manual-clock.ts';
import { DEFAULT_METRICS } from './settings.ts';

/** The time of a new bench's clock: 2026-01-01T00:00:00Z, in seconds since the epoch. */
export const START = Date.UTC(2026, 0, 1) / SECOND;

export const STALE_AFTER = 15 * MINUTE;
export const DISCOVERY_INTERVAL = 10 * MINUTE;
export const INTERVALS = { users: 5 * MINUTE, online: 30 * SECOND, sessions: 30 * SECOND };

/** The options of a test for its exposition. */
export interface RenderWishes extends Partial<MetricsSettings> {
  readonly userNames?: UserNames;
  readonly admission?: UserAdmission;
}

/** A rendered exposition, text format 0.0.4. */
export interface Rendered {
  readonly text: string;
  readonly series: SeriesCount;
}

/** A fleet with its own clock, whose passes the test begins and ends. */
export class FleetBench {
  readonly clock = new ManualClock();
  readonly fleet = new Fleet(this.clock);
  /** Shared by all expositions that bring no admission of their own. */
  readonly #admission = new UserAdmission(1_000_000);

  /** An instance of account `prod` in cn-shanghai, named in the configuration unless details are given. */
  instance(
    instanceId: string,
    options: {
      readonly details?: Omit<Instance, 'id'>;
      readonly configured?: boolean;
      readonly limit?: number;
    } = {},
  ): InstanceRecord {
    const { details, configured = details === undefined, limit } = options;
    const id = { account: 'prod', regionId: 'cn-shanghai', instanceId };
    const record = this.fleet.addInstance(id, {
      configured,
      configuredLimit: limit,
      intervals: INTERVALS,
    });
    if (details) record.details = { id: instanceId, ...details };
    return record;
  }

  /** A users pass that took no time. */
  users(record: InstanceRecord, users: readonly User[]): void {
    record.stages.users.begin();
    record.snapshot = { ...record.snapshot, users: usersSnapshot(users) };
    record.presence.keepOnly(new Set(users.map(({ name }) => name)));
    record.stages.users.succeed();
  }

  /** Ends an online pass. Users who are not named were not observed. */
  online(record: InstanceRecord, clients: Readonly<Record<string, number>>): void {
    record.stages.online.begin();
    const users = record.snapshot.users?.users ?? [];
    const observed = new Map(Object.entries(clients));
    const online = onlineSnapshot(users, observed, record.snapshot.online);
    record.snapshot = { ...record.snapshot, online };
    const isComplete = users.every(({ name }) => observed.has(name));
    record.presence.counted(this.clock.now() / SECOND, observed, isComplete);
    record.stages.online.succeed();
  }

  /** Ends a sessions pass. Users who are not named were not observed. */
  sessions(record: InstanceRecord, sessions: Readonly<Record<string, readonly Session[]>>): void {
    record.stages.sessions.begin();
    const users = record.snapshot.users?.users ?? [];
    const observed = new Map(Object.entries(sessions));
    const sessionsNow = sessionsSnapshot(users, observed, record.snapshot.sessions);
    record.snapshot = { ...record.snapshot, sessions: sessionsNow };
    record.stages.sessions.succeed();
  }

  /** A pass that failed. */
  fail(record: InstanceRecord, stage: RequiredStage, kind: ErrorKind): void {
    record.stages[stage].begin();
    record.stages[stage].fail(failure(kind));
  }

  /** A discovery pass of the region the bench's instances are in. */
  discover(ends: 'well' | ErrorKind = 'well'): void {
    const { discovery } = this.fleet.region('prod', 'cn-shanghai', DISCOVERY_INTERVAL);
    discovery.begin();
    if (ends === 'well') discovery.succeed();
    else discovery.fail(failure(ends));
  }

  /** An exposition that keeps what it rendered. */
  exposition(wishes: RenderWishes = {}): FleetExposition {
    const { userNames = plainUserNames, admission = this.#admission, ...settings } = wishes;
    return new FleetExposition({
      fleet: this.fleet,
      staleAfter: STALE_AFTER,
      settings: { ...DEFAULT_METRICS, ...settings },
      userNames,
      admission,
    });
  }

  /** Renders a scrape. By default, a new exposition renders it, without kept blocks. */
  render(wishes: RenderWishes = {}, exposition = this.exposition(wishes)): Rendered {
    const published = drained(exposition.refresh());
    const second = Math.floor(this.clock.now() / SECOND);
    const text = Buffer.concat([...published.text('text', second)]).toString();
    return { text, series: published.series };
  }

  /** The text of the named families with HELP and TYPE, or of all families if none is named. */
  text(names: readonly string[] = [], wishes: RenderWishes = {}): string {
    const whole = this.render(wishes).text;
    if (names.length === 0) return whole;
    return whole
      .split(/^(?=# HELP )/m)
      .filter((family) => names.some((name) => family.startsWith(`# HELP ${name} `)))
      .join('');
  }

  /** The sample lines of a family, without HELP and TYPE. */
  lines(name: string, wishes: RenderWishes = {}): readonly string[] {
    return this.text([name], wishes)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
  }
}

/** The error of a failed call. */
export function failure(kind: ErrorKind, facts: { readonly code?: string } = {}): ApiError {
  return new ApiError({ kind, operation: 'DescribeRegions', detail: 'made up', ...facts });
}

/** An enabled user that has only a name. */
export function user(name: string, more: Partial<User> = {}): User {
  return { name, enabled: true, staticIp: false, ...more };
}

/** A time this many hours before START, in seconds since the epoch. */
export const hoursBefore = (hours: number): number => START - (hours * HOUR) / SECOND;
