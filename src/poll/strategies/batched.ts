import type { CountingEvidence } from '../../fleet/counting-evidence.ts';
import type { ApiError } from '../../model/api-error.ts';
import {
  describeUserOnlineClientStatistics,
  USERS_PER_CALL,
} from '../../smartag/operations/describe-user-online-client-statistics.ts';
import { askEach } from './ask-each.ts';
import { chunksOf } from './chunks.ts';
import type { FanOutOptions } from './fan-out.ts';
import { countLeftOut } from './left-out.ts';
import { isMissingUser } from './missing-user.ts';

export interface BatchedOptions extends FanOutOptions {
  /** The API's total for the instance, when it is known. */
  readonly total: number | undefined;
  /** Online clients by user name, as known before the pass. */
  readonly before: ReadonlyMap<string, number>;
  /** What is known about the API's counts; the count uses and updates it. */
  readonly evidence: CountingEvidence;
}

export interface BatchedResult {
  readonly counts: ReadonlyMap<string, number>;
  /** Why some user has no count; absent when every user has a count. */
  readonly failure?: ApiError;
}

/**
 * Counts the online clients of users, 50 users a call, and those of users whom the statistics leave out.
 *
 * @throws the same as askEach
 */
export async function batched(
  options: BatchedOptions,
  signal: AbortSignal,
): Promise<BatchedResult> {
  const { userNames, parallel, onProgress } = options;
  const askStatistics = (names: readonly string[]) => countsOf(options, names, signal);
  const { answers, failure } = await askEach({
    subjects: chunksOf(userNames, USERS_PER_CALL),
    ask: async (names) => {
      const answer = await askStatistics(names);
      return emptiesAll(names, answer, options.wasOnline) ? await askStatistics(names) : answer;
    },
    parallel,
    onProgress,
  });
  const listed = new Map<string, number>();
  const leftOut: string[] = [];
  for (const [chunk, answer] of answers) {
    for (const userName of chunk) {
      const count = answer.get(userName);
      if (count === undefined) leftOut.push(userName);
      else listed.set(userName, count);
    }
  }
  const others = await countLeftOut(
    { ...options, listed, leftOut, hasHoles: failure !== undefined, askStatistics },
    signal,
  );
  const incomplete = failure ?? others.failure;
  return {
    counts: new Map([...listed, ...others.counts]),
    ...(incomplete && { failure: incomplete }),
  };
}

/**
 * Whether an answer says that all users of the call who were online are offline now. A garbled answer may say
 * so, so the call is made again. Users whom the answer leaves out are checked elsewhere (left-out.ts).
 */
function emptiesAll(
  userNames: readonly string[],
  answer: ReadonlyMap<string, number>,
  wasOnline: FanOutOptions['wasOnline'],
): boolean {
  const online = userNames.filter((userName) => wasOnline?.(userName));
  return online.length > 0 && online.every((userName) => answer.get(userName) === 0);
}

/**
 * A call fails as a whole when one of its users does not exist. Then it is made again for each half of the
 * users.
 */
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
