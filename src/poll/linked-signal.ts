import { setMaxListeners } from 'node:events';

export interface LinkedSignal {
  readonly signal: AbortSignal;
  /** Removes its listeners from the sources, which may live as long as the process. */
  unlink(): void;
}

/**
 * Creates a signal that aborts with the first of `sources`. AbortSignal.any is not used, because the signal
 * of each pass would stay registered with sources that live as long as the daemon.
 */
export function linkedSignal(...sources: readonly AbortSignal[]): LinkedSignal {
  const controller = sharedController();
  const aborted = sources.find((source) => source.aborted);
  if (aborted) controller.abort(aborted.reason);
  const listeners = sources.map((source) => {
    const follow = (): void => controller.abort(source.reason);
    source.addEventListener('abort', follow, { once: true });
    return () => source.removeEventListener('abort', follow);
  });
  return {
    signal: controller.signal,
    unlink: () => {
      for (const remove of listeners) remove();
    },
  };
}

/** A controller without the leak warning that Node.js gives at more than ten listeners. */
export function sharedController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
