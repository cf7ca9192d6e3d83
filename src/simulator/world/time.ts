import type { Clock } from '../../clock.ts';

export interface WorldTimeSpec {
  /** The world's time at its beginning, in milliseconds since the epoch. @default the clock's time */
  readonly start?: number;
  /** World milliseconds per clock millisecond. @default 1 */
  readonly speed?: number;
}

/** A linear mapping from world time to clock time. It applies from one moment of the world on. */
interface Stretch {
  /** Applies to world times after this one. */
  readonly after: number;
  /** World time and clock time of the same moment. */
  readonly world: number;
  readonly wall: number;
  readonly speed: number;
}

/**
 * The time of a world. It decides the time of the day, how long sessions last, and when planned events
 * happen. It may run faster than the clock, and jump ahead.
 *
 * The API always shows clock time. When the world runs 60 times as fast as the clock, a session that began an
 * hour ago in world time began a minute ago in clock time. Scrapers compare times with their own clock, so
 * only clock time gives them the right ages, and no start in the future. A day that passes in ten minutes has
 * as many sessions as a real day, and each of them lasts only seconds.
 */
export class WorldTime {
  readonly #clock: Pick<Clock, 'now'>;
  /** Never empty. A jump or a new speed adds a stretch, so that earlier moments keep their mapping. */
  readonly #stretches: Stretch[];
  #held: number | undefined;

  constructor(clock: Pick<Clock, 'now'>, { start, speed = 1 }: WorldTimeSpec = {}) {
    const wall = clock.now();
    this.#clock = clock;
    const after = Number.NEGATIVE_INFINITY;
    this.#stretches = [{ after, world: start ?? wall, wall, speed }];
  }

  /** World time, in milliseconds since the epoch; its days are those of UTC. */
  now(): number {
    if (this.#held !== undefined) return this.#held;
    const { world, wall, speed } = this.#last;
    return world + (this.#clock.now() - wall) * speed;
  }

  wall(at = this.now()): number {
    const { world, wall, speed } =
      this.#stretches.findLast(({ after }) => at > after) ?? this.#last;
    return wall + (at - world) / speed;
  }

  get speed(): number {
    return this.#last.speed;
  }

  /**
   * Moves world time ahead by `ms` at once. Events in the skipped time get the clock times that they would
   * have had without the jump.
   */
  jump(ms: number): void {
    const after = this.now();
    this.#stretches.push({ ...this.#last, after, world: after + ms, wall: this.#clock.now() });
  }

  setSpeed(speed: number): void {
    const now = this.now();
    this.#stretches.push({ after: now, world: now, wall: this.#clock.now(), speed });
  }

  /** Runs `act` while `now()` is fixed to `at`. */
  hold(at: number, act: () => void): void {
    const before = this.#held;
    this.#held = at;
    try {
      act();
    } finally {
      this.#held = before;
    }
  }

  get #last(): Stretch {
    const last = this.#stretches.at(-1);
    if (last === undefined) throw new Error('A world time has no stretch');
    return last;
  }
}
