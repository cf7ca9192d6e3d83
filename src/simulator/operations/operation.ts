import type { ErrorCode } from '../errors.ts';
import type { Parameters } from '../parameters.ts';
import type { Quirks } from '../quirks.ts';
import type { Random } from '../random.ts';
import type { Reply } from '../reply.ts';
import type { World } from '../world.ts';

/** One authenticated call of an operation. */
export interface Call {
  readonly parameters: Parameters;
  readonly world: World;
  readonly requestId: string;
  readonly accessKeyId: string;
  /** When it is answered, in milliseconds since the epoch. */
  readonly now: number;
  readonly quirks: Quirks;
  /** For what the API makes up, such as a user name that was not given. */
  readonly random: Random;
}

/** One API action: the errors its page lists, and its answer. */
export interface Operation {
  readonly name: string;
  /** The page's own error codes; each is reachable by a request. */
  readonly errors: readonly ErrorCode[];
  /** @throws ApiFault where the answer is an error */
  readonly answer: (call: Call) => Reply;
}
