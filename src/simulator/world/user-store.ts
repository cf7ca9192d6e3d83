import { AddressPool, formatIpv4, parseIpv4 } from './addresses.ts';
import { PickSet } from './pick-set.ts';
import type { Random } from './random.ts';
import type { Session, User, UserChange, UserSpec, UserState } from './spec.ts';

interface UserRecord extends User {
  /** The position in the order of creation; never reused. */
  readonly order: number;
  mail: string;
  bandwidth: number;
  state: UserState;
  sessions: readonly Session[];
  lastOnlineTime: number | undefined;
}

/** All offline users share this list, which saves 100,000 empty lists. */
const OFFLINE: readonly Session[] = Object.freeze([]);

/** Number of draws before `drawOffline` gives up. It is reached only when nearly all users are online. */
const TRIES_TO_FIND_OFFLINE = 16;

/** The users of one instance, their sessions, and the addresses that users and sessions occupy. */
export class UserStore {
  readonly #users: UserRecord[] = [];
  readonly #byName = new Map<string, UserRecord>();
  readonly #online = new PickSet<UserRecord>();
  readonly #addresses: AddressPool;
  readonly #instanceId: string;
  #nextOrder = 0;
  #enabledCount = 0;
  #sessionCount = 0;

  constructor(instanceId: string, cidrBlock: string) {
    this.#instanceId = instanceId;
    this.#addresses = new AddressPool(cidrBlock);
  }

  /** The users in the order of their creation. The list changes with the store, so do not keep it. */
  get all(): readonly User[] {
    return this.#users;
  }

  get enabledCount(): number {
    return this.#enabledCount;
  }

  get sessionCount(): number {
    return this.#sessionCount;
  }

  find(name: string): User | undefined {
    return this.#byName.get(name);
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** Users with at least one client connected, in the order of their creation. */
  online(): readonly User[] {
    return [...this.#online.values()].sort((a, b) => a.order - b.order);
  }

  /** Returns the same users, in an order that follows from the changes so far. Needs no sorting. */
  onlineUnsorted(): readonly User[] {
    return this.#online.values();
  }

  drawOnline(random: Random): User | undefined {
    return this.#online.pick(random);
  }

  /** Draws an enabled user who is offline; undefined when a few draws found none. */
  drawOffline(random: Random): User | undefined {
    for (let tries = 0; tries < TRIES_TO_FIND_OFFLINE && this.#users.length > 0; tries++) {
      const user = random.pick(this.#users);
      if (user.state === 0 && user.sessions.length === 0) return user;
    }
    return undefined;
  }

  /** @throws Error when a user has that name already */
  add(spec: UserSpec): User {
    const { name, staticIp } = spec;
    if (this.has(name)) {
      throw new Error(`There is a user ${name} in instance ${this.#instanceId} already`);
    }
    const user: UserRecord = {
      order: this.#nextOrder++,
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
    if (user.state === 0) this.#enabledCount++;
    for (const { clientIp, onlineTime } of spec.sessions ?? []) {
      this.connect(name, onlineTime, clientIp);
    }
    return user;
  }

  /** @throws Error when there is no such user */
  remove(name: string): void {
    const user = this.#expect(name);
    this.disconnect(name);
    if (user.staticIp !== undefined) this.#release(user.staticIp);
    if (user.state === 0) this.#enabledCount--;
    this.#byName.delete(name);
    this.#users.splice(this.#indexOf(user), 1);
  }

  /** @throws Error when there is no such user */
  change(name: string, change: UserChange): User {
    return Object.assign(this.#expect(name), change);
  }

  /** Disabling a user also ends its sessions. @throws Error when there is no such user */
  setState(name: string, state: UserState): void {
    const user = this.#expect(name);
    if (user.state === state) return;
    user.state = state;
    this.#enabledCount += state === 0 ? 1 : -1;
    if (state === 1) this.disconnect(name);
  }

  /**
   * Opens a session.
   *
   * @param onlineTime in whole seconds since the epoch
   * @param address by default the user's fixed address, or the next free one
   * @returns undefined when no address is left
   * @throws Error when there is no such user
   */
  connect(name: string, onlineTime: number, address?: string): Session | undefined {
    const user = this.#expect(name);
    const clientIp = address ?? this.#assign(user);
    if (clientIp === undefined) return undefined;
    this.#take(clientIp);
    const session = { clientIp, onlineTime };
    user.sessions = [...user.sessions, session].sort((a, b) => a.onlineTime - b.onlineTime);
    user.lastOnlineTime = user.sessions.at(-1)?.onlineTime;
    this.#online.add(user);
    this.#sessionCount++;
    return session;
  }

  /**
   * Ends the chosen sessions of a user, by default all.
   *
   * @throws Error when there is no such user
   */
  disconnect(name: string, isMeant: (session: Session) => boolean = () => true): void {
    const user = this.#expect(name);
    const left = user.sessions.filter((session) => !isMeant(session));
    for (const { clientIp } of user.sessions.filter(isMeant)) {
      if (clientIp !== user.staticIp) this.#release(clientIp);
    }
    this.#sessionCount -= user.sessions.length - left.length;
    user.sessions = left.length === 0 ? OFFLINE : left;
    if (left.length === 0) this.#online.delete(user);
  }

  /** Whether a new user may have this fixed address. It must be in a network of the instance and not taken. */
  isFreeAddress(text: string): boolean {
    const address = parseIpv4(text);
    return (
      address !== undefined &&
      this.#addresses.contains(address) &&
      !this.#addresses.isTaken(address)
    );
  }

  leaseAddress(): string | undefined {
    const address = this.#addresses.lease();
    return address === undefined ? undefined : formatIpv4(address);
  }

  #expect(name: string): UserRecord {
    const user = this.#byName.get(name);
    if (user === undefined)
      throw new Error(`There is no user ${name} in instance ${this.#instanceId}`);
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

  /** The first client of a user with a fixed address gets that address, a second client another one. */
  #assign({ staticIp, sessions }: UserRecord): string | undefined {
    const isFree = !sessions.some(({ clientIp }) => clientIp === staticIp);
    return staticIp !== undefined && isFree ? staticIp : this.leaseAddress();
  }

  #take(address: string): void {
    const parsed = parseIpv4(address);
    if (parsed !== undefined) this.#addresses.take(parsed);
  }

  #release(address: string): void {
    const parsed = parseIpv4(address);
    if (parsed !== undefined) this.#addresses.release(parsed);
  }
}

/** The mail address of a user who was created without one. */
export function mailOf(name: string): string {
  return name.includes('@') ? name : `${name}@example.com`;
}
