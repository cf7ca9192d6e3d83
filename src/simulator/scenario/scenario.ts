import type { Log } from '../../log.ts';
import type { Perform } from '../control/action.ts';
import type { Controlled } from '../control/controlled.ts';
import { toInstanceSpec } from '../control/instance-keys.ts';
import type { Quirks } from '../rules/quirks/table.ts';
import type { InstanceSpec } from '../world/spec.ts';
import type { Happening } from './happening.ts';
import type { Moment } from './moment.ts';
import { numbered, type ScenarioFile } from './schema.ts';

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
  /** The quirks of the scenario that differ from the default. */
  readonly quirks: Partial<Quirks>;
  /** Actions that happen before the first call. */
  readonly beginning: readonly Perform[];
  readonly happenings: readonly Happening[];
}

/** Converts a checked file to a scenario. */
export function toScenario(file: ScenarioFile): Scenario {
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
