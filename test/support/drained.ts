/** Runs work that may be interrupted to its end at once. */
export function drained<Result>(work: Generator<undefined, Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
