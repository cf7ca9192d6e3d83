/**
 * Makes a task run one at a time. A call while it runs gets the outcome of a run that begins after
 * it; all such calls share that one.
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
