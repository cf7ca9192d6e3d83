import type { z } from 'zod';
import type { Mapping } from '../../input/path.ts';
import type { Finding } from '../../input/problem.ts';
import type { Controlled } from './controlled.ts';

/** What an action has to say of what it did, ready for JSON. */
export type Outcome = Readonly<Record<string, unknown>>;

/**
 * Does what was asked for.
 *
 * @throws Error where that cannot be done now, as there is no such instance
 */
export type Perform = (controlled: Controlled) => Outcome;

/** One thing that can be done to a running simulator: live, or by a scenario at its moment. */
export interface Action {
  /** In the control API's paths and as a key of a scenario's events. */
  readonly name: string;
  /** One sentence. */
  readonly does: string;
  /** What it takes; turns it into the deed. */
  readonly schema: z.ZodType<Perform>;
  /** What must hold between its keys. */
  readonly check: (keys: Mapping) => Iterable<Finding>;
}

/** An action, with the compiler's eye on what it takes. */
export function defineAction<Schema extends z.ZodType>(action: {
  readonly name: string;
  readonly does: string;
  readonly takes: Schema;
  readonly check?: Action['check'];
  // biome-ignore lint/suspicious/noConfusingVoidType: most actions have nothing to say, and say so.
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
