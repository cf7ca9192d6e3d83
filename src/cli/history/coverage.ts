import { DAY, HOUR, SECOND } from '../../clock.ts';
import type { Gap } from '../../fleet/watched-time.ts';
import { dayOf } from '../../storage/history/day-file.ts';
import type { StoredInstance } from '../../storage/state/stored-instance.ts';
import { counted } from '../terminal/counted.ts';
import type { LocalZone } from './local-zone.ts';
import type { Question } from './question.ts';
import { inMilliseconds, type Recorded } from './recorded.ts';

/** How much of the time of a question is recorded. */
export interface Coverage {
  /** Why there is no answer; absent when there is one. */
  readonly unknown?: string;
  /** What may be missing in the answer. */
  readonly notes: readonly string[];
}

/** Maximum number of notes of one kind. */
const MOST_NOTES = 5;

/**
 * Compares the time of a question with what is recorded, so that a time without records is not taken for a time
 * without users.
 *
 * @param instances the stored instances that are wanted
 */
export function coverageOf(
  question: Question,
  { days, unusable, instances: all }: Pick<Recorded, 'days' | 'unusable' | 'instances'>,
  instances: readonly StoredInstance[],
  zone: LocalZone,
): Coverage {
  const unknown = withoutRecord(question, days, zone) ?? notWrittenYet(question, instances, zone);
  if (unknown !== undefined) return { unknown, notes: [] };
  return {
    notes: [
      ...unusable.map(
        (file) =>
          `A state file cannot be used: ${file}. Sessions that were open on its instance are missing.`,
      ),
      ...dayNotes(question, days),
      ...watchNotes(question, instances, zone),
      // An instance that is not in the state is not watched any more, so it has no open session.
      ...(all.length > 0 && instances.length === 0 ? [] : stateNotes(question, instances, zone)),
    ],
  };
}

function withoutRecord(
  { from, to, isMoment }: Question,
  days: readonly string[],
  zone: LocalZone,
): string | undefined {
  const [first, last] = [dayOf(from), dayOf(to)];
  if (days.some((day) => day >= first && day <= last)) return undefined;
  const time = isMoment
    ? `at ${zone.format(from)}`
    : `between ${zone.format(from)} and ${zone.format(to)}`;
  const recorded =
    days.length === 1 ? `only ${days[0]}` : `${days.length} days from ${days[0]} to ${days.at(-1)}`;
  return `Nothing was recorded ${time}. The history has ${recorded} (UTC).`;
}

function notWrittenYet(
  { from, isMoment }: Question,
  instances: readonly StoredInstance[],
  zone: LocalZone,
): string | undefined {
  const newest = Math.max(...instances.map(({ writtenAt }) => inMilliseconds(writtenAt)));
  if (!isMoment || instances.length === 0 || from <= newest) return undefined;
  return `It is not known who was online at ${zone.format(from)}, because the state was last written at ${zone.format(newest)}. Ask for a time that is not later.`;
}

function dayNotes({ from, to }: Question, days: readonly string[]): readonly string[] {
  const [begin = '', end = ''] = [days[0], days.at(-1)];
  const first = dayOf(from);
  const notes =
    first <= begin
      ? [
          `The history begins in the course of ${begin} (UTC): sessions that had ended before are missing.`,
        ]
      : [];
  const recorded = new Set(days);
  const missing: string[] = [];
  // On the day after a day without records, recording began some time after midnight.
  const firstThatMatters = Math.max(Date.parse(first) - DAY, Date.parse(begin));
  for (let time = firstThatMatters; time <= Math.min(to, Date.parse(end)); time += DAY) {
    if (!recorded.has(dayOf(time))) missing.push(dayOf(time));
  }
  if (missing.length > 0) {
    notes.push(
      `Nothing was recorded on ${joined(missing)} (UTC), until recording began again: sessions that ended then are missing.`,
    );
  }
  return notes;
}

const joined = (days: readonly string[]): string =>
  days.length <= MOST_NOTES
    ? days.join(', ')
    : `${counted(days.length, 'day')} from ${days[0]} to ${days.at(-1)}`;

/** Notes about times in which users were not counted, because the exporter was down or its passes failed. */
function watchNotes(
  question: Question,
  instances: readonly StoredInstance[],
  zone: LocalZone,
): readonly string[] {
  const watched = instances.flatMap(({ presence }) => presence ?? []);
  const since = Math.min(...watched.map(({ watchedSince }) => inMilliseconds(watchedSince)));
  const notes =
    watched.length > 0 && since > question.from
      ? [`The users are counted since ${zone.format(since)}: nothing is known of the time before.`]
      : [];
  const gaps = joinedGaps(instances.flatMap(gapsOf)).filter(
    ({ from, to }) => inMilliseconds(from) < question.to && inMilliseconds(to) > question.from,
  );
  for (const { from, to } of gaps.slice(0, MOST_NOTES)) {
    notes.push(
      `From ${zone.format(inMilliseconds(from))} to ${zone.format(inMilliseconds(to))} not all users were counted: sessions of that time may be missing, and may have ended earlier than it seems.`,
    );
  }
  if (gaps.length > MOST_NOTES) {
    notes.push(`The same holds for ${counted(gaps.length - MOST_NOTES, 'later time')}.`);
  }
  return notes;
}

/** Seconds since the newest count after which the state is not taken for the present. */
const LATEST_COUNT = HOUR / SECOND;

/** The times in which users of an instance were not counted, including that before the state was written. */
function gapsOf({ presence, writtenAt }: StoredInstance): readonly Gap[] {
  if (!presence) return [];
  const { gaps, countedAt } = presence;
  return writtenAt - countedAt > LATEST_COUNT
    ? [...gaps, { from: countedAt, to: writtenAt }]
    : gaps;
}

/** Instances have nearly the same gaps when the exporter was down. */
function joinedGaps(gaps: readonly Gap[]): readonly Gap[] {
  const joined: Gap[] = [];
  for (const gap of gaps.toSorted((one, other) => one.from - other.from)) {
    const last = joined.at(-1);
    if (!last || gap.from > last.to) joined.push(gap);
    else joined.splice(-1, 1, { from: last.from, to: Math.max(last.to, gap.to) });
  }
  return joined;
}

function stateNotes(
  { from, isMoment }: Question,
  instances: readonly StoredInstance[],
  zone: LocalZone,
): readonly string[] {
  if (instances.length === 0)
    return ['There is no state: sessions that have not ended are missing.'];
  const times = instances.map(({ writtenAt }) => inMilliseconds(writtenAt));
  const [oldest, newest] = [Math.min(...times), Math.max(...times)].map((time) =>
    zone.format(time),
  );
  const when = oldest === newest ? `at ${oldest}` : `between ${oldest} and ${newest}`;
  const older = instances.filter(({ writtenAt }) => inMilliseconds(writtenAt) < from);
  const names = older.slice(0, MOST_NOTES).map(({ id }) => id.instanceId);
  const more = older.length > MOST_NOTES ? ` and ${older.length - MOST_NOTES} more` : '';
  return [
    `The state was written ${when}; later changes are not in it.`,
    ...(isMoment && older.length > 0
      ? [
          `The state of ${names.join(', ')}${more} was written before ${zone.format(from)}: sessions that were open there are missing.`,
        ]
      : []),
  ];
}
