import type { Clock } from '../../clock.ts';
import type { InstanceRecord } from '../../fleet/fleet.ts';
import { onlineSnapshot } from '../../fleet/snapshots.ts';
import type { ApiError } from '../../model/api-error.ts';
import type { Session } from '../../model/session.ts';
import type { Client } from '../../smartag/operation.ts';
import type { Fallbacks, Place } from '../fallbacks.ts';
import type { PollSettings } from '../settings.ts';
import { batched } from '../strategies/batched.ts';
import { type FanOutOptions, fanOut } from '../strategies/fan-out.ts';
import { sumOf } from '../strategies/left-out.ts';
import { isTrustedZero, noteTotal } from '../strategies/zero-total.ts';
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

/** The clients of each user, with what else the count found. */
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
  const { regionId, instanceId } = record.id;
  const asksTotal = options.strategy !== 'fan-out' && userNames.length > 0;
  const total = asksTotal ? await options.totals.of(regionId, instanceId) : undefined;
  const context = { evidence: record.evidence, proof: options.totals.proof };
  const isSettled = userNames.length === 0 || isTrustedZero(context, total);
  const { counts, sessions, failure } = isSettled
    ? everybodyOffline(userNames)
    : await count(record, userNames, total, options, signal);
  if (asksTotal) {
    const sum = sumOf(counts);
    const isComplete = failure === undefined;
    if (total !== undefined && isComplete && sum !== total) record.counters.onlineDisagreements++;
    noteTotal(context, { total, sum, isComplete });
  }
  record.snapshot = {
    ...record.snapshot,
    online: onlineSnapshot(users, counts, record.snapshot.online),
  };
  return { begun, ...(sessions && { sessions }), ...(failure && { failure }) };
}

async function count(
  record: InstanceRecord,
  userNames: readonly string[],
  total: number | undefined,
  { client, fallbacks, parallel, strategy }: OnlineOptions,
  signal: AbortSignal,
): Promise<Counted> {
  const { regionId, instanceId } = record.id;
  const place: Place = { operation: 'DescribeUserOnlineClientStatistics', regionId, instanceId };
  const onProgress = (share: number): void => record.stages.online.advance(share);
  const before = record.snapshot.online?.clients ?? new Map<string, number>();
  const wasOnline = (userName: string): boolean => (before.get(userName) ?? 0) > 0;
  const asking = { client, regionId, instanceId, userNames, parallel, onProgress, wasOnline };
  if (strategy === 'fan-out' || fallbacks.applies(place)) return countSingly(asking, signal);
  try {
    const result = await batched({ ...asking, total, before, evidence: record.evidence }, signal);
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
