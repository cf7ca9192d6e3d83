import type { CountingEvidence } from '../../fleet/counting-evidence.ts';
import { ApiError } from '../../model/api-error.ts';
import { USERS_PER_CALL } from '../../smartag/operations/describe-user-online-client-statistics.ts';
import { askEach } from './ask-each.ts';
import { chunksOf } from './chunks.ts';
import { type FanOutOptions, sessionsOf } from './fan-out.ts';

/*
 * The API may leave users out of the user statistics, and its documents do not say what that means. One call for
 * each of them in every pass could cost as much as one for every user, so the meaning is learned for each
 * instance:
 *
 * - Until the meaning is known, there is one call for each left-out user. When all of them are offline in one
 *   pass, left-out users count as offline from then on.
 * - The same is learned without a call when the API's total for the instance is not 0 and equals the sum over
 *   the listed users.
 * - A user who was not left out in the pass before is looked up in the statistics a second time, so that one
 *   incomplete reply does not hide online users.
 * - Each pass checks a few left-out users with a call for each, all of them in turn. If such a user is online
 *   and an immediate second look-up leaves the user out again, left-out users do not count as offline any more.
 */

/** Number of left-out users who are checked in each pass, with a call for each. */
export const SAMPLE = 20;

/**
 * Number of users in the sample who were not left out before. They are the most likely to be left out by
 * mistake.
 */
const VANISHED_IN_SAMPLE = 2;

export interface LeftOutOptions extends FanOutOptions {
  /** Online clients of the users whom the statistics list. */
  readonly listed: ReadonlyMap<string, number>;
  /** Users who are missing in the replies. */
  readonly leftOut: readonly string[];
  /** Whether some batch failed. Then the sum over `listed` is incomplete. */
  readonly hasHoles: boolean;
  /** The API's total for the instance, when it is known. */
  readonly total: number | undefined;
  /** Online clients by user name, as known before the pass. */
  readonly before: ReadonlyMap<string, number>;
  readonly evidence: CountingEvidence;
  readonly askStatistics: (userNames: readonly string[]) => Promise<ReadonlyMap<string, number>>;
}

export interface LeftOutResult {
  /** Online clients by user name; a user who could not be asked about is missing. */
  readonly counts: ReadonlyMap<string, number>;
  /** Why some user has no count; absent when every user has a count. */
  readonly failure?: ApiError;
}

/**
 * Counts the online clients of users whom the statistics leave out, and updates the evidence.
 *
 * @throws the same as askEach
 */
export async function countLeftOut(
  options: LeftOutOptions,
  signal: AbortSignal,
): Promise<LeftOutResult> {
  const { evidence, leftOut } = options;
  const result = leftOut.length > 0 ? await count(options, signal) : { counts: NO_COUNTS };
  // A user who is online is not remembered here. So if the statistics leave out this user again, the next
  // pass looks the user up.
  evidence.leftOut = leftOut.filter((userName) => !result.counts.get(userName));
  return result;
}

const NO_COUNTS: ReadonlyMap<string, number> = new Map();

async function count(options: LeftOutOptions, signal: AbortSignal): Promise<LeftOutResult> {
  const { evidence, leftOut, listed, total, hasHoles } = options;
  if (!hasHoles && total !== 0 && sumOf(listed) === total) {
    evidence.leftOutIsOffline = true;
    return { counts: allOffline(leftOut) };
  }
  if (evidence.leftOutIsOffline) {
    const believed = await believe(options, signal);
    if (believed) return believed;
  }
  // Incomplete answers prove nothing, and the left-out users keep their earlier counts.
  if (hasHoles) return { counts: NO_COUNTS };
  return askAll(options, signal);
}

export function sumOf(counts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}

function allOffline(userNames: readonly string[]): Map<string, number> {
  return new Map(userNames.map((userName) => [userName, 0]));
}

/** Counts left-out users as offline. Returns undefined when a check contradicts that. */
async function believe(
  options: LeftOutOptions,
  signal: AbortSignal,
): Promise<LeftOutResult | undefined> {
  const { before, evidence } = options;
  const leftOutBefore = evidence.leftOut && new Set(evidence.leftOut);
  const wasListed = (userName: string): boolean =>
    leftOutBefore ? !leftOutBefore.has(userName) : (before.get(userName) ?? 0) > 0;
  const second = await lookUpAgain(options.leftOut.filter(wasListed), options);
  const leftOut = options.leftOut.filter((userName) => !second.counts.has(userName));
  const sample = sampleOf({ ...options, leftOut }, leftOut.filter(wasListed));
  const checked = await check(sample, options, signal);
  if (checked.contradicted) {
    evidence.leftOutIsOffline = false;
    return undefined;
  }
  const counts = new Map([...allOffline(leftOut), ...second.counts, ...checked.counts]);
  if (second.failure) for (const userName of second.unanswered) counts.delete(userName);
  return { counts, ...(second.failure && { failure: second.failure }) };
}

