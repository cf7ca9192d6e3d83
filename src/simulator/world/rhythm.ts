import { DAY, MINUTE } from '../../clock.ts';

/** How many should be online at one time of the day. */
export interface RhythmPoint {
  /** Milliseconds since midnight. */
  readonly at: number;
  /** Share of enabled users, 0 to 1. */
  readonly online: number;
}

/** The day of an instance. */
export interface RhythmSpec {
  /** At least one, by time; between two the share goes straight, and from the last to the first. */
  readonly points: readonly RhythmPoint[];
  /** What the shares are multiplied by on Saturdays and Sundays. @default 1 */
  readonly weekend?: number;
}

/** What holds from the moment asked about on. */
export interface Demand {
  /** Share of enabled users who should be online. */
  readonly share: number;
  /** How that share changes, per millisecond. */
  readonly slope: number;
  /** Until when this is near enough. */
  readonly until: number;
}

/** How many should be online at a moment of the world. */
export type Rhythm = (at: number) => Demand;

/** A day is taken in steps as if the share went straight in each. */
const STEP = 5 * MINUTE;
/** Sunday, Saturday as Date counts days. */
const WEEKEND: ReadonlySet<number> = new Set([0, 6]);

/** Always the same share. */
export function steadyRhythm(share: number): Rhythm {
  const demand = { share, slope: 0, until: Number.POSITIVE_INFINITY };
  return () => demand;
}

/** The same each day, but for weekends. */
export function dailyRhythm({ points, weekend = 1 }: RhythmSpec): Rhythm {
  return (at) => {
    const from = Math.floor(at / STEP) * STEP;
    const factor = WEEKEND.has(new Date(from).getUTCDay()) ? weekend : 1;
    const [start, end] = [shareAt(points, from), shareAt(points, from + STEP)];
    return {
      share: (factor * (start + end)) / 2,
      slope: (factor * (end - start)) / STEP,
      until: from + STEP,
    };
  };
}

function shareAt(points: readonly RhythmPoint[], at: number): number {
  const time = ((at % DAY) + DAY) % DAY;
  const before = points.findLast((point) => point.at <= time) ?? points.at(-1);
  const after = points.find((point) => point.at > time) ?? points[0];
  if (before === undefined || after === undefined) return 0;
  const gap = distance(before.at, after.at);
  return (
    before.online + ((after.online - before.online) * distance(before.at, time)) / (gap || DAY)
  );
}

/** From one time of the day forward to another. */
function distance(from: number, to: number): number {
  return (to - from + DAY) % DAY;
}
