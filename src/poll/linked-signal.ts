import { setMaxListeners } from 'node:events';

/** A signal that follows others until it is unlinked. */
export interface LinkedSignal {
  readonly signal: AbortSignal;
  /** Leaves nothing behind on the signals it followed, which may live as long as the process. */
  unlink(): void;
}

/**
 * A signal that aborts with the first of `sources`. Instead of AbortSignal.any, whose results stay
 * registered with a long-lived source: a daemon makes one for each pass.
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

/** A controller whose signal many calls listen to: Node warns of a leak past ten listeners. */
export function sharedController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
