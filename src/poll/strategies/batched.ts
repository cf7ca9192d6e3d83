import type { ApiError } from '../../model/api-error.ts';
import {
  describeUserOnlineClientStatistics,
  USERS_PER_CALL,
} from '../../smartag/operations/describe-user-online-client-statistics.ts';
import { askEach } from './ask-each.ts';
import { chunksOf } from './chunks.ts';
import { type FanOutOptions, fanOut } from './fan-out.ts';
import { isMissingUser } from './missing-user.ts';

/** What a batched count found. */
export interface BatchedResult {
  /** Online clients by user. */
  readonly counts: ReadonlyMap<string, number>;
  /** Why some user has no count; absent when everybody has one. */
  readonly failure?: ApiError;
}

/**
 * The online clients of users, 50 a call. A user whom the statistics leave out is offline when the
 * others' sum is the instance's own total; else nobody knows, and the user is asked about singly.
 *
 * @param total the instance's own count, when it is known
 * @throws as askEach
 */
export async function batched(
  options: FanOutOptions,
  total: number | undefined,
  signal: AbortSignal,
): Promise<BatchedResult> {
  const { userNames, parallel, onProgress } = options;
  const { answers, failure } = await askEach({
    subjects: chunksOf(userNames, USERS_PER_CALL),
    ask: (chunk) => countsOf(options, chunk, signal),
    parallel,
    onProgress,
  });
  const counts = new Map<string, number>();
  const leftOut: string[] = [];
  for (const [chunk, answer] of answers) {
    for (const userName of chunk) {
      const count = answer.get(userName);
      if (count === undefined) leftOut.push(userName);
      else counts.set(userName, count);
    }
  }
  // With a hole in the sum nothing can be said of those left out: they keep what was known of them.
  if (failure) return { counts, failure };
  if (leftOut.length === 0) return { counts };
  if (sumOf(counts) === total) {
    for (const userName of leftOut) counts.set(userName, 0);
    return { counts };
  }
  const singly = await fanOut({ ...options, userNames: leftOut }, signal);
  for (const [userName, sessions] of singly.answers) counts.set(userName, sessions.length);
  return { counts, ...(singly.failure && { failure: singly.failure }) };
}

/** One name that does not exist spoils a call for all: such a call is made again in halves. */
async function countsOf(
  options: FanOutOptions,
  userNames: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const { client, regionId, instanceId } = options;
  try {
    const request = { regionId, instanceId, userNames };
    return await client.call(describeUserOnlineClientStatistics, request, signal);
  } catch (error) {
    if (!isMissingUser(error)) throw error;
    if (userNames.length === 1) return new Map(userNames.map((userName) => [userName, 0]));
    const half = Math.ceil(userNames.length / 2);
    return new Map([
      ...(await countsOf(options, userNames.slice(0, half), signal)),
      ...(await countsOf(options, userNames.slice(half), signal)),
    ]);
  }
}

/** Online clients of all users together. */
export function sumOf(counts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}
