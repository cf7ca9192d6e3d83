import { type Due, PriorityQueue } from './priority-queue.ts';
import type { Random } from './random.ts';
import type { Rhythm } from './rhythm.ts';
import type { Session, User } from './spec.ts';

export interface Population {
  countEnabled(): number;
  /** Draws an enabled user who is offline; undefined when none was found. */
  drawOffline(random: Random): User | undefined;
  /** Draws a user who is online; undefined when there is none. */
  drawOnline(random: Random): User | undefined;
  /** @returns undefined when no address is free */
  connect(user: User, at: number): Session | undefined;
  disconnect(user: User, session: Session): void;
  /** Ends all sessions of a user. */
  leave(user: User): void;
  join(): void;
}

export interface ActivitySettings {
  readonly rhythm: Rhythm;
  readonly multiDeviceRatio: number;
  readonly meanSessionMs: number;
  /** Time between two new users; when undefined, no users are created. */
  readonly joinEveryMs: number | undefined;
}

type Event = Due &
  (
    | { readonly kind: 'logout'; readonly user: User; readonly session: Session }
    | { readonly kind: 'second-device'; readonly user: User }
    | { readonly kind: 'join' }
  );

/** The next event that the rhythm causes: a login, a departure, or only the time at which to draw again. */
interface Turn extends Due {
  readonly kind: 'login' | 'departure' | 'none';
}

/** A second device connects at most this share of a mean session after the first device. */
const SECOND_DEVICE_WITHIN = 0.25;
/** A second device makes a visit longer by this share of a mean session. */
const SECOND_DEVICE_PROLONGS = 0.5;

/**
 * Logins and logouts of one instance's users. Logins arrive at random, at the rate that keeps the
 * share of online users at the rhythm's value. Logouts wait in a queue. When the share has to fall
 * faster than sessions end by themselves, random users are disconnected.
 *
 * There is no timer. `advance` replays the events that have become due, in the order of their times.
 * So the result does not depend on when and how often it is called, and idle users cost nothing.
 */
export class Activity {
  readonly #population: Population;
  readonly #settings: ActivitySettings;
  readonly #random: Random;
  readonly #events = new PriorityQueue<Event>();
  #turn: Turn;

  constructor(population: Population, settings: ActivitySettings, random: Random, start: number) {
    this.#population = population;
    this.#settings = settings;
    this.#random = random;
    this.#turn = this.#nextTurn(start);
    this.#awaitJoin(start);
  }

  /** Plans the end of an existing session for a random time after `at`. */
  letEnd(user: User, session: Session, at: number): void {
    this.#events.push({ kind: 'logout', at: at + this.#duration(), user, session });
  }

  /**
   * Must be called after users were added or enabled at `at`, because an instance that had no logins may have
   * some now.
   */
  populationGrew(at: number): void {
    if (this.#turn.at === Number.POSITIVE_INFINITY) this.#turn = this.#nextTurn(at);
  }

  /** Plays all events up to and including `to`, in milliseconds since the epoch. */
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

  #play(event: Event): void {
    if (event.kind === 'join') {
      this.#population.join();
      this.populationGrew(event.at);
      this.#awaitJoin(event.at);
      return;
    }
    const { user } = event;
    if (event.kind === 'logout') {
      // The session may have been ended by other means, such as KickOutClients.
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
   * When `n` users should be online, `n / visit` of them leave by themselves each millisecond. That
   * many users must come, plus the growth of `n`. When the sum is negative, users must leave early.
   */
  #nextTurn(from: number): Turn {
    const { rhythm, multiDeviceRatio, meanSessionMs } = this.#settings;
    const { share, slope, until } = rhythm(from);
    const visit = meanSessionMs * (1 + SECOND_DEVICE_PROLONGS * multiDeviceRatio);
    const rate = this.#population.countEnabled() * (share / visit + slope);
    if (rate === 0) return { kind: 'none', at: until };
    const at = from + this.#random.exponential(1 / Math.abs(rate));
    if (at > until) return { kind: 'none', at: until };
    return { kind: rate > 0 ? 'login' : 'departure', at };
  }
}
