import type { z } from 'zod';
import type { Mapping } from '../../input/path.ts';
import type { Finding } from '../../input/problem.ts';
import type { Controlled } from './controlled.ts';

export type Outcome = Readonly<Record<string, unknown>>;

/**
 * Carries out an action.
 *
 * @throws Error when that is impossible now, for example because the instance does not exist
 */
export type Perform = (controlled: Controlled) => Outcome;

/** A change to a running simulator, made by the control API or by a scenario. */
export interface Action {
  /** The path in the control API, and the key in a scenario's events. */
  readonly name: string;
  /** One sentence for the reference. */
  readonly does: string;
  /** Reads the keys of the action, and turns them into the function that carries it out. */
  readonly schema: z.ZodType<Perform>;
  readonly check: (keys: Mapping) => Iterable<Finding>;
}

export function defineAction<Schema extends z.ZodType>(action: {
  readonly name: string;
  readonly does: string;
  readonly takes: Schema;
  readonly check?: Action['check'];
  // biome-ignore lint/suspicious/noConfusingVoidType: most actions have no result, and return nothing.
  readonly perform: (controlled: Controlled, keys: z.output<Schema>) => Outcome | void;
}): Action {
  const { name, does, takes, check = () => [], perform } = action;
  const schema = takes
    .transform(
      (keys): Perform =>
        (controlled) =>
          perform(controlled, keys) ?? {},
    )
    .describe(does);
  return { name, does, schema, check };
}
