import type { Seats, Subscription } from '../../fleet/levels.ts';
import type { Messages } from '../messages/index.ts';
import { isoTime } from './times.ts';
import type { UnusedUsers } from './unused.ts';

export interface LevelText {
  /** A clause that follows the name of an instance. */
  readonly text: string;
  /** Absent when no action is needed. */
  readonly advice?: string | undefined;
}

/** @param unused the number of users who were not online for a long time, where it is known */
export function seatsText(
  messages: Messages,
  { users, limit, free, level }: Seats,
  unused?: UnusedUsers,
): LevelText {
  const { figure } = messages.formats;
  const difference = level === 'over-limit' ? users - limit : free;
  const clause = messages.problems.seats[level];
  const text = clause(figure(users), figure(limit), figure(difference));
  return level === 'ok' ? { text } : { text, advice: moreSeats(messages, unused) };
}

function moreSeats(messages: Messages, unused: UnusedUsers | undefined): string {
  const { problems, formats } = messages;
  return problems.moreSeats(
    unused?.users ? problems.unused(unused.users, formats.duration(unused.seconds)) : '',
  );
}

export function subscriptionText(
  { problems, formats }: Messages,
  { end, left, over, level }: Subscription,
): LevelText {
  const day = isoTime(end)?.slice(0, 10) ?? formats.figure(end);
  if (level === 'ended') {
    const text = problems.subscriptionEnded(formats.duration(over), day);
    return { text, advice: problems.renew };
  }
  const text = problems.subscriptionEnds(formats.duration(left), day);
  return level === 'ok' ? { text } : { text, advice: problems.renew };
}
