import type { Seats, Subscription } from '../../fleet/levels.ts';
import { counted, duration, figure } from '../words.ts';
import { isoTime } from './times.ts';

export interface LevelText {
  /** A clause that follows the name of an instance. */
  readonly text: string;
  /** Absent when no action is needed. */
  readonly advice?: string | undefined;
}

const MORE_SEATS = 'Delete users that are not needed, or raise the limit (upgrade the instance).';
export const RENEW = 'Renew the subscription of the instance.';

export function seatsText({ users, limit, free, level }: Seats): LevelText {
  const text = `${figure(users)} of ${figure(limit)} users`;
  switch (level) {
    case 'ok':
      return { text };
    case 'filling-up':
      return { text: `${text}: filling up, ${figure(free)} free`, advice: MORE_SEATS };
    case 'nearly-full':
      return { text: `${text}: nearly full, ${figure(free)} free`, advice: MORE_SEATS };
    case 'full':
      return { text: `${text}: full, no user can be added`, advice: MORE_SEATS };
    case 'over-limit':
      return {
        text: `${text}: ${figure(users - limit)} over the limit, no user can be added`,
        advice: MORE_SEATS,
      };
  }
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
