import type { ErrorCode } from '../gateway/errors.ts';
import type { Parameters } from '../gateway/parameters.ts';
import type { Reply } from '../gateway/reply.ts';
import type { Quirks } from '../rules/quirks/table.ts';
import type { Roles } from '../rules/roles.ts';
import type { Random } from '../world/random.ts';
import type { World } from '../world/world.ts';

/** The products whose operations the simulator has, by the names of the error pages. */
export type Product = 'Smartag' | 'Sts';

/** One authenticated call of an operation. */
export interface Call {
  readonly parameters: Parameters;
  readonly world: World;
  readonly roles: Roles;
  readonly requestId: string;
  readonly accessKeyId: string;
  /** When it is answered, in milliseconds since the epoch. */
  readonly now: number;
  readonly quirks: Quirks;
  /** For what the API makes up, such as a user name that was not given. */
  readonly random: Random;
}

/** One API action: the errors it has, and its answer. */
export interface Operation {
  readonly name: string;
  /** @default 'Smartag' */
  readonly product?: Product;
  /**
   * The operation's own error codes, each with what causes it here: the page's, and those the page
   * leaves out. Shown in docs/simulator-errors.md; each is reached by a test.
   */
  readonly errors: Readonly<Partial<Record<ErrorCode, string>>>;
  /** What a denied call is told. @default Forbidden */
  readonly denied?: (denial: { readonly instanceId?: string }) => ErrorCode | undefined;
  /** @throws ApiFault where the answer is an error */
  readonly answer: (call: Call) => Reply;
}
