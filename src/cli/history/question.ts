import type { ListFlags, StorageFlags } from '../flags.ts';
import { CommandError, EXIT } from '../process/host.ts';
import type { LocalZone } from './local-zone.ts';
import { InvalidTimeError, parseTime } from './parse-time.ts';

export interface HistoryFlags extends ListFlags, StorageFlags {
  readonly instance?: string;
  readonly user?: string;
  readonly at?: string;
  readonly from?: string;
  readonly to?: string;
}

/** What is asked: which sessions were open at a moment, or at some moment of a time. */
export interface Question {
  /** Milliseconds since the epoch; the same as `to` for a moment. */
  readonly from: number;
  readonly to: number;
  readonly isMoment: boolean;
  readonly storagePath: string;
  /** Id or name of an instance. */
  readonly instance: string | undefined;
  readonly user: string | undefined;
}

/**
 * @param now milliseconds since the epoch
 * @throws CommandError with everything that is wrong with the flags
 */
export function questionOf(flags: HistoryFlags, zone: LocalZone, now: number): Question {
  const problems: string[] = [];
  const storagePath = flags['storage.path'] ?? '';
  if (storagePath === '') {
    problems.push('--storage.path: expected the directory that was given to `serve`; got nothing');
  }
  const wrong = wrongTimes(flags);
  const times = wrong === undefined ? timesOf(flags, zone, now, problems) : undefined;
  if (wrong !== undefined) problems.push(wrong);
  if (times === undefined || problems.length > 0) {
    throw new CommandError(problems.join('\n'), EXIT.usage);
  }
  return {
    ...times,
    isMoment: flags.at !== undefined,
    storagePath,
    instance: flags.instance,
    user: flags.user,
  };
}

function wrongTimes({ at, from, to }: HistoryFlags): string | undefined {
  if (at !== undefined && (from !== undefined || to !== undefined)) {
    return '--at: expected no --from or --to beside it; got both';
  }
  if (at !== undefined || (from !== undefined && to !== undefined)) return undefined;
  if (from !== undefined) return '--to: expected a time, because --from is given; got nothing';
  if (to !== undefined) return '--from: expected a time, because --to is given; got nothing';
  return '--at: expected --at=TIME, or --from=TIME with --to=TIME; got nothing';
}

/** Adds what is wrong to the problems. The end of a time may be in the future, its beginning may not. */
function timesOf(
  { at, from = at ?? '', to }: HistoryFlags,
  zone: LocalZone,
  now: number,
  problems: string[],
): Pick<Question, 'from' | 'to'> | undefined {
  const first = at === undefined ? '--from' : '--at';
  const read = (flag: string, text: string, dateAlone: 'start' | 'end'): number | undefined => {
    try {
      return parseTime(text, zone, dateAlone);
    } catch (error) {
      if (!(error instanceof InvalidTimeError)) throw error;
      problems.push(`${flag}: ${error.message}`);
      return undefined;
    }
  };
  const start = read(first, from, 'start');
  const end = to === undefined ? start : read('--to', to, 'end');
  if (start === undefined || end === undefined) return undefined;
  if (start > now) {
    const got = `${zone.format(start)}, and it is ${zone.format(now)}`;
    problems.push(`${first}: expected a time that is not in the future; got ${got}`);
  } else if (end < start) {
    const expected = `a time that is not before --from, ${zone.format(start)}`;
    problems.push(`--to: expected ${expected}; got ${zone.format(end)}`);
  }
  return { from: start, to: end };
}
