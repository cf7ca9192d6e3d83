import { ApiError } from '../../model/api-error.ts';

/**
 * So many subjects in a row that cannot be asked about, each after its retries, mean that the API is out of
 * order as a whole, since they come from all over the list; with one call in ten failing, that happens by
 * chance in 10^-60 of passes.
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
 * asked once more at the end. When the API does not answer at all any more, the rest is not asked.
 *
 * @throws ApiError when the API answered nothing at all, or going on is of no use, and then nothing of the pass is
 *   kept; the reason of an abort
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

/** The subjects in sweeps over the whole list, each of no more than FAILURES_IN_A_ROW. */
function* spread<Subject>(subjects: readonly Subject[]): Generator<Subject> {
  const stride = Math.ceil(subjects.length / FAILURES_IN_A_ROW);
  for (let start = 0; start < stride; start++) {
    for (let index = start; index < subjects.length; index += stride) {
      yield* subjects.slice(index, index + 1);
    }
  }
}

/** What asking left open. */
interface Asked<Subject> {
  readonly unanswered: readonly { readonly subject: Subject; readonly error: ApiError }[];
  /** Why not everybody was asked; absent when everybody was. */
  readonly givenUp?: ApiError;
}

async function askAll<Subject, Answer>(
  options: AskEachOptions<Subject, Answer>,
  subjects: Iterable<Subject>,
  answers: Map<Subject, Answer>,
): Promise<Asked<Subject>> {
  const unanswered: Asked<Subject>['unanswered'][number][] = [];
  const left = subjects[Symbol.iterator]();
  let inARow = 0;
  let givenUp: ApiError | undefined;
  let stopped = false;

  const askNext = async (): Promise<void> => {
    for (let next = left.next(); !next.done && !stopped; next = left.next()) {
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
