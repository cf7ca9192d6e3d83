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

/** Placeholder in id and name of several instances. It is replaced by the number of each instance. */
const NUMBER = '{n}';

/** Maximum number of instances, which are all created at the start. No real account has as many. */
const MOST_INSTANCES = 10_000;

const instances = section({
  ...INSTANCE_KEYS,
  id: text(
    'an instance id such as sag-abc123, or sag-{n} with count',
    /^[A-Za-z0-9-]*(?:\{n\}[A-Za-z0-9-]*)?$/,
  ).describe('Id of the instance. With `count`, `{n}` in it stands for the number of each.'),
  count: integer(1, MOST_INSTANCES).prefault(1).describe('Number of such instances.'),
});

const scenarioFile = section({
  description: text('a text').optional().describe('What the scenario shows.'),
  seed: integer(0)
    .prefault(1)
    .describe('Decides everything random: the same seed gives the same world.'),
  start: startOfWorld()
    .optional()
    .describe(
      "The world's time at the start, such as `2026-03-02 06:00`, in UTC; by default the real time.",
    ),
  speed: positive()
    .prefault(1)
    .describe('World seconds in a real second; 144 is a day in ten minutes.'),
  rhythm: rhythmKeys()
    .optional()
    .describe(
      'Share of online users through the day, for instances without `online` and `rhythm`.',
    ),
  instances: list(instances)
    .min(1, { error: 'at least one instance' })
    .describe('The fleet at the start.'),
  keys: list(addKey.schema)
    .prefault([])
    .describe('Access keys; by default `testid` with the secret `testsecret`.'),
  limits: list(setLimit.schema).prefault([]).describe("The API's rate limits at the start."),
  quirks: quirkKeys()
    .prefault({})
    .describe('How the API answers when its documents contradict each other or are silent.'),
  faults: list(scheduledFault).prefault([]).describe('Calls that go wrong, and when.'),
  events: list(event).prefault([]).describe('Actions, and when they happen.'),
});

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

/** The ids of the instances that a scenario begins with or creates, in the order of the file. */
function idsOf(file: Mapping): readonly { readonly id: string; readonly path: Path }[] {
  const atStart = find(file, 'instances[*]').flatMap(({ path, value }) => {
    const { id, count = 1 } = isMapping(value) ? value : {};
    if (typeof id !== 'string' || typeof count !== 'number' || count > MOST_INSTANCES) return [];
    return numbered(id, count).map((numberedId) => ({ id: numberedId, path: [...path, 'id'] }));
  });
  const created = find(file, 'events[*].add_instance.id').flatMap(({ path, value }) =>
    typeof value === 'string' ? [{ id: value, path }] : [],
  );
  return [...atStart, ...created];
}

/** Checks the instances at the start only: events may remove an instance and add it again. */
function* uniqueInstances(file: Mapping): Generator<Finding> {
  const seen = new Map<string, string>();
  for (const { id, path } of idsOf(file)) {
    if (path[0] !== 'instances') return;
    const here = formatPath(path.slice(0, -1));
    const earlier = seen.get(id);
    if (earlier === here) {
      yield { path, expected: `${NUMBER} in an id with count`, got: JSON.stringify(id) };
      return;
    }
    if (earlier !== undefined) yield { path, expected: 'a unique id', got: `the id of ${earlier}` };
    seen.set(id, here);
  }
}

/** Finds misspelt ids early. A fault would match no call, and an action would fail only at its time. */
function* knownInstances(file: Mapping): Generator<Finding> {
  const ids = new Set(idsOf(file).map(({ id }) => id));
  const actions = EVENT_ACTIONS.flatMap(({ name }) => [
    `events[*].${name}.instance`,
    `events[*].${name}.id`,
  ]);
  for (const pattern of ['faults[*].instance', ...actions]) {
    for (const { path, value } of find(file, pattern)) {
      if (typeof value !== 'string' || ids.has(value)) continue;
      yield { path, expected: 'an instance of the scenario', got: JSON.stringify(value) };
    }
  }
}

export function numbered(template: string, count: number): readonly string[] {
  const width = String(count).length;
  return Array.from({ length: count }, (_, index) =>
    template.replace(NUMBER, String(index + 1).padStart(width, '0')),
  );
}
