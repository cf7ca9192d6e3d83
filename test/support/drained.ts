/** Runs a generator that yields between slices of work to its end, without pauses. */
export function drained<Result>(work: Generator<undefined, Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
