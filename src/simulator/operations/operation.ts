import type { ErrorCode } from '../gateway/errors.ts';
import type { Parameters } from '../gateway/parameters.ts';
import type { Reply } from '../gateway/reply.ts';
import type { Quirks } from '../rules/quirks/table.ts';
import type { Roles } from '../rules/roles.ts';
import type { Random } from '../world/random.ts';
import type { World } from '../world/world.ts';

/** The products whose operations the simulator has, by their names in the public lists of error codes. */
export type Product = 'Smartag' | 'Sts';

export interface Call {
  readonly parameters: Parameters;
  readonly world: World;
  readonly roles: Roles;
  readonly requestId: string;
  readonly accessKeyId: string;
  /** The time of the answer, in milliseconds since the epoch. */
  readonly now: number;
  readonly quirks: Quirks;
  /** For values that the API makes up, such as the name of a user created without one. */
  readonly random: Random;
}

/** One API action: its errors and its answer. */
export interface Operation {
  readonly name: string;
  /** @default 'Smartag' */
  readonly product?: Product;
  /**
   * The operation's own error codes, each with its cause in the simulator: the codes of its page and
   * those that the page leaves out. docs/simulator-errors.md shows them, and a test reaches each.
   */
  readonly errors: Readonly<Partial<Record<ErrorCode, string>>>;
  /** The code for a denied call. @default Forbidden, or the code of the quirk `denial` */
  readonly denied?: (denial: { readonly instanceId?: string }) => ErrorCode | undefined;
  /** @throws ApiFault when the answer is an error */
  readonly answer: (call: Call) => Reply;
}
