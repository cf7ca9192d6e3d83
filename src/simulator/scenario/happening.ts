import { SECOND } from '../../clock.ts';
import { parseDuration } from '../../input/duration.ts';
import type { Mapping } from '../../input/path.ts';
import type { Finding } from '../../input/problem.ts';
import { duration, section } from '../../input/values.ts';
import type { Perform } from '../control/action.ts';
import { addFaultTo } from '../control/actions/faults.ts';
import { EVENT_ACTIONS } from '../control/actions/index.ts';
import { checkFault, FAULT_KEYS } from '../control/fault-keys.ts';
import { type Moment, moment } from './moment.ts';

export interface Happening {
  readonly at: Moment;
  /** Milliseconds of world time after which the action happens again; undefined when it happens once. */
  readonly every: number | undefined;
  readonly what: string;
  readonly perform: Perform;
}

const TIMES = {
  at: moment()
    .prefault('0s')
    .describe('When: a time after the start, or a time of the day; by default at the start.'),
  every: duration(SECOND).optional().describe('Interval after which it happens again, and so on.'),
};

export const scheduledFault = section({ ...FAULT_KEYS, ...TIMES }).transform(
  ({ at, every, ...keys }): Happening => ({
    at,
    every,
    what: 'add_fault',
    perform: (controlled) => addFaultTo(controlled, keys),
  }),
);

const ACTION_KEYS = Object.fromEntries(
  EVENT_ACTIONS.map(({ name, schema }) => [name, schema.optional()]),
);

export const event = section({ ...ACTION_KEYS, ...TIMES }).transform(
  (keys): readonly Happening[] => {
    const { at, every } = keys;
    // The compiler cannot derive the types of keys that are made from a list.
    const performs = keys as Readonly<Record<string, unknown>> as Performs;
    return EVENT_ACTIONS.flatMap(({ name: what }) => {
      const perform = performs[what];
      return perform === undefined ? [] : [{ at, every, what, perform }];
    });
  },
);

type Performs = Readonly<Record<string, Perform | undefined>>;

export function* checkScheduledFault(keys: Mapping): Generator<Finding> {
  yield* checkFault(keys);
  if (keys['every'] === undefined) return;
  const [lasts, every] = [millisecondsOf(keys['for']), millisecondsOf(keys['every'])];
  if (lasts !== undefined && every !== undefined && lasts < every) return;
  yield {
    path: ['for'],
    expected: 'a time shorter than every',
    got: lasts === undefined ? 'nothing' : 'a time that is not shorter',
  };
}

export function* checkEvent(keys: Mapping): Generator<Finding> {
  const named = EVENT_ACTIONS.filter(({ name }) => keys[name] !== undefined);
  if (named.length !== 1) {
    const expected = `exactly one action such as ${EVENT_ACTIONS.slice(0, 3)
      .map(({ name }) => name)
      .join(', ')}`;
    yield { path: [], expected, got: named.map(({ name }) => name).join(' and ') || 'none' };
  }
}

function millisecondsOf(written: unknown): number | undefined {
  return typeof written === 'string' ? parseDuration(written) : undefined;
}
