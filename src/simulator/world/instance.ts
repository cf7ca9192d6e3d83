import { DAY, HOUR } from '../../clock.ts';
import { Activity, type ActivitySettings, type Population } from './activity.ts';
import { detailsOf, type InstanceContext } from './instance-details.ts';
import { createNames } from './names.ts';
import { createRandom, marker, type Random, sample } from './random.ts';
import { dailyRhythm, steadyRhythm } from './rhythm.ts';
import type {
  InstanceDetails,
  InstanceSpec,
  Session,
  User,
  UserChange,
  UserSpec,
  UserState,
} from './spec.ts';
import type { WorldTime } from './time.ts';
import { mailOf, UserStore } from './user-store.ts';

/**
 * Bandwidths of made-up users in Kbit/s. A value is drawn more often when it stands here more often. 2000 is
 * the API's default.
 */
const BANDWIDTHS = [2000, 2000, 2000, 2000, 1000, 5000, 10_000, 20_000] as const;
const ACCELERATED_BANDWIDTHS = [0, 0, 0, 1000, 2000] as const;

/**
 * One instance: its details, its users and what they do by themselves. Every method first plays the events
 * that have become due since the last call.
 */
export class Instance {
  readonly id: string;
  readonly regionId: string;
  readonly #time: WorldTime;
  readonly #store: UserStore;
  readonly #random: Random;
  readonly #nextName: () => string;
  /** Draws for users who are made after the beginning, so that they do not change the other draws. */
  readonly #growing: Random;
  readonly #hasMailName: () => boolean;
  readonly #activity: Activity | undefined;
  #details: InstanceDetails;

  constructor(spec: InstanceSpec, context: InstanceContext) {
    this.id = spec.id;
    this.regionId = spec.regionId;
    this.#time = context.time;
    this.#random = createRandom(context.seed, `instance ${spec.id}`);
    this.#details = detailsOf(spec, context, this.#random);
    this.#store = new UserStore(spec.id, this.#details.cidrBlock);
    const settings = activitySettings(spec);
    this.#growing = createRandom(context.seed, `growth ${spec.id}`);
    this.#nextName = createNames(this.#random);
    const mailNames = createRandom(context.seed, `mail names ${spec.id}`);
    const ratio = spec.mailNameRatio ?? context.mailNames;
    this.#hasMailName = () => mailNames.chance(ratio);
    this.#populate(spec, settings);
    if ((spec.activity ?? context.activity) === 'living') {
      this.#activity = this.#startActivity(spec, settings, context);
    }
  }

  get details(): InstanceDetails {
    return this.#details;
  }

  /** The users in the order of their creation. The list changes with the instance, so do not keep it. */
  get users(): readonly User[] {
    this.#catchUp();
    return this.#store.all;
  }

  get userCount(): number {
    return this.#store.all.length;
  }

  get sessionCount(): number {
    this.#catchUp();
    return this.#store.sessionCount;
  }

  user(name: string): User | undefined {
    this.#catchUp();
    return this.#store.find(name);
  }

  /** Users with at least one client connected, in the order of their creation. */
  onlineUsers(): readonly User[] {
    this.#catchUp();
    return this.#store.online();
  }

  /** Whether a new user may have this fixed address. It must be in a network of the instance and not taken. */
  isFreeAddress(text: string): boolean {
    this.#catchUp();
    return this.#store.isFreeAddress(text);
  }

  change(details: Partial<Omit<InstanceDetails, 'id' | 'regionId' | 'cidrBlock'>>): void {
    // Events that have become due happen under the old limit.
    this.#catchUp();
    this.#details = { ...this.#details, ...details };
  }

  /** @throws Error when a user has that name already */
  addUser(spec: UserSpec): User {
    this.#catchUp();
    const user = this.#store.add(spec);
    this.#activity?.populationGrew(this.#time.now());
    return user;
  }

