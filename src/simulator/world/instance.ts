import { DAY, HOUR } from '../../clock.ts';
import { Activity, type ActivitySettings, type Population } from './activity.ts';
import { AddressPool, formatIpv4, parseIpv4 } from './addresses.ts';
import { detailsOf, type InstanceContext } from './instance-details.ts';
import { createNames } from './names.ts';
import { PickSet } from './pick-set.ts';
import { createRandom, type Random } from './random.ts';
import { dailyRhythm, steadyRhythm } from './rhythm.ts';
import { marker, sample } from './sampling.ts';
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

interface UserRecord extends User {
  /** Rank by creation; never reused. */
  readonly order: number;
  mail: string;
  bandwidth: number;
  state: UserState;
  sessions: readonly Session[];
  lastOnlineTime: number | undefined;
}

/** Shared by everybody who is offline: 100,000 users need not 100,000 empty lists. */
const OFFLINE: readonly Session[] = Object.freeze([]);

/** What most accounts have, in Kbit/s; 2000 is the API's default. */
const BANDWIDTHS = [2000, 2000, 2000, 2000, 1000, 5000, 10_000, 20_000] as const;
const ACCELERATED_BANDWIDTHS = [0, 0, 0, 1000, 2000] as const;
/** Draws before a login finds nobody offline; only reached where nearly everybody is online. */
const TRIES_TO_FIND_OFFLINE = 16;

/**
 * One instance, its users and their sessions. Every question first plays what happened since the
 * last one; users come in the order of their creation.
 */
export class Instance {
  readonly id: string;
  readonly regionId: string;
  readonly #time: WorldTime;
  readonly #users: UserRecord[] = [];
  readonly #byName = new Map<string, UserRecord>();
  readonly #online = new PickSet<UserRecord>();
  readonly #addresses: AddressPool;
  readonly #random: Random;
  readonly #nextName: () => string;
  /** Of users made after the beginning, so that they change nothing else. */
  readonly #growing: Random;
  readonly #hasMailName: () => boolean;
  readonly #activity: Activity | undefined;
  #details: InstanceDetails;
  #order = 0;
  #enabled = 0;
  #sessions = 0;

  constructor(spec: InstanceSpec, context: InstanceContext) {
    this.id = spec.id;
    this.regionId = spec.regionId;
    this.#time = context.time;
    this.#random = createRandom(context.seed, `instance ${spec.id}`);
    this.#details = detailsOf(spec, context, this.#random);
    this.#addresses = new AddressPool(this.#details.cidrBlock);
    const settings = activitySettings(spec);
    this.#growing = createRandom(context.seed, `growth ${spec.id}`);
    this.#nextName = createNames(this.#random);
    const mailNames = createRandom(context.seed, `mail names ${spec.id}`);
    const ratio = spec.mailNameRatio ?? context.mailNames;
    this.#hasMailName = () => mailNames.chance(ratio);
    this.#populate(spec, settings);
    this.#activity = this.#enliven(spec, settings, context);
  }

  get details(): InstanceDetails {
    return this.#details;
  }

  /** All users, in the order of their creation; the list itself, so do not keep it. */
  get users(): readonly User[] {
    this.#catchUp();
    return this.#users;
  }

  get userCount(): number {
    return this.#users.length;
  }

  /** How many clients are connected. */
  get sessionCount(): number {
    this.#catchUp();
    return this.#sessions;
  }

  user(name: string): User | undefined {
    this.#catchUp();
    return this.#byName.get(name);
  }

