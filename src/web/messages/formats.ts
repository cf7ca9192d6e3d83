import { DAY, HOUR, MINUTE, SECOND } from '../../clock.ts';

/** The signs of a language that Intl does not give as this project writes them. */
export interface Signs {
  readonly second: string;
  readonly minute: string;
  readonly hour: string;
  readonly day: string;
  /** What stands after the figure of a percentage. */
  readonly percent: string;
  /** Between the parts of a list, of remarks about one thing, and of clauses. */
  readonly separators: Readonly<Record<'list' | 'remarks' | 'clauses', string>>;
}

/** How a language writes values. */
export interface Formats {
  /** Formats a number, for example 12,345.6. */
  readonly figure: (value: number) => string;
  /** Rounds down, so that a value below a threshold is never shown as the threshold. */
  readonly percent: (ratio: number) => string;
  readonly seconds: (value: number) => string;
  /** A duration in its two largest units, for example "2 h 5 min". */
  readonly duration: (seconds: number) => string;
  /** A duration in its largest unit, rounded down, for example "2 h". */
  readonly largestUnit: (seconds: number) => string;
  /** Shows bytes per second as bits per second, the unit in which the cloud sells bandwidth. */
  readonly bandwidth: (bytesPerSecond: number) => string;
  readonly bytes: (count: number) => string;
  readonly list: (texts: readonly string[]) => string;
  readonly remarks: (texts: readonly string[]) => string;
  readonly clauses: (texts: readonly string[]) => string;
}

const BITS_PER_SECOND = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s'];
const BYTES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

export function formatsIn(locale: string, signs: Signs): Formats {
  // Created on first use, because creating it takes longer than rendering a page.
  let figures: Intl.NumberFormat | undefined;
  const figure = (value: number): string => {
    figures ??= new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
    return figures.format(value);
  };
  const secondsText = (value: number): string => `${figure(value)} ${signs.second}`;
  const duration = (seconds: number): string => {
    const ms = seconds * SECOND;
    if (ms < MINUTE) return secondsText(Math.round(seconds));
    if (ms < HOUR) return `${Math.floor(ms / MINUTE)} ${signs.minute}`;
    const isShort = ms < DAY;
    const [large, small] = isShort ? [HOUR, MINUTE] : [DAY, HOUR];
    const [unit, rest] = isShort ? [signs.hour, signs.minute] : [signs.day, signs.hour];
    const left = Math.floor((ms % large) / small);
    return `${figure(Math.floor(ms / large))} ${unit}${left > 0 ? ` ${left} ${rest}` : ''}`;
  };
  const scaled = (value: number, units: readonly string[]): string => {
    if (value === 0) return '0';
    let [scaledValue, unit] = [value, 0];
    while (Math.abs(scaledValue) >= 1000 && unit < units.length - 1) {
      scaledValue /= 1000;
      unit++;
    }
    return `${figure(scaledValue)} ${units[unit]}`;
  };
  const largestUnit = (seconds: number): string => {
    const ms = seconds * SECOND;
    const unit = ms < HOUR ? SECOND : ms < DAY ? HOUR : DAY;
    return duration((ms - (ms % unit)) / SECOND);
  };
  const { separators } = signs;
  return {
    figure,
    percent: (ratio) => `${figure(Math.floor(ratio * 1000 + 1e-6) / 10)}${signs.percent}`,
    seconds: secondsText,
    duration,
    largestUnit,
    bandwidth: (bytesPerSecond) => scaled(bytesPerSecond * 8, BITS_PER_SECOND),
    bytes: (count) => scaled(count, BYTES),
    list: (texts) => texts.join(separators.list),
    remarks: (texts) => texts.join(separators.remarks),
    clauses: (texts) => texts.join(separators.clauses),
  };
}
