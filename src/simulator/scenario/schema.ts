import type { z } from 'zod';
import { find, formatPath, isMapping, type Mapping, type Path } from '../../input/path.ts';
import type { Finding } from '../../input/problem.ts';
import type { Format } from '../../input/validate.ts';
import { integer, list, positive, section, text } from '../../input/values.ts';
import { EVENT_ACTIONS } from '../control/actions/index.ts';
import { addKey } from '../control/actions/keys.ts';
import { setLimit } from '../control/actions/limits.ts';
import { INSTANCE_KEYS } from '../control/instance-keys.ts';
import { rhythmKeys } from '../control/values.ts';
import { quirkKeys } from '../rules/quirks/keys.ts';
import { checkEvent, checkScheduledFault, event, scheduledFault } from './happening.ts';
import { startOfWorld } from './moment.ts';

/** Where the number of one of several instances stands in their id and name. */
const NUMBER = '{n}';

/** More than any account has; each is built at the start. */
const MOST_INSTANCES = 10_000;

const instances = section({
  ...INSTANCE_KEYS,
  id: text(
    'an instance id such as sag-abc123, or sag-{n} with count',
    /^[A-Za-z0-9-]*(?:\{n\}[A-Za-z0-9-]*)?$/,
  ).describe('Id of the instance; with `count`, `{n}` in it is the number.'),
  count: integer(1, MOST_INSTANCES).prefault(1).describe('How many such instances.'),
});

const scenarioFile = section({
  description: text('a text').optional().describe('What the scenario shows.'),
  seed: integer(0)
    .prefault(1)
    .describe('Everything random follows from it: the same seed gives the same world.'),
  start: startOfWorld()
    .optional()
    .describe(
      "The world's time at the start, such as `2026-03-02 06:00`; by default the clock's, in UTC.",
    ),
  speed: positive()
    .prefault(1)
    .describe('World seconds in a real one; 144 is a day in ten minutes.'),
  rhythm: rhythmKeys()
    .optional()
    .describe('How many are online through the day, where an instance does not say.'),
  instances: list(instances)
    .min(1, { error: 'at least one instance' })
    .describe('The fleet at the start.'),
  keys: list(addKey.schema)
    .prefault([])
    .describe('The access keys; by default `testid` with the secret `testsecret`.'),
  limits: list(setLimit.schema).prefault([]).describe("The API's limits of calls at the start."),
  quirks: quirkKeys()
    .prefault({})
    .describe('How the API answers where its documents contradict each other or are silent.'),
  faults: list(scheduledFault).prefault([]).describe('What goes wrong, and when.'),
  events: list(event).prefault([]).describe('What happens, and when.'),
});

/** A scenario file, and what holds between its keys. */
export const scenarioFormat: Format<typeof scenarioFile> = {
  schema: scenarioFile,
  rules: [
    { at: '', check: uniqueInstances },
    { at: '', check: knownInstances },
    { at: 'keys[*]', check: addKey.check },
    { at: 'limits[*]', check: setLimit.check },
    { at: 'faults[*]', check: checkScheduledFault },
    { at: 'events[*]', check: checkEvent },
    ...EVENT_ACTIONS.map(({ name, check }) => ({ at: `events[*].${name}`, check })),
  ],
};

export type ScenarioFile = z.output<typeof scenarioFile>;

/** Of what the file says, in its order: instances that a scenario begins with or creates. */
function idsOf(file: Mapping): readonly { readonly id: string; readonly path: Path }[] {
  const atStart = find(file, 'instances[*]').flatMap(({ path, value }) => {
    const { id, count = 1 } = isMapping(value) ? value : {};
    if (typeof id !== 'string' || typeof count !== 'number' || count > MOST_INSTANCES) return [];
    return numbered(id, count).map((one) => ({ id: one, path: [...path, 'id'] }));
  });
  const created = find(file, 'events[*].add_instance.id').flatMap(({ path, value }) =>
    typeof value === 'string' ? [{ id: value, path }] : [],
  );
  return [...atStart, ...created];
}

/** An instance that comes, goes and comes again has its id at several events. */
function* uniqueInstances(file: Mapping): Generator<Finding> {
  const seen = new Map<string, string>();
  for (const { id, path } of idsOf(file)) {
    if (path[0] !== 'instances') return;
    const here = formatPath(path.slice(0, -1));
    const earlier = seen.get(id);
    if (earlier === here) {
      yield { path, expected: `${NUMBER} in the id of several instances`, got: JSON.stringify(id) };
      return;
    }
    if (earlier !== undefined) yield { path, expected: 'a unique id', got: `that of ${earlier}` };
    seen.set(id, here);
  }
}

/** A misspelt instance would match no call, and only later fail to be found. */
function* knownInstances(file: Mapping): Generator<Finding> {
  const known = new Set(idsOf(file).map(({ id }) => id));
  const actions = EVENT_ACTIONS.flatMap(({ name }) => [
    `events[*].${name}.instance`,
    `events[*].${name}.id`,
  ]);
  for (const pattern of ['faults[*].instance', ...actions]) {
    for (const { path, value } of find(file, pattern)) {
      if (typeof value !== 'string' || known.has(value)) continue;
      yield { path, expected: 'an instance of the scenario', got: JSON.stringify(value) };
    }
  }
}

/** The ids, or names, of instances of which there may be several. */
export function numbered(template: string, count: number): readonly string[] {
  const width = String(count).length;
  return Array.from({ length: count }, (_, index) =>
    template.replace(NUMBER, String(index + 1).padStart(width, '0')),
  );
}