  /** Users with at least one client connected, in the order of their creation. */
  onlineUsers(): readonly User[] {
    this.#catchUp();
    return [...this.#online.values()].sort((a, b) => a.order - b.order);
  }

  /** Whether a new user may have this fixed address: in a network of the instance and not taken. */
  isFreeAddress(text: string): boolean {
    this.#catchUp();
    const address = parseIpv4(text);
    return (
      address !== undefined &&
      this.#addresses.contains(address) &&
      !this.#addresses.isTaken(address)
    );
  }

  change(details: Partial<Omit<InstanceDetails, 'id' | 'regionId' | 'cidrBlock'>>): void {
    // What happened before happened under the old limit.
    this.#catchUp();
    this.#details = { ...this.#details, ...details };
  }

  /** @throws Error when there is a user of that name already */
  addUser(spec: UserSpec): User {
    this.#catchUp();
    const user = this.#add(spec);
    this.#activity?.populationGrew(this.#time.now());
    return user;
  }

  addMadeUpUser(): User {
    this.#catchUp();
    return this.addUser(this.#madeUp(this.#growing));
  }

  /** @throws Error when there is no such user */
  removeUser(name: string): void {
    const user = this.#expect(name);
    this.#setOffline(user);
    if (user.staticIp !== undefined) this.#release(user.staticIp);
    if (user.state === 0) this.#enabled--;
    this.#byName.delete(name);
    this.#users.splice(this.#indexOf(user), 1);
  }

  /** @throws Error when there is no such user */
  changeUser(name: string, change: UserChange): User {
    return Object.assign(this.#expect(name), change);
  }

  /** Disabling a user also ends its sessions. @throws Error when there is no such user */
  setUserState(name: string, state: UserState): void {
    const user = this.#expect(name);
    if (user.state === state) return;
    user.state = state;
    this.#enabled += state === 0 ? 1 : -1;
    if (state === 1) this.#setOffline(user);
    else this.#activity?.populationGrew(this.#time.now());
  }

  /**
   * Connects a client; it stays until it is disconnected, also in a living world.
   *
   * @throws Error when there is no such user, or no address is left to assign
   */
  connect(name: string, client: Partial<Session> = {}): Session {
    const user = this.#expect(name);
    const session = this.#open(user, this.#time.now(), client);
    if (session === undefined) throw new Error(`No address is left in instance ${this.id}`);
    return session;
  }

  /** Ends the sessions of one address. @throws Error when there is no such user */
  disconnect(name: string, clientIp: string): void {
    const user = this.#expect(name);
    for (const session of user.sessions) {
      if (session.clientIp === clientIp) this.#close(user, session);
    }
  }

  /** Ends all sessions of a user. @throws Error when there is no such user */
  kick(name: string): void {
    this.#setOffline(this.#expect(name));
  }

  #catchUp(): void {
    this.#activity?.advance(this.#time.now());
  }

  #expect(name: string): UserRecord {
    this.#catchUp();
    const user = this.#byName.get(name);
    if (user === undefined) throw new Error(`No user ${name} in instance ${this.id}`);
    return user;
  }

  /** Binary search: the list is in the order of creation. */
  #indexOf(user: UserRecord): number {
    let [low, high] = [0, this.#users.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#users[middle]?.order ?? 0) < user.order) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #add(spec: UserSpec): UserRecord {
    const { name, staticIp } = spec;
    if (this.#byName.has(name)) throw new Error(`User ${name} exists in instance ${this.id}`);
    const user: UserRecord = {
      order: this.#order++,
      name,
      mail: spec.mail ?? mailOf(name),
      bandwidth: spec.bandwidth ?? 2000,
      acceleratedBandwidth: spec.acceleratedBandwidth ?? 0,
      state: spec.state ?? 0,
      staticIp,
      sessions: OFFLINE,
      lastOnlineTime: undefined,
    };
    if (staticIp !== undefined) this.#take(staticIp);
    this.#users.push(user);
    this.#byName.set(name, user);
    if (user.state === 0) this.#enabled++;
    for (const session of spec.sessions ?? []) this.#open(user, 0, session);
    return user;
  }

  #open(user: UserRecord, at: number, client: Partial<Session>): Session | undefined {
    const clientIp = client.clientIp ?? this.#assign(user);
    if (clientIp === undefined) return undefined;
    this.#take(clientIp);
    const session = {
      clientIp,
      onlineTime: client.onlineTime ?? Math.floor(this.#time.wall(at) / 1000),
    };
    user.sessions = [...user.sessions, session].sort((a, b) => a.onlineTime - b.onlineTime);
    user.lastOnlineTime = user.sessions.at(-1)?.onlineTime;
    this.#online.add(user);
    this.#sessions++;
    return session;
  }

  /** The first client of a user with a fixed address gets that, a second device another one. */
  #assign(user: UserRecord): string | undefined {
    const { staticIp } = user;
    if (staticIp !== undefined && !user.sessions.some(({ clientIp }) => clientIp === staticIp)) {
      return staticIp;
    }
    const address = this.#addresses.lease();
    return address === undefined ? undefined : formatIpv4(address);
  }

  #close(user: UserRecord, session: Session): void {
    const left = user.sessions.filter((other) => other !== session);
    this.#sessions -= user.sessions.length - left.length;
    if (session.clientIp !== user.staticIp) this.#release(session.clientIp);
    user.sessions = left.length === 0 ? OFFLINE : left;
    if (left.length === 0) this.#online.delete(user);
  }

