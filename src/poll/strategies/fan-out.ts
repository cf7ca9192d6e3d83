import { ApiError, type ErrorKind } from '../../model/api-error.ts';

/** Failures that every further user would meet too: the pass ends with the first. */
const FATAL: ReadonlySet<ErrorKind> = new Set(['unauthenticated', 'forbidden', 'unsupported']);

/**
 * So many users in a row that cannot be asked, each after its retries, mean that the API is out of
 * order as a whole; with one call in ten failing, that happens by chance in 10^-60 of passes.
 */
const FAILURES_IN_A_ROW = 20;

/** Code of DescribeUserOnlineClients for a user that does not exist. */
const NO_SUCH_USER = 'ClientUser.NameInvalid';

/** Whom to ask about, and how. */
export interface FanOutOptions<Answer> {
  readonly userNames: readonly string[];
  /** Asks about one user. */
  readonly ask: (userName: string) => Promise<Answer>;
  /** The answer for a user who does not exist any more. */
  readonly absent: Answer;
  /** Users asked about at once. */
  readonly parallel: number;
  /** Told the share of users asked about. */
  readonly onProgress: (share: number) => void;
}

/** What a fan-out found. */
export interface FanOutResult<Answer> {
  readonly answers: ReadonlyMap<string, Answer>;
  /** Why some user has no answer; absent when everybody has one. */
  readonly failure?: ApiError;
}

/**
 * Asks about each user singly, a bounded number at once; those who could not be asked are asked
 * once more at the end.
 *
 * @throws ApiError when going on is of no use, and then nothing of the pass is kept; the reason of
 *   an abort
 */
export async function fanOut<Answer>(
  options: FanOutOptions<Answer>,
): Promise<FanOutResult<Answer>> {
  const answers = new Map<string, Answer>();
  const first = await askAll(options, options.userNames, answers);
  if (first.length === 0) return { answers };
  const second = await askAll(
    options,
    first.map(({ userName }) => userName),
    answers,
  );
  const [unanswered] = second;
  return { answers, ...(unanswered && { failure: unanswered.error }) };
}

interface Unanswered {
  readonly userName: string;
  readonly error: ApiError;
}

async function askAll<Answer>(
  options: FanOutOptions<Answer>,
  userNames: readonly string[],
  answers: Map<string, Answer>,
): Promise<readonly Unanswered[]> {
  const unanswered: Unanswered[] = [];
  const left = userNames[Symbol.iterator]();
  let inARow = 0;
  let stopped = false;

  const askNext = async (): Promise<void> => {
    for (let next = left.next(); !next.done && !stopped; next = left.next()) {
      const userName = next.value;
      try {
        answers.set(userName, await options.ask(userName));
        inARow = 0;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.code === NO_SUCH_USER) {
          answers.set(userName, options.absent);
          continue;
        }
        if (FATAL.has(error.kind) || error.kind === 'not-found') throw error;
        unanswered.push({ userName, error });
        inARow++;
        if (inARow >= FAILURES_IN_A_ROW) throw error;
      }
      options.onProgress(answers.size / options.userNames.length);
    }
  };

  try {
    await Promise.all(Array.from({ length: options.parallel }, askNext));
  } finally {
    stopped = true;
  }
  return unanswered;
}
