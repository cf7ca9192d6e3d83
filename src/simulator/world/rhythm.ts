import { DAY, MINUTE } from '../../clock.ts';

export interface RhythmPoint {
  /** Milliseconds since midnight. */
  readonly at: number;
  /** Share of enabled users, 0 to 1. */
  readonly online: number;
}

/** How the share of online users changes through a day. */
export interface RhythmSpec {
  /**
   * At least one point, sorted by time. Between two points, and over midnight, the share is interpolated
   * linearly.
   */
  readonly points: readonly RhythmPoint[];
  /** Factor for the shares on Saturdays and Sundays. @default 1 */
  readonly weekend?: number;
}

export interface Demand {
  readonly share: number;
  /** The change of that share per millisecond. */
  readonly slope: number;
  /** The end of the time for which share and slope are accurate enough. */
  readonly until: number;
}

export type Rhythm = (at: number) => Demand;

/** The share is taken as linear within each step. */
const STEP = 5 * MINUTE;
/** Sunday and Saturday, as numbered by Date. */
const WEEKEND: ReadonlySet<number> = new Set([0, 6]);

export function steadyRhythm(share: number): Rhythm {
  const demand = { share, slope: 0, until: Number.POSITIVE_INFINITY };
  return () => demand;
}

/** A rhythm that is the same on all weekdays, and has other shares at the weekend. */
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

/** Milliseconds from one time of the day to the next occurrence of another. */
function distance(from: number, to: number): number {
  return (to - from + DAY) % DAY;
}
