import type { CountingEvidence } from '../../fleet/counting-evidence.ts';
import { ApiError } from '../../model/api-error.ts';
import { USERS_PER_CALL } from '../../smartag/operations/describe-user-online-client-statistics.ts';
import { askEach } from './ask-each.ts';
import { chunksOf } from './chunks.ts';
import { type FanOutOptions, sessionsOf } from './fan-out.ts';

/*
 * The API may leave users out of the user statistics, and does not document what that means. Asking
 * each of them in every pass would cost as much as asking every user, so the meaning is learned for
 * each instance:
 *
 * - Until it is known, every left-out user is asked singly. When all of them are offline in one pass,
 *   being left out counts as offline from then on.
 * - It is also learned without a call when the instance's own total, unless it is 0, equals the sum of
 *   the users who are listed.
 * - A user whom the pass before did not find left out is looked up in the statistics a second time, so
 *   that one incomplete reply hides nobody.
 * - In each pass a few left-out users are asked singly, all of them in turn. One who is online, and
 *   whom the statistics leave out again when asked at once, contradicts: the trust ends.
 */

/** Left-out users who are asked singly in a pass to check the rule. */
export const SAMPLE = 20;

/** Of those, users whom the pass before did not find left out: they are likeliest to be left out by mistake. */
const VANISHED_IN_SAMPLE = 2;

/** What is needed to find out about left-out users. */
export interface LeftOutOptions extends FanOutOptions {
  /** Clients of the users whom the statistics list. */
  readonly listed: ReadonlyMap<string, number>;
  /** Users who were asked about and are not in the replies. */
  readonly leftOut: readonly string[];
  /** Whether some batch could not be asked about, so that `listed` is no sum. */
  readonly hasHoles: boolean;
  /** The instance's own count, when it is known. */
  readonly total: number | undefined;
  /** Clients by user as they were known before the pass. */
  readonly before: ReadonlyMap<string, number>;
  readonly evidence: CountingEvidence;
  /** Asks the statistics about at most 50 users. */
  readonly askStatistics: (userNames: readonly string[]) => Promise<ReadonlyMap<string, number>>;
}

/** What was found out about left-out users. */
export interface LeftOutResult {
  /** Clients by user; a user who could not be asked is not in it. */
  readonly counts: ReadonlyMap<string, number>;
  /** Why some user has no count; absent when every user has one. */
  readonly failure?: ApiError;
}

/**
 * Counts the clients of users whom the statistics leave out, and learns from it.
 *
 * @throws as askEach
 */
export async function countLeftOut(
  options: LeftOutOptions,
  signal: AbortSignal,
): Promise<LeftOutResult> {
  const { evidence, leftOut } = options;
  const result = leftOut.length > 0 ? await count(options, signal) : { counts: NO_COUNTS };
  // A user who turned out to be online is looked up again when the next pass finds him left out.
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
  // With a hole in the answers nothing is learned, and the left-out users keep what was known of them.
  if (hasHoles) return { counts: NO_COUNTS };
  return askAll(options, signal);
}

/** Online clients of all users together. */
export function sumOf(counts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}

function allOffline(userNames: readonly string[]): Map<string, number> {
  return new Map(userNames.map((userName) => [userName, 0]));
}

/** Counts left-out users as offline, with the checks; undefined when one of them contradicts. */
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

/** Looks users up in the statistics a second time; those who are left out again have no count. */
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

/** The next left-out users in turn, after a few of those who vanished from the statistics. */
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

/** Asks a sample singly. It is only a check: if it fails, the next pass checks again. */
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

/** Asks every left-out user singly. Learns the rule when each of them is offline. */
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

/** What asking singly found. */
interface SinglyCounted extends LeftOutResult {
  /** Whether the statistics leave out a user who is online. */
  readonly contradicted: boolean;
  /** Whether the statistics could be compared for each user who is online. */
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

/** A left-out user who is online may have come a moment ago, so the statistics are asked again at once. */
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
