/**
 * Decorates a task so that only one run is in progress. Calls during a run share the next run, which begins
 * when the current one has ended.
 */
export function oneAtATime<Outcome>(run: () => Promise<Outcome>): () => Promise<Outcome> {
  let running: Promise<Outcome> | undefined;
  let next: Promise<Outcome> | undefined;
  const begin = (): Promise<Outcome> => {
    running = run().finally(() => {
      running = undefined;
    });
    return running;
  };
  const follow = (): Promise<Outcome> => {
    next = undefined;
    return begin();
  };
  return () => {
    if (!running) return begin();
    next ??= running.then(follow, follow);
    return next;
  };
}
