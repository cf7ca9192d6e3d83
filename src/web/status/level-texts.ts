import type { Seats, Subscription } from '../../fleet/levels.ts';
import { counted, duration, figure } from '../words.ts';
import { isoTime } from './times.ts';
import type { UnusedUsers } from './unused.ts';

export interface LevelText {
  /** A clause that follows the name of an instance. */
  readonly text: string;
  /** Absent when no action is needed. */
  readonly advice?: string | undefined;
}

export const RENEW = 'Renew the subscription of the instance.';

/** @param unused the number of users who were not online for a long time, where it is known */
export function seatsText({ users, limit, free, level }: Seats, unused?: UnusedUsers): LevelText {
  const advice = moreSeats(unused);
  const text = `${figure(users)} of ${figure(limit)} users`;
  switch (level) {
    case 'ok':
      return { text };
    case 'filling-up':
      return { text: `${text}: filling up, ${figure(free)} free`, advice };
    case 'nearly-full':
      return { text: `${text}: nearly full, ${figure(free)} free`, advice };
    case 'full':
      return { text: `${text}: full, no user can be added`, advice };
    case 'over-limit':
      return {
        text: `${text}: ${figure(users - limit)} over the limit, no user can be added`,
        advice,
      };
  }
}

function moreSeats(unused: UnusedUsers | undefined): string {
  const known = unused?.users
    ? ` (${counted(unused.users, 'user was', 'users were')} not online for ${duration(unused.seconds)})`
    : '';
  return `Delete users that are not needed${known}, or raise the limit (upgrade the instance).`;
}

export function subscriptionText({ end, left, over, level }: Subscription): LevelText {
  const day = isoTime(end)?.slice(0, 10) ?? counted(end, 'second');
  if (level === 'ended') {
    return {
      text: `the subscription ended ${duration(over)} ago (${day}): no user can connect`,
      advice: RENEW,
    };
  }
  const text = `the subscription ends in ${duration(left)} (${day})`;
  return level === 'ok' ? { text } : { text, advice: RENEW };
}