  #setOffline(user: UserRecord): void {
    for (const session of user.sessions) this.#close(user, session);
  }

  #take(address: string): void {
    const parsed = parseIpv4(address);
    if (parsed !== undefined) this.#addresses.take(parsed);
  }

  #release(address: string): void {
    const parsed = parseIpv4(address);
    if (parsed !== undefined) this.#addresses.release(parsed);
  }

  #populate(spec: InstanceSpec, settings: ActivitySettings): void {
    const { users = 0 } = spec;
    const now = this.#time.now();
    if (typeof users === 'number') this.#makeUp(users, spec);
    else for (const user of users) this.#add(user);

    const { rhythm, multiDeviceRatio, meanSessionMs } = settings;
    const offline = this.#users.filter((user) => user.state === 0 && user.sessions === OFFLINE);
    const comers = sample(offline, Math.round(offline.length * rhythm(now).share), this.#random);
    const twice = sample(comers, Math.round(comers.length * multiDeviceRatio), this.#random);
    for (const user of [...comers, ...twice]) {
      this.#open(user, now - this.#random.exponential(meanSessionMs), {});
    }
  }

  /** Exactly as many of each kind as the ratios say; which users they are is drawn. */
  #makeUp(count: number, spec: InstanceSpec): void {
    const random = this.#random;
    const isDisabled = marker(count, Math.round(count * (spec.disabledRatio ?? 0.02)), random);
    const isStatic = marker(count, Math.round(count * (spec.staticIpRatio ?? 0.03)), random);
    const { userNames = [] } = spec;
    for (let index = 0; index < count; index++) {
      const staticIp = isStatic() ? this.#addresses.lease() : undefined;
      this.#add({
        ...this.#madeUp(random, userNames[index]),
        state: isDisabled() ? 1 : 0,
        ...(staticIp !== undefined && { staticIp: formatIpv4(staticIp) }),
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
      if (!this.#byName.has(name)) return name;
    }
  }

  #enliven(
    spec: InstanceSpec,
    settings: ActivitySettings,
    context: InstanceContext,
  ): Activity | undefined {
    if ((spec.activity ?? context.activity) === 'still') return undefined;
    const now = this.#time.now();
    const users = this.#users;
    const population: Population = {
      countEnabled: () => this.#enabled,
      drawOffline(random) {
        for (let tries = 0; tries < TRIES_TO_FIND_OFFLINE && users.length > 0; tries++) {
          const user = random.pick(users);
          if (user.state === 0 && user.sessions.length === 0) return user;
        }
        return undefined;
      },
      drawOnline: (random) => this.#online.pick(random),
      connect: (user, at) => {
        const record = this.#byName.get(user.name);
        return record === user ? this.#open(record, at, {}) : undefined;
      },
      disconnect: (user, session) => {
        const record = this.#byName.get(user.name);
        if (record === user) this.#close(record, session);
      },
      leave: (user) => {
        const record = this.#byName.get(user.name);
        if (record === user) this.#setOffline(record);
      },
      join: () => {
        const { until = Number.POSITIVE_INFINITY } = spec.growth ?? {};
        const most = Math.min(until, this.#details.usersLimit);
        if (this.#users.length < most) this.#add(this.#madeUp(this.#growing));
      },
    };
    const random = createRandom(context.seed, `activity ${spec.id}`);
    const activity = new Activity(population, settings, random, now);
    for (const user of this.#online.values()) {
      for (const session of user.sessions) activity.letEnd(user, session, now);
    }
    return activity;
  }
}

const mailOf = (name: string): string => (name.includes('@') ? name : `${name}@example.com`);

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
