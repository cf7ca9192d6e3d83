import type { Faults } from '../faults.ts';
import type { Keys } from '../keys.ts';
import type { Limits } from '../limits.ts';
import type { Permissions } from '../permissions.ts';
import type { QuirkSwitches } from '../quirks/switches.ts';
import type { Requests } from '../requests.ts';
import type { World } from '../world.ts';

/** The parts of a running simulator that can be changed and looked at. */
export interface Controlled {
  readonly world: World;
  readonly keys: Keys;
  readonly limits: Limits;
  readonly permissions: Permissions;
  readonly faults: Faults;
  readonly quirks: QuirkSwitches;
  readonly requests: Requests;
}