/** Looks users up in the statistics a second time. Users who are left out again have no count. */
async function lookUpAgain(
  userNames: readonly string[],
  { askStatistics, parallel }: LeftOutOptions,
): Promise<LeftOutResult & { readonly unanswered: readonly string[] }> {
  const { answers, failure } = await askEach({
    subjects: chunksOf(userNames, USERS_PER_CALL),
    ask: askStatistics,
    parallel,
    onProgress: () => {},
  });
  const counts = new Map([...answers.values()].flatMap((answer) => [...answer]));
  const answered = new Set([...answers.keys()].flat());
  const unanswered = userNames.filter((userName) => !answered.has(userName));
  return { counts, unanswered, ...(failure && { failure }) };
}

/** Chooses the sample: a few users who have vanished from the statistics, then the next left-out users in turn. */
function sampleOf(
  { userNames, leftOut, evidence }: LeftOutOptions,
  vanished: readonly string[],
): readonly string[] {
  const sample = new Set(vanished.slice(0, VANISHED_IN_SAMPLE));
  const candidates = new Set(leftOut);
  const start =
    evidence.checkedUpTo === undefined ? 0 : userNames.indexOf(evidence.checkedUpTo) + 1;
  for (const userName of [...userNames.slice(start), ...userNames.slice(0, start)]) {
    if (sample.size >= SAMPLE) break;
    if (!candidates.has(userName) || sample.has(userName)) continue;
    sample.add(userName);
    evidence.checkedUpTo = userName;
  }
  return [...sample];
}

/** Checks a sample of users with a call for each. If the calls fail, the next pass checks again. */
async function check(
  sample: readonly string[],
  options: LeftOutOptions,
  signal: AbortSignal,
): Promise<SinglyCounted> {
  try {
    return await askSingly(sample, options, signal);
  } catch (error) {
    if (!(error instanceof ApiError) || error.policy.trouble === 'account') throw error;
    return { counts: new Map(), contradicted: false, isSure: false };
  }
}

/**
 * Makes a call for each left-out user. When all of them are offline, left-out users count as offline from now
 * on.
 */
async function askAll(options: LeftOutOptions, signal: AbortSignal): Promise<LeftOutResult> {
  const { evidence, leftOut, onProgress } = options;
  const { counts, contradicted, isSure, failure } = await askSingly(
    leftOut,
    options,
    signal,
    onProgress,
  );
  evidence.leftOutIsOffline = !contradicted && isSure && !failure;
  return { counts, ...(failure && { failure }) };
}

interface SinglyCounted extends LeftOutResult {
  /** Whether the statistics leave out a user who is online. Then they are no longer trusted. */
  readonly contradicted: boolean;
  /** Whether the statistics could be compared for every user who is online. */
  readonly isSure: boolean;
}

async function askSingly(
  userNames: readonly string[],
  options: LeftOutOptions,
  signal: AbortSignal,
  onProgress: (share: number) => void = () => {},
): Promise<SinglyCounted> {
  let contradicted = false;
  let isSure = true;
  const { answers, failure } = await askEach({
    subjects: userNames,
    ask: async (userName) => {
      const { length } = await sessionsOf(options, userName, signal);
      if (length > 0 && !contradicted) {
        const verdict = await compare(userName, options);
        contradicted ||= verdict === 'contradicts';
        isSure &&= verdict !== 'unknown';
      }
      return length;
    },
    parallel: options.parallel,
    onProgress,
  });
  return { counts: answers, contradicted, isSure, ...(failure && { failure }) };
}

/**
 * Asks the statistics again at once about a left-out user who is online, because the user may have logged in
 * a moment ago.
 */
async function compare(
  userName: string,
  { askStatistics }: LeftOutOptions,
): Promise<'agrees' | 'contradicts' | 'unknown'> {
  try {
    const answer = await askStatistics([userName]);
    return (answer.get(userName) ?? 0) > 0 ? 'agrees' : 'contradicts';
  } catch (error) {
    if (!(error instanceof ApiError) || error.policy.trouble === 'account') throw error;
    return 'unknown';
  }
}
