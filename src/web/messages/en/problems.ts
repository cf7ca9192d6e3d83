import type { Seats } from '../../../fleet/levels.ts';
import { counted } from './formats.ts';

type SeatsClause = (users: string, limit: string, difference: string) => string;

/** What needs attention, on the first page, in its JSON and in `doctor`. Code stands in backticks. */
export const problems = {
  /** @param scope the message `unreadInstances`, or nothing */
  noCredentials: (account: string, scope: string, message: string) =>
    `Account ${account} has no credentials${scope}: ${message}`,
  paused: (account: string, scope: string, message: string) =>
    `Account ${account} is paused${scope}, as the API does not accept its credentials: ${message}`,
  unreadInstances: (instances: number) => ` and ${counted(instances, 'instance')} cannot be read`,
  regionsFailed: (account: string, message: string) =>
    `Looking for the regions failed for account ${account}: ${message}`,
  discoveryFailed: (region: string, account: string, message: string) =>
    `Discovery in ${region} failed for account ${account}: ${message}`,
  configurationRefused: (problems: string) =>
    `The changed configuration is invalid; the earlier configuration stays in force. ${problems}`,
  configurationAdvice:
    'Correct the file; the exporter reads it again when it changes. `sag-app-exporter check-config FILE` checks it.',
  storageFailed: (reason: string) =>
    `The state cannot be kept in the storage directory: ${reason}. A restart would forget what is newer than the last state that was kept.`,
  storageAdvice: 'The exporter tries it again by itself. The log names the directory.',
  seriesDropped: (series: string) =>
    `${series} series are left out of /metrics: there are more than metrics.max_user_series allows.`,
  seriesAdvice: (detail: string) =>
    `Raise metrics.max_user_series, or lower metrics.detail (now ${detail}).`,
  fallback: (account: string, problem: string, places: string, effect: string) =>
    `Account ${account}: ${problem} ${places}: ${effect}.`,
  /** A fallback on the card of its account. */
  fallbackOfAccount: (problem: string, effect: string) => `${problem}: ${effect}.`,
  inRegions: (regions: string) => `in ${regions}`,
  forInstances: (instances: string) => `for ${instances}`,
  bothPlaces: (regions: string, instances: string) => `${regions} and ${instances}`,
  andMore: (names: string, more: string) => `${names} and ${more} more`,
  instance: (name: string, findings: string) => `${name}: ${findings}.`,
  nameAndId: (name: string, id: string) => `${name} (${id})`,
  moreInstances: (instances: number) =>
    `${counted(instances, 'more instance needs', 'more instances need')} attention.`,
  notReady: (reason: string) => `Not ready yet: ${reason}`,
  unreadable: (messages: string) => `cannot be read: ${messages}`,
  stale: (stages: string) => `these stages have stale data: ${stages}`,
  /** The last parameter is the number of free seats or, over the limit, of users above it. */
  seats: {
    ok: (users, limit) => `${users} of ${limit} users`,
    'filling-up': (users, limit, free) => `${users} of ${limit} users: filling up, ${free} free`,
    'nearly-full': (users, limit, free) => `${users} of ${limit} users: nearly full, ${free} free`,
    full: (users, limit) => `${users} of ${limit} users: full, no user can be added`,
    'over-limit': (users, limit, over) =>
      `${users} of ${limit} users: ${over} over the limit, no user can be added`,
  } satisfies Record<Seats['level'], SeatsClause> as Readonly<Record<Seats['level'], SeatsClause>>,
  /** @param unused the message `unused`, or nothing */
  moreSeats: (unused: string) =>
    `Delete users that are not needed${unused}, or raise the limit (upgrade the instance).`,
  unused: (users: number, duration: string) =>
    ` (${counted(users, 'user was', 'users were')} not online for ${duration})`,
  subscriptionEnded: (duration: string, day: string) =>
    `the subscription ended ${duration} ago (${day}): no user can connect`,
  subscriptionEnds: (duration: string, day: string) =>
    `the subscription ends in ${duration} (${day})`,
  renew: 'Renew the subscription of the instance.',
};
