import type { Requests } from '../gateway/requests.ts';
import type { Faults } from '../rules/faults.ts';
import type { Keys } from '../rules/keys.ts';
import type { Limits } from '../rules/limits.ts';
import type { Permissions } from '../rules/permissions.ts';
import type { QuirkSwitches } from '../rules/quirks/switches.ts';
import type { World } from '../world/world.ts';

/** The parts of a running simulator that the control API and scenarios read and change. */
export interface Controlled {
  readonly world: World;
  readonly keys: Keys;
  readonly limits: Limits;
  readonly permissions: Permissions;
  readonly faults: Faults;
  readonly quirks: QuirkSwitches;
  readonly requests: Requests;
}
