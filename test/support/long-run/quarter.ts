import { DAY, HOUR, MINUTE, SECOND } from '../../../src/clock.ts';
import { Fleet } from '../../../src/fleet/fleet.ts';
import { instanceData, restoreInstance } from '../../../src/fleet/handover.ts';
import { silentLog } from '../../../src/log.ts';
import { UserAdmission } from '../../../src/metrics/admission.ts';
import { FleetExposition } from '../../../src/metrics/exposition/exposition.ts';
import { plainUserNames } from '../../../src/metrics/user-names.ts';
import { AccountPoller } from '../../../src/poll/account-poller.ts';
import {
  createSimulator,
  createWorld,
  type Simulator,
  type World,
} from '../../../src/simulator/index.ts';
import { INSTANCE_FORMAT, instanceSlices } from '../../../src/storage/state/stored-instance.ts';
import { drained } from '../drained.ts';
import { inMemoryClient } from '../in-memory-client.ts';
import type { ManualClock } from '../manual-clock.ts';
import { DEFAULT_METRICS, DEFAULT_POLLING } from '../settings.ts';
import { readScrape, type ScrapedInstance } from './scraped-fleet.ts';

const ID = 'sag-office';
const REGION = 'cn-shanghai';
const ACCOUNT = 'test';
const SEED = 11;

/** The times of `metrics.unused_after`, in days. */
export const UNUSED_DAYS = [7, 30, 60] as const;

const SETTINGS = {
  ...DEFAULT_METRICS,
  unusedAfter: UNUSED_DAYS.map((days) => ({ text: `${days}d`, milliseconds: days * DAY })),
};

/** The habits of users. A day is a number from 0 up; the quarter begins with day 0. */
const HABITS: Readonly<Record<string, (day: number) => boolean>> = {
  daily: (day) => day % 7 < 5,
  weekly: (day) => day % 7 === 2,
  monthly: (day) => day % 30 === 1,
  seldom: (day) => day % 45 === 40,
  leaver: (day) => day < 20,
  quitter: (day) => day < 3,
  never: () => false,
};

const USERS_PER_HABIT = 4;

/** An office whose users come at a quarter past nine and leave at a quarter past five, on the days of their habit. */
export class Office {
  readonly #world: World;
  readonly simulator: Simulator;
  readonly #clock: ManualClock;
  /** Since when each user is not online, in seconds since the epoch; undefined while the user is online. */
  readonly #away = new Map<string, number | undefined>();
  endedSessions = 0;

