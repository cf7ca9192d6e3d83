import { locateProblems, readDocument } from '../../input/document.ts';
import type { Environment } from '../../input/environment.ts';
import { ConfigError } from '../../input/problem.ts';
import { type ReadFile, readInputFile, readText } from '../../input/read-file.ts';
import { validate } from '../../input/validate.ts';
import type { Log } from '../../log.ts';
import type { Perform } from '../control/action.ts';
import type { Controlled } from '../control/controlled.ts';
import { toInstanceSpec } from '../control/instance-keys.ts';
import type { Quirks } from '../rules/quirks/table.ts';
import type { InstanceSpec } from '../world/spec.ts';
import type { Happening } from './happening.ts';
import type { Moment } from './moment.ts';
import { numbered, type ScenarioFile, scenarioFormat } from './schema.ts';

/** The fleet at the start of a simulator, and the actions that change it later. */
export interface Scenario {
  readonly seed: number;
  /** World time at the start, computed from the clock's time; undefined when it is the clock's time. */
  readonly start: Moment | undefined;
  /** World milliseconds per clock millisecond. */
  readonly speed: number;
  /** Whether the scenario has access keys. If so, there is no default key. */
  readonly hasKeys: boolean;
  /**
   * The fleet at the start.
   *
   * @param wall the time of the clock
   */
  instances(wall: number): readonly InstanceSpec[];
  readonly quirks: Partial<Quirks>;
  /** Actions that happen before the first call. */
  readonly beginning: readonly Perform[];
  readonly happenings: readonly Happening[];
}

function toScenario(file: ScenarioFile): Scenario {
  const { seed, start, speed, rhythm, keys, limits, quirks, faults, events } = file;
  return {
    seed,
    start,
    speed,
    hasKeys: keys.length > 0,
    instances: (wall) =>
      file.instances.flatMap(({ count, ...instance }) => {
        const names = numbered(instance.name ?? instance.id, count);
        return numbered(instance.id, count).map((id, index) =>
          toInstanceSpec({ ...instance, id, name: names[index] }, wall, rhythm),
        );
      }),
    quirks,
    beginning: [...keys, ...limits],
    happenings: [...faults, ...events.flat()],
  };
}

/**
 * Carries out the actions of the beginning, and plans the others. An action that is impossible when
 * its time has come, for example because its user no longer exists, is logged and left out.
 */
export function beginScenario(
  { beginning, happenings }: Scenario,
  controlled: Controlled,
  log: Log,
): void {
  const { world } = controlled;
  for (const perform of beginning) perform(controlled);
  const start = world.time.now();
  for (const { at, every, what, perform } of happenings) {
    const happen = (): void => {
      const time = new Date(world.time.now()).toISOString();
      try {
        perform(controlled);
        log.info({ action: what, world_time: time }, 'scenario: action done');
      } catch (error) {
        const reason = error instanceof Error ? error.message : 'unknown';
        log.warn(
          { action: what, world_time: time, reason },
          'scenario: action not possible, left out',
        );
      }
    };
    world.plan(at(start), happen, every);
  }
}

export interface ScenarioSource {
  /** The variables that `${NAME}` in the file stands for. @default none */
  readonly env?: Environment;
  /** @default reads from the file system */
  readonly readFile?: ReadFile;
}

/** Reads and checks a scenario file. @throws ConfigError with every problem at once */
export async function loadScenario(file: string, source: ScenarioSource = {}): Promise<Scenario> {
  const { env = {}, readFile = readText } = source;
  const document = readDocument(
    await readInputFile(file, readFile, { mayBePipe: true }),
    file,
    env,
  );
  const { output, findings } = validate(scenarioFormat, document.value, document);
  const problems = locateProblems([...document.findings, ...findings], file, document);
  if (output === undefined || problems.length > 0) throw new ConfigError(problems);
  return toScenario(output);
}
