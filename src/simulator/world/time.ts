import type { Clock } from '../../clock.ts';

/** How the time of a world begins and runs. */
export interface WorldTimeSpec {
  /** The world's moment at its beginning, in milliseconds since the epoch. @default the clock's */
  readonly start?: number;
  /** World milliseconds in one of the clock. @default 1 */
  readonly speed?: number;
}

/** From one moment of the world on, how its moments lie on the clock. */
interface Stretch {
  /** Holds for moments of the world after this one. */
  readonly after: number;
  /** One moment, by the world and by the clock. */
  readonly world: number;
  readonly wall: number;
  readonly speed: number;
}

/**
 * The time a world lives by: the hour of its day, how long its sessions last, when something is
 * planned. It may run faster than the clock, and jump ahead.
 *
 * What the API tells of a moment is the clock's, however fast the world runs: a session that began
 * an hour of the world ago at 60 times the speed began a minute ago. A scrape has no other `now`
 * than the clock's, so only then are ages true, no start lies in the future, and a day that passes
 * in ten minutes shows sessions of seconds, as many as would be there in a day.
 */
export class WorldTime {
  readonly #clock: Pick<Clock, 'now'>;
  /** Never empty; a jump or another speed adds one, so that the moments before stay where they were. */
  readonly #stretches: Stretch[];
  #held: number | undefined;

  constructor(clock: Pick<Clock, 'now'>, { start, speed = 1 }: WorldTimeSpec = {}) {
    const wall = clock.now();
    this.#clock = clock;
    const after = Number.NEGATIVE_INFINITY;
    this.#stretches = [{ after, world: start ?? wall, wall, speed }];
  }

  /** The world's moment, in milliseconds since the epoch; its days have no time zone. */
  now(): number {
    if (this.#held !== undefined) return this.#held;
    const { world, wall, speed } = this.#last;
    return world + (this.#clock.now() - wall) * speed;
  }

  /** When a moment of the world is, or was, by the clock. @default now */
  wall(at = this.now()): number {
    const { world, wall, speed } =
      this.#stretches.findLast(({ after }) => at > after) ?? this.#last;
    return wall + (at - world) / speed;
  }

  /** World milliseconds in one of the clock. */
  get speed(): number {
    return this.#last.speed;
  }

  /**
   * Moves on by `ms` of the world at once. What began in the time jumped over began as long ago as
   * it would have without the jump.
   */
  jump(ms: number): void {
    const after = this.now();
    this.#stretches.push({ ...this.#last, after, world: after + ms, wall: this.#clock.now() });
  }

  /** From now on, so many world milliseconds in one of the clock. */
  setSpeed(speed: number): void {
    const now = this.now();
    this.#stretches.push({ after: now, world: now, wall: this.#clock.now(), speed });
  }

  /** Runs `act` as if it were `at`. */
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