  addMadeUpUser(): User {
    this.#catchUp();
    return this.addUser(this.#madeUp(this.#growing));
  }

  /** @throws Error when there is no such user */
  removeUser(name: string): void {
    this.#catchUp();
    this.#store.remove(name);
  }

  /** @throws Error when there is no such user */
  changeUser(name: string, change: UserChange): User {
    this.#catchUp();
    return this.#store.change(name, change);
  }

  /** Disabling a user also ends its sessions. @throws Error when there is no such user */
  setUserState(name: string, state: UserState): void {
    this.#catchUp();
    const enabled = this.#store.enabledCount;
    this.#store.setState(name, state);
    if (this.#store.enabledCount > enabled) this.#activity?.populationGrew(this.#time.now());
  }

  /**
   * Connects a client. It stays connected until it is disconnected, even in a living world.
   *
   * @throws Error when there is no such user, or no address is left
   */
  connect(name: string, client: Partial<Session> = {}): Session {
    this.#catchUp();
    const { onlineTime = this.#secondsAt(this.#time.now()), clientIp } = client;
    const session = this.#store.connect(name, onlineTime, clientIp);
    if (session === undefined) throw new Error(`No address is left in instance ${this.id}`);
    return session;
  }

  /** Ends the sessions of one address. @throws Error when there is no such user */
  disconnect(name: string, clientIp: string): void {
    this.#catchUp();
    this.#store.disconnect(name, (session) => session.clientIp === clientIp);
  }

  /** Ends all sessions of a user. @throws Error when there is no such user */
  kick(name: string): void {
    this.#catchUp();
    this.#store.disconnect(name);
  }

  #catchUp(): void {
    this.#activity?.advance(this.#time.now());
  }

  /** Converts a moment of the world to the clock's time, in whole seconds since the epoch. */
  #secondsAt(at: number): number {
    return Math.floor(this.#time.wall(at) / 1000);
  }

  #populate(
    spec: InstanceSpec,
    { rhythm, multiDeviceRatio, meanSessionMs }: ActivitySettings,
  ): void {
    const { users = 0 } = spec;
    const now = this.#time.now();
    if (typeof users === 'number') this.#makeUp(users, spec);
    else for (const user of users) this.#store.add(user);

    const offline = this.#store.all.filter(
      ({ state, sessions }) => state === 0 && sessions.length === 0,
    );
    const online = sample(offline, Math.round(offline.length * rhythm(now).share), this.#random);
    const twice = sample(online, Math.round(online.length * multiDeviceRatio), this.#random);
    for (const { name } of [...online, ...twice]) {
      this.#store.connect(name, this.#secondsAt(now - this.#random.exponential(meanSessionMs)));
    }
  }

  /** Makes exactly as many users of each kind as the ratios say; which users they are is drawn. */
  #makeUp(count: number, spec: InstanceSpec): void {
    const random = this.#random;
    const isDisabled = marker(count, Math.round(count * (spec.disabledRatio ?? 0.02)), random);
    const isStatic = marker(count, Math.round(count * (spec.staticIpRatio ?? 0.03)), random);
    const { userNames = [] } = spec;
    for (let index = 0; index < count; index++) {
      const staticIp = isStatic() ? this.#store.leaseAddress() : undefined;
      this.#store.add({
        ...this.#madeUp(random, userNames[index]),
        state: isDisabled() ? 1 : 0,
        ...(staticIp !== undefined && { staticIp }),
      });
    }
  }

  #madeUp(random: Random, name = this.#freeName()): UserSpec {
    const bandwidth = random.pick(BANDWIDTHS);
    return { name, bandwidth, acceleratedBandwidth: random.pick(ACCELERATED_BANDWIDTHS) };
  }

  #freeName(): string {
    for (;;) {
      const next = this.#nextName();
      const name = this.#hasMailName() ? mailOf(next) : next;
      if (!this.#store.has(name)) return name;
    }
  }

  #startActivity(
    spec: InstanceSpec,
    settings: ActivitySettings,
    context: InstanceContext,
  ): Activity {
    const store = this.#store;
    // An event may be due for a user who has been removed in the meantime. Another user may have the name
    // now.
    const isCurrent = (user: User): boolean => store.find(user.name) === user;
    const population: Population = {
      countEnabled: () => store.enabledCount,
      drawOffline: (random) => store.drawOffline(random),
      drawOnline: (random) => store.drawOnline(random),
      connect: (user, at) =>
        isCurrent(user) ? store.connect(user.name, this.#secondsAt(at)) : undefined,
      disconnect(user, session) {
        if (isCurrent(user)) store.disconnect(user.name, (other) => other === session);
      },
      leave(user) {
        if (isCurrent(user)) store.disconnect(user.name);
      },
      join: () => {
        const { until = Number.POSITIVE_INFINITY } = spec.growth ?? {};
        const most = Math.min(until, this.#details.usersLimit);
        if (store.all.length < most) store.add(this.#madeUp(this.#growing));
      },
    };
    const now = this.#time.now();
    const random = createRandom(context.seed, `activity ${spec.id}`);
    const activity = new Activity(population, settings, random, now);
    for (const user of store.onlineUnsorted()) {
      for (const session of user.sessions) activity.letEnd(user, session, now);
    }
    return activity;
  }
}

function activitySettings(spec: InstanceSpec): ActivitySettings {
  const { rhythm, growth, users, multiDeviceRatio = 0.05, meanSessionMs = 2 * HOUR } = spec;
  const onlineRatio = spec.onlineRatio ?? (typeof users === 'number' ? 0.1 : 0);
  return {
    rhythm: rhythm === undefined ? steadyRhythm(onlineRatio) : dailyRhythm(rhythm),
    multiDeviceRatio,
    meanSessionMs,
    joinEveryMs: growth === undefined ? undefined : DAY / growth.perDay,
  };
}
