import type { Log } from '../../log.ts';
import type { Perform } from '../control/action.ts';
import type { Controlled } from '../control/controlled.ts';
import { toInstanceSpec } from '../control/instance-keys.ts';
import type { Quirks } from '../rules/quirks/table.ts';
import type { InstanceSpec } from '../world/spec.ts';
import type { Happening } from './happening.ts';
import type { Moment } from './moment.ts';
import { numbered, type ScenarioFile } from './schema.ts';

/** A fleet and what becomes of it: how a simulator begins, and what then happens when. */
export interface Scenario {
  readonly seed: number;
  /** The world's beginning, once the clock's now is known; undefined: that. */
  readonly start: Moment | undefined;
  /** World milliseconds in one of the clock. */
  readonly speed: number;
  /** Whether it brings its own access keys. */
  readonly hasKeys: boolean;
  /** The fleet at the start. @param wall the clock's now */
  instances(wall: number): readonly InstanceSpec[];
  /** How the API answers, where that is not as by default. */
  readonly quirks: Partial<Quirks>;
  /** What is done before the first call. */
  readonly beginning: readonly Perform[];
  readonly happenings: readonly Happening[];
}

/** A file that the schema and the rules let through, in the simulator's words. */
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
 * Does what is to be done at the beginning, and plans the rest. An action that cannot be done when
 * its time has come, as the user it kicks is gone, is logged and left out.
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
        log.info({ action: what, world_time: time }, 'scenario');
      } catch (error) {
        const reason = error instanceof Error ? error.message : 'failed';
        log.warn({ action: what, world_time: time, reason }, 'scenario: an action failed');
      }
    };
    world.plan(at(start), happen, every);
  }
}
