import { type Due, PriorityQueue } from './priority-queue.ts';
import type { Random } from './random.ts';
import type { Session, User } from './world-spec.ts';

/** What an activity needs of the users it moves. */
export interface Population {
  countEnabled(): number;
  /** An enabled user who is offline, drawn by `random`; undefined: none found. */
  drawOffline(random: Random): User | undefined;
  /** Undefined: no address was free. */
  connect(user: User, at: number): Session | undefined;
  disconnect(user: User, session: Session): void;
}

/** How lively the users of an instance are. */
export interface ActivitySettings {
  readonly onlineRatio: number;
  readonly multiDeviceRatio: number;
  readonly meanSessionMs: number;
}

interface Logout extends Due {
  readonly kind: 'logout';
  readonly user: User;
  readonly session: Session;
}

interface SecondDevice extends Due {
  readonly kind: 'second-device';
  readonly user: User;
}

/** A second device follows the first within this share of a mean session. */
const SECOND_DEVICE_WITHIN = 0.25;
/** How much longer a visit lasts, in mean sessions, when there is a second device. */
const SECOND_DEVICE_PROLONGS = 0.5;

/**
 * The coming and going of one instance's users: logins arrive at random at the rate that keeps the
 * wanted share online, logouts wait in a queue. Nothing runs between questions: `advance` replays
 * what has become due, strictly by its time, so that when and how often somebody asks changes
 * nothing, and users who do nothing cost nothing.
 */
export class Activity {
  readonly #population: Population;
  readonly #settings: ActivitySettings;
  readonly #random: Random;
  readonly #events = new PriorityQueue<Logout | SecondDevice>();
  #nextLogin: number;

  constructor(population: Population, settings: ActivitySettings, random: Random, start: number) {
    this.#population = population;
    this.#settings = settings;
    this.#random = random;
    this.#nextLogin = start + this.#loginGap();
  }

  /** Lets a session that is already there end some time after `at`. */
  letEnd(user: User, session: Session, at: number): void {
    this.#events.push({ kind: 'logout', at: at + this.#duration(), user, session });
  }

  /** Tells that users were added or enabled at `at`: logins may begin in an instance that had none. */
  populationGrew(at: number): void {
    if (this.#nextLogin === Number.POSITIVE_INFINITY) this.#nextLogin = at + this.#loginGap();
  }

  /** Plays everything that is due up to and including `to`, in milliseconds since the epoch. */
  advance(to: number): void {
    for (;;) {
      const event = this.#events.peek();
      if (event !== undefined && event.at <= this.#nextLogin) {
        if (event.at > to) return;
        this.#events.pop();
        this.#play(event);
      } else {
        if (this.#nextLogin > to) return;
        this.#login(this.#nextLogin);
        this.#nextLogin += this.#loginGap();
      }
    }
  }

  #play(event: Logout | SecondDevice): void {
    const { user } = event;
    if (event.kind === 'logout') {
      // Disconnected by other means meanwhile: nothing is left to end.
      if (user.sessions.includes(event.session)) this.#population.disconnect(user, event.session);
    } else if (user.state === 0 && user.sessions.length === 1) {
      this.#connect(user, event.at);
    }
  }

  #login(at: number): void {
    const user = this.#population.drawOffline(this.#random);
    if (user === undefined) return;
    this.#connect(user, at);
    const { multiDeviceRatio, meanSessionMs } = this.#settings;
    if (this.#random.chance(multiDeviceRatio)) {
      const delay = this.#random.next() * SECOND_DEVICE_WITHIN * meanSessionMs;
      this.#events.push({ kind: 'second-device', at: at + delay, user });
    }
  }

  #connect(user: User, at: number): void {
    const session = this.#population.connect(user, at);
    if (session !== undefined) this.letEnd(user, session, at);
  }

  #duration(): number {
    return this.#random.exponential(this.#settings.meanSessionMs);
  }

  #loginGap(): number {
    const { onlineRatio, multiDeviceRatio, meanSessionMs } = this.#settings;
    const online = this.#population.countEnabled() * onlineRatio;
    if (online === 0) return Number.POSITIVE_INFINITY;
    const visit = meanSessionMs * (1 + SECOND_DEVICE_PROLONGS * multiDeviceRatio);
    return this.#random.exponential(visit / online);
  }
}