  constructor(clock: ManualClock) {
    this.#clock = clock;
    const names = Object.keys(HABITS).flatMap((habit) =>
      Array.from({ length: USERS_PER_HABIT }, (_, at) => `${habit}-${at}`),
    );
    this.#world = createWorld({
      seed: SEED,
      clock,
      instances: [{ id: ID, regionId: REGION, users: names.map((name) => ({ name })) }],
    });
    this.simulator = createSimulator({ clock, world: this.#world, seed: SEED });
    for (const name of names) this.#away.set(name, this.#now);
  }

  get #now(): number {
    return this.#clock.now() / SECOND;
  }

  add(name: string): void {
    this.#world.addUser(ID, { name });
    this.#away.set(name, this.#now);
  }

  remove(name: string): void {
    this.#world.removeUser(ID, name);
    this.#away.delete(name);
  }

  disable(name: string): void {
    this.#world.setUserState(ID, name, 1);
  }

  come(name: string): void {
    this.#world.connect(ID, name);
    this.#away.set(name, undefined);
  }

  leave(name: string): void {
    this.endedSessions += this.#world.user(ID, name).sessions.length;
    this.#world.kick(ID, name);
    this.#away.set(name, this.#now);
  }

  /** The users who come on a day, because they have the habit and still exist. */
  comers(day: number): readonly string[] {
    return [...this.#away.keys()].filter((name) => HABITS[name.split('-')[0] ?? '']?.(day));
  }

  /** The users who are offline for at least so many days, by the world. */
  unused(days: number): readonly string[] {
    const latest = this.#now - (days * DAY) / SECOND;
    return [...this.#away]
      .filter(([, since]) => since !== undefined && since <= latest)
      .map(([name]) => name)
      .toSorted();
  }
}

/** An exporter that watches the office. It can be restarted with what it has stored. */
export class Watcher {
  readonly #office: Office;
  readonly #clock: ManualClock;
  readonly #onlineInterval: number;
  #fleet: Fleet;
  #poller: AccountPoller;
  #exposition: FleetExposition;

  constructor(office: Office, clock: ManualClock, onlineInterval: number) {
    this.#office = office;
    this.#clock = clock;
    this.#onlineInterval = onlineInterval;
    this.#fleet = new Fleet(clock);
    this.#poller = this.#start();
    this.#exposition = this.#newExposition();
  }

  #start(learned?: AccountPoller['learned']): AccountPoller {
    const poller = new AccountPoller({
      account: {
        name: ACCOUNT,
        regions: [],
        discovery: false,
        instances: [{ id: ID, region: REGION }],
        include: ['*'],
        exclude: [],
      },
      settings: {
        ...DEFAULT_POLLING,
        discoveryInterval: DAY,
        usersInterval: 2 * HOUR,
        onlineInterval: this.#onlineInterval,
        sessionsInterval: 4 * HOUR,
        strategy: 'batched',
      },
      learned,
      client: inMemoryClient({
        simulator: this.#office.simulator,
        clock: this.#clock,
        seed: SEED,
        timeout: MINUTE,
      }),
      fleet: this.#fleet,
      clock: this.#clock,
      log: silentLog(),
    });
    poller.start();
    return poller;
  }

  #newExposition(): FleetExposition {
    return new FleetExposition({
      fleet: this.#fleet,
      staleAfter: DEFAULT_POLLING.staleAfter,
      settings: SETTINGS,
      userNames: plainUserNames,
      admission: new UserAdmission(1_000_000),
    });
  }

  /** Ends this process and starts another with the text of its state. */
  async restart(): Promise<void> {
    await this.#poller.stop();
    const { learned } = this.#poller;
    const texts = Array.from(this.#fleet.instances, (record) => {
      const data = instanceData(this.#fleet, record, this.#clock);
      return [...instanceSlices(data, false)].join('');
    });
    this.#fleet = new Fleet(this.#clock);
    for (const text of texts) {
      restoreInstance(this.#fleet, INSTANCE_FORMAT.schema.parse(JSON.parse(text)), this.#clock);
    }
    this.#poller = this.#start(learned);
    this.#exposition = this.#newExposition();
  }

  stop(): Promise<void> {
    return this.#poller.stop();
  }

  scrape(): ScrapedInstance {
    const at = this.#clock.now() / SECOND;
    const text = Buffer.concat([
      ...drained(this.#exposition.refresh()).text('text', Math.floor(at)),
    ]);
    const instance = readScrape(text.toString(), at).instances.get(ID);
    if (!instance) throw new Error(`the scrape has no instance ${ID}`);
    return instance;
  }
}

/** The users whom a dashboard calls unused for so many days: as many as the exporter counts, longest away first. */
export function shownUnused(scrape: ScrapedInstance, days: number): readonly string[] | undefined {
  const count = scrape.by('unused_for', 'sag_app_users_unused').get(`${days}d`);
  if (count === undefined) return undefined;
  const since = [
    ...scrape.byUser('sag_app_user_last_online_timestamp_seconds'),
    ...scrape.byUser('sag_app_user_first_seen_timestamp_seconds'),
  ];
  return since
    .toSorted(([, a], [, b]) => a - b)
    .slice(0, count)
    .map(([name]) => name)
    .toSorted();
}
