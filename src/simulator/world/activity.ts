import { type Due, PriorityQueue } from './priority-queue.ts';
import type { Random } from './random.ts';
import type { Rhythm } from './rhythm.ts';
import type { Session, User } from './spec.ts';

/** What an activity needs of the users it moves. */
export interface Population {
  countEnabled(): number;
  /** An enabled user who is offline, drawn by `random`; undefined: none found. */
  drawOffline(random: Random): User | undefined;
  /** A user who is online; undefined: there is none. */
  drawOnline(random: Random): User | undefined;
  /** Undefined: no address was free. */
  connect(user: User, at: number): Session | undefined;
  disconnect(user: User, session: Session): void;
  /** Ends all sessions of a user. */
  leave(user: User): void;
  /** A new account is made, if the instance may have one more. */
  join(): void;
}

/** How lively the users of an instance are. */
export interface ActivitySettings {
  readonly rhythm: Rhythm;
  readonly multiDeviceRatio: number;
  readonly meanSessionMs: number;
  /** How long after one new account comes the next; undefined: none come. */
  readonly joinEveryMs: number | undefined;
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

interface Join extends Due {
  readonly kind: 'join';
}

/** What is next by the rhythm: somebody comes or goes, or nobody until it must be looked at again. */
interface Turn extends Due {
  readonly kind: 'login' | 'departure' | 'none';
}

/** A second device follows the first within this share of a mean session. */
const SECOND_DEVICE_WITHIN = 0.25;
/** How much longer a visit lasts, in mean sessions, when there is a second device. */
const SECOND_DEVICE_PROLONGS = 0.5;

/**
 * The coming and going of one instance's users: logins arrive at random at the rate that keeps the
 * share online which the rhythm wants, logouts wait in a queue; where the share falls faster than
 * sessions end by themselves, users are sent home at random. Nothing runs between questions:
 * `advance` replays what has become due, strictly by its time, so that when and how often somebody
 * asks changes nothing, and users who do nothing cost nothing.
 */
export class Activity {
  readonly #population: Population;
  readonly #settings: ActivitySettings;
  readonly #random: Random;
  readonly #events = new PriorityQueue<Logout | SecondDevice | Join>();
  #turn: Turn;

  constructor(population: Population, settings: ActivitySettings, random: Random, start: number) {
    this.#population = population;
    this.#settings = settings;
    this.#random = random;
    this.#turn = this.#nextTurn(start);
    this.#awaitJoin(start);
  }

  /** Lets a session that is already there end some time after `at`. */
  letEnd(user: User, session: Session, at: number): void {
    this.#events.push({ kind: 'logout', at: at + this.#duration(), user, session });
  }

  /** Tells that users were added or enabled at `at`: logins may begin in an instance that had none. */
  populationGrew(at: number): void {
    if (this.#turn.at === Number.POSITIVE_INFINITY) this.#turn = this.#nextTurn(at);
  }

  /** Plays everything that is due up to and including `to`, in milliseconds since the epoch. */
  advance(to: number): void {
    for (;;) {
      const event = this.#events.peek();
      const turn = this.#turn;
      if (event !== undefined && event.at <= turn.at) {
        if (event.at > to) return;
        this.#events.pop();
        this.#play(event);
      } else {
        if (turn.at > to) return;
        if (turn.kind === 'login') this.#login(turn.at);
        if (turn.kind === 'departure') this.#depart();
        this.#turn = this.#nextTurn(turn.at);
      }
    }
  }

  #play(event: Logout | SecondDevice | Join): void {
    if (event.kind === 'join') {
      this.#population.join();
      this.populationGrew(event.at);
      this.#awaitJoin(event.at);
      return;
    }
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

  #depart(): void {
    const user = this.#population.drawOnline(this.#random);
    if (user !== undefined) this.#population.leave(user);
  }

  #connect(user: User, at: number): void {
    const session = this.#population.connect(user, at);
    if (session !== undefined) this.letEnd(user, session, at);
  }

  #duration(): number {
    return this.#random.exponential(this.#settings.meanSessionMs);
  }

  #awaitJoin(from: number): void {
    const { joinEveryMs } = this.#settings;
    if (joinEveryMs !== undefined) this.#events.push({ kind: 'join', at: from + joinEveryMs });
  }

  /**
   * With `n` wanted online, `n / visit` go by themselves each millisecond: as many, and those by
   * whom `n` grows, must come. Where that is negative, so many more must go.
   */
  #nextTurn(from: number): Turn {
    const { rhythm, multiDeviceRatio, meanSessionMs } = this.#settings;
    const { share, slope, until } = rhythm(from);
    const visit = meanSessionMs * (1 + SECOND_DEVICE_PROLONGS * multiDeviceRatio);
    const comers = this.#population.countEnabled() * (share / visit + slope);
    if (comers === 0) return { kind: 'none', at: until };
    const at = from + this.#random.exponential(1 / Math.abs(comers));
    if (at > until) return { kind: 'none', at: until };
    return { kind: comers > 0 ? 'login' : 'departure', at };
  }
}
