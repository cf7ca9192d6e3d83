import { ApiError, type ErrorKind } from '../../model/api-error.ts';

/** Failures that everything asked after would meet too: the pass ends with the first. */
const FATAL: ReadonlySet<ErrorKind> = new Set([
  'unauthenticated',
  'forbidden',
  'unsupported',
  'not-found',
]);

/**
 * So many subjects in a row that cannot be asked about, each after its retries, mean that the API is out of
 * order as a whole; with one call in ten failing, that happens by chance in 10^-60 of passes.
 */
const FAILURES_IN_A_ROW = 20;

/** What to ask about, and how. */
export interface AskEachOptions<Subject, Answer> {
  /** Distinct. */
  readonly subjects: readonly Subject[];
  /** Asks about one subject. */
  readonly ask: (subject: Subject) => Promise<Answer>;
  /** Subjects asked about at once. */
  readonly parallel: number;
  /** Told the share of subjects that have answers. */
  readonly onProgress: (share: number) => void;
}

/** What came of it. */
export interface AskEachResult<Subject, Answer> {
  readonly answers: ReadonlyMap<Subject, Answer>;
  /** Why some subject has no answer; absent when every one has. */
  readonly failure?: ApiError;
}

/**
 * Asks about each subject of a pass, a bounded number at once; those that could not be asked are
 * asked once more at the end.
 *
 * @throws ApiError when going on is of no use, and then nothing of the pass is kept; the reason of
 *   an abort
 */
export async function askEach<Subject, Answer>(
  options: AskEachOptions<Subject, Answer>,
): Promise<AskEachResult<Subject, Answer>> {
  const answers = new Map<Subject, Answer>();
  const first = await askAll(options, options.subjects, answers);
  if (first.length === 0) return { answers };
  const again = first.map(({ subject }) => subject);
  const [unanswered] = await askAll(options, again, answers);
  return { answers, ...(unanswered && { failure: unanswered.error }) };
}

interface Unanswered<Subject> {
  readonly subject: Subject;
  readonly error: ApiError;
}

async function askAll<Subject, Answer>(
  options: AskEachOptions<Subject, Answer>,
  subjects: readonly Subject[],
  answers: Map<Subject, Answer>,
): Promise<readonly Unanswered<Subject>[]> {
  const unanswered: Unanswered<Subject>[] = [];
  const left = subjects[Symbol.iterator]();
  let inARow = 0;
  let stopped = false;

  const askNext = async (): Promise<void> => {
    for (let next = left.next(); !next.done && !stopped; next = left.next()) {
      const subject = next.value;
      try {
        answers.set(subject, await options.ask(subject));
        inARow = 0;
      } catch (error) {
        if (!(error instanceof ApiError) || FATAL.has(error.kind)) throw error;
        unanswered.push({ subject, error });
        inARow++;
        if (inARow >= FAILURES_IN_A_ROW) throw error;
      }
      options.onProgress(answers.size / options.subjects.length);
    }
  };

  try {
    await Promise.all(Array.from({ length: options.parallel }, askNext));
  } finally {
    stopped = true;
  }
  return unanswered;
}
