import type { SeatsState } from '../../status/schema.ts';
import { counted } from './formats.ts';

/** Texts that several pages show. */
export const parts = {
  unknown: 'unknown',
  label: (text: string) => `${text}:`,
  ago: (duration: string) => `${duration} ago`,
  ofLimit: (limit: string) => `of ${limit}`,
  ofUnknownLimit: 'of an unknown limit',
  free: (users: string) => `${users}\u00a0free`,
  seats: {
    ok: undefined,
    'filling-up': 'filling up',
    'nearly-full': 'nearly full',
    full: 'full',
    'over-limit': 'over the limit',
  } satisfies Record<SeatsState, string | undefined> as Readonly<
    Record<SeatsState, string | undefined>
  >,
  condition: {
    ok: 'OK',
    starting: 'Starting',
    unreadable: 'Cannot be read',
    ended: 'Subscription ended',
    'over-limit': 'Over the limit',
    full: 'Full',
    'nearly-full': 'Nearly full',
    'nearly-ended': 'Subscription ends',
    stale: 'Stale',
    'filling-up': 'Filling up',
    ending: 'Subscription ends',
  },
  stages: {
    discovery: 'discovery',
    users: 'users',
    online: 'online',
    sessions: 'sessions',
    traffic: 'traffic',
  },
  notRead: 'not yet read',
  failed: 'failed',
  stale: 'stale',
  /** @param percent for example "25 %" */
  read: (percent: string) => `${percent} read`,
  failure: 'Failed',
  cannotBeRead: 'Cannot be read',
  whatToDo: 'What to do',
  request: (id: string) => `(request ${id})`,
  subscription: 'Subscription',
  subscriptionEnded: (duration: string, time: string) =>
    `ended ${duration} ago, ${time}: no user can connect.`,
  subscriptionEnds: (duration: string, time: string) => `ends in ${duration}, ${time}.`,
  clients: (clients: number) => counted(clients, 'client'),
  sinceStart: 'since start',
};
