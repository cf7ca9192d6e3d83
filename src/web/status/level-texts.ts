import type { Seats, Subscription } from '../../fleet/levels.ts';
import { counted, duration, figure } from '../words.ts';
import { isoTime } from './times.ts';

/** What is the matter, and what to do about it. */
export interface LevelText {
  /** A clause, to stand after the name of an instance. */
  readonly text: string;
  /** Absent where nothing is to be done. */
  readonly advice?: string | undefined;
}

const MORE_SEATS = 'Delete users that are not needed, or raise the limit (upgrade the instance).';
export const RENEW = 'Renew the subscription of the instance.';

/** Users of an instance against its limit, in words. */
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

/** How near the subscription of an instance is to its end, in words. */
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
