import type { Clock } from '../../clock.ts';
import type { InstanceRecord } from '../../fleet/fleet.ts';
import { onlineSnapshot } from '../../fleet/snapshots.ts';
import { ApiError } from '../../model/api-error.ts';
import type { Session } from '../../model/session.ts';
import type { Client } from '../../smartag/operation.ts';
import { describeSagOnlineClientStatistics } from '../../smartag/operations/describe-sag-online-client-statistics.ts';
import { describeUserOnlineClientStatistics } from '../../smartag/operations/describe-user-online-client-statistics.ts';
import type { Fallbacks } from '../fallbacks.ts';
import type { PollSettings } from '../settings.ts';
import { batched, sumOf } from '../strategies/batched.ts';
import { type FanOutOptions, fanOut } from '../strategies/fan-out.ts';
import type { Totals } from '../totals.ts';

/** What an online pass asks with. */
export interface OnlineOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly totals: Totals;
  readonly fallbacks: Fallbacks;
  readonly strategy: PollSettings['strategy'];
  /** Calls made or waiting at once. */
  readonly parallel: number;
}

/** What an online pass found beside the counts. */
export interface OnlineFound {
  /** When the pass began, by the monotonic clock: nobody was counted before. */
  readonly begun: number;
  /** Sessions of the users asked about singly, which fan-out learns from the same calls. */
  readonly sessions?: ReadonlyMap<string, readonly Session[]>;
  /** Why some user could not be asked about; what the others answered is swapped in nevertheless. */
  readonly failure?: ApiError;
}

/** How many clients each user has, and whatever else was learnt. */
interface Counted extends Omit<OnlineFound, 'begun'> {
  readonly counts: ReadonlyMap<string, number>;
}

/**
 * One online pass: counts the clients of each user that the newest users pass saw, and swaps that in.
 *
 * @throws ApiError when the pass had to be given up; then nothing is swapped
 */
export async function onlinePass(
  record: InstanceRecord,
  options: OnlineOptions,
  signal: AbortSignal,
): Promise<OnlineFound> {
  const begun = options.clock.monotonic();
  const users = record.snapshot.users?.users ?? [];
  const userNames = users.map((user) => user.name);
  const total = userNames.length === 0 ? 0 : await totalOf(record, options);
  const asking: FanOutOptions = {
    client: options.client,
    regionId: record.id.regionId,
    instanceId: record.id.instanceId,
    userNames,
    parallel: options.parallel,
    onProgress: (share) => record.stages.online.advance(share),
  };
  // Only 0 tells of each user: one out and one in would leave any other total as it was.
  const { counts, sessions, failure } =
    total === 0 ? everybodyOffline(userNames) : await count(asking, total, options, signal);
  if (total !== undefined && !failure && sumOf(counts) !== total) {
    record.counters.onlineDisagreements++;
  }
  record.snapshot = {
    ...record.snapshot,
    online: onlineSnapshot(users, counts, record.snapshot.online),
  };
  return { begun, ...(sessions && { sessions }), ...(failure && { failure }) };
}

/**
 * The instance's own count; absent when it cannot be had. It is asked for together with other
 * instances', whose trouble must not become this one's: then the users are asked without it.
 */
async function totalOf(
  record: InstanceRecord,
  { totals, fallbacks, strategy }: OnlineOptions,
): Promise<number | undefined> {
  const { regionId, instanceId } = record.id;
  const place = { operation: describeSagOnlineClientStatistics.name, regionId };
  if (strategy === 'fan-out' || fallbacks.applies(place)) return undefined;
  try {
    const total = await totals.of(regionId, instanceId);
    fallbacks.noteSuccess(place);
    return total;
  } catch (error) {
    if (!(error instanceof ApiError) || error.kind === 'unauthenticated') throw error;
    if (strategy === 'auto') fallbacks.note(place, error);
    else if (error.kind === 'forbidden' || error.kind === 'unsupported') throw error;
    return undefined;
  }
}

async function count(
  asking: FanOutOptions,
  total: number | undefined,
  { fallbacks, strategy }: OnlineOptions,
  signal: AbortSignal,
): Promise<Counted> {
  const { regionId, instanceId } = asking;
  const place = { operation: describeUserOnlineClientStatistics.name, regionId, instanceId };
  if (strategy === 'fan-out' || fallbacks.applies(place)) return countSingly(asking, signal);
  try {
    const result = await batched(asking, total, signal);
    fallbacks.noteSuccess(place);
    return result;
  } catch (error) {
    if (strategy === 'auto' && fallbacks.note(place, error)) return countSingly(asking, signal);
    throw error;
  }
}

async function countSingly(asking: FanOutOptions, signal: AbortSignal): Promise<Counted> {
  const { answers, failure } = await fanOut(asking, signal);
  const counts = new Map(Array.from(answers, ([name, sessions]) => [name, sessions.length]));
  return { counts, sessions: answers, ...(failure && { failure }) };
}

function everybodyOffline(userNames: readonly string[]): Counted {
  return { counts: new Map(userNames.map((userName) => [userName, 0])) };
}
