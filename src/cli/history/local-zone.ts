import { DAY, MINUTE, TIME_UNITS } from '../../clock.ts';
import type { Host } from '../process/host.ts';

/** Offsets change only at multiples of this. */
const SAME_OFFSET = 15 * MINUTE;

/** Offsets that are remembered: those of a quarter. */
const MOST_OFFSETS = 10_000;

/**
 * A time zone, for reading and showing local times. A wall time is what clocks of the zone show, as the
 * milliseconds since the epoch that UTC would have with the same digits.
 */
export class LocalZone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();

  /** @throws RangeError for a name that is not known */
  constructor(name: string) {
    this.#format = new Intl.DateTimeFormat('en', { timeZone: name, timeZoneName: 'longOffset' });
    this.name = name;
  }

  /** Such as `2026-11-28 14:30:00 +08:00`. @param ms since the epoch */
  format(ms: number): string {
    const offset = this.#offsetAt(ms);
    const wall = new Date(ms + offset).toISOString().slice(0, 19).replace('T', ' ');
    return `${wall} ${offsetText(offset)}`;
  }

  /**
   * The moments at which clocks of the zone show a wall time: two of those that clocks show twice, when they are
   * set back, and none of those that they skip.
   */
  momentsOf(wall: number): readonly number[] {
    const offsets = new Set([this.#offsetAt(wall - DAY), this.#offsetAt(wall + DAY)]);
    return [...offsets]
      .map((offset) => wall - offset)
      .filter((moment) => moment + this.#offsetAt(moment) === wall)
      .sort((one, other) => one - other);
  }

  /** The first moment of a day, which may begin later than at midnight. @param wall midnight of the day */
  startOfDay(wall: number): number {
    const [first = wall - this.#offsetAt(wall - DAY)] = this.momentsOf(wall);
    return first;
  }

  /** Milliseconds that clocks of the zone are ahead of UTC. */
  #offsetAt(ms: number): number {
    const slot = Math.floor(ms / SAME_OFFSET);
    const known = this.#offsets.get(slot);
    if (known !== undefined) return known;
    const offset = this.#readOffset(slot * SAME_OFFSET);
    if (this.#offsets.size >= MOST_OFFSETS) this.#offsets.clear();
    this.#offsets.set(slot, offset);
    return offset;
  }

  #readOffset(ms: number): number {
    const part = this.#format.formatToParts(ms).find(({ type }) => type === 'timeZoneName');
    const [, sign, hours = 0, minutes = 0, seconds = 0] =
      /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(part?.value ?? '') ?? [];
    const { h, m, s } = TIME_UNITS;
    const size = Number(hours) * h + Number(minutes) * m + Number(seconds) * s;
    return sign === '-' ? -size : size;
  }
}

function offsetText(offset: number): string {
  const minutes = Math.floor(Math.abs(offset) / MINUTE);
  const digits = [Math.floor(minutes / 60), minutes % 60].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `${offset < 0 ? '-' : '+'}${digits.join(':')}`;
}

/** The zone of TZ, if that names one, else of the machine. */
export function localZone({ env }: Pick<Host, 'env'>): LocalZone {
  try {
    return new LocalZone(env['TZ'] || systemZone());
  } catch {
    return new LocalZone(systemZone());
  }
}

const systemZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
