import { ApiError } from '../../model/api-error.ts';

/**
 * After this many failures in a row, each after its retries, the API counts as out of order as a whole,
 * because the subjects come from all parts of the list. If one call in ten fails, a subject fails in one case
 * of 1,000 (three tries), and 20 in a row fail by chance with a probability of 10^-60.
 */
const FAILURES_IN_A_ROW = 20;

export interface AskEachOptions<Subject, Answer> {
  /** Distinct. */
  readonly subjects: readonly Subject[];
  readonly ask: (subject: Subject) => Promise<Answer>;
  /** Number of subjects asked about at once. */
  readonly parallel: number;
  /** Called with the share of subjects that have answers, 0 to 1. */
  readonly onProgress: (share: number) => void;
}

export interface AskEachResult<Subject, Answer> {
  readonly answers: ReadonlyMap<Subject, Answer>;
  /** Why some subject has no answer; absent when every subject has an answer. */
  readonly failure?: ApiError;
}

/**
 * Asks about each subject, a limited number at once. Subjects that failed are asked about once more at the
 * end. When the API stops answering, the remaining subjects are not asked about.
 *
 * @throws ApiError when the API answered nothing at all, or when the kind of the error ends the pass
 * @throws the signal's reason when it aborts
 */
export async function askEach<Subject, Answer>(
  options: AskEachOptions<Subject, Answer>,
): Promise<AskEachResult<Subject, Answer>> {
  const answers = new Map<Subject, Answer>();
  const first = await askAll(options, spread(options.subjects), answers);
  const again = first.unanswered.map(({ subject }) => subject);
  const last = first.givenUp ? first : await askAll(options, spread(again), answers);
  if (last.givenUp && answers.size === 0) throw last.givenUp;
  const failure = last.givenUp ?? last.unanswered[0]?.error;
  return { answers, ...(failure && { failure }) };
}

/** Yields the subjects in several sweeps over the whole list, each of at most FAILURES_IN_A_ROW subjects. */
function* spread<Subject>(subjects: readonly Subject[]): Generator<Subject> {
  const stride = Math.ceil(subjects.length / FAILURES_IN_A_ROW);
  for (let start = 0; start < stride; start++) {
    for (let index = start; index < subjects.length; index += stride) {
      yield* subjects.slice(index, index + 1);
    }
  }
}

interface Outcome<Subject> {
  readonly unanswered: readonly { readonly subject: Subject; readonly error: ApiError }[];
  /** Why the remaining subjects were not asked about; absent when all were asked about. */
  readonly givenUp?: ApiError;
}

async function askAll<Subject, Answer>(
  options: AskEachOptions<Subject, Answer>,
  subjects: Iterable<Subject>,
  answers: Map<Subject, Answer>,
): Promise<Outcome<Subject>> {
  const unanswered: Outcome<Subject>['unanswered'][number][] = [];
  const remaining = subjects[Symbol.iterator]();
  let inARow = 0;
  let givenUp: ApiError | undefined;
  let stopped = false;

  const askNext = async (): Promise<void> => {
    for (let next = remaining.next(); !next.done && !stopped; next = remaining.next()) {
      const subject = next.value;
      try {
        answers.set(subject, await options.ask(subject));
        inARow = 0;
      } catch (error) {
        if (!(error instanceof ApiError) || error.policy.endsPass) throw error;
        unanswered.push({ subject, error });
        inARow++;
        if (inARow >= FAILURES_IN_A_ROW) {
          givenUp ??= error;
          stopped = true;
        }
      }
      options.onProgress(answers.size / options.subjects.length);
    }
  };

  try {
    await Promise.all(Array.from({ length: options.parallel }, askNext));
  } finally {
    stopped = true;
  }
  return { unanswered, ...(givenUp && { givenUp }) };
}
