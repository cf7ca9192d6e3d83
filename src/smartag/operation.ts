import type { z } from 'zod';

/** Every operation names the region; most name an instance, whose calls are then served in turn with others'. */
export interface Request {
  readonly regionId: string;
  readonly instanceId?: string;
  /**
   * Whether the region may not be reachable at all: then an endpoint whose name does not resolve is no
   * trouble of the account.
   */
  readonly isTrial?: boolean;
}

/** What may stand in a request; the SDK core would send `undefined` and objects as words. */
export type Parameters = Readonly<Record<string, string | number | readonly string[]>>;

/** One API action: how a typed request becomes parameters, and what its reply must look like. */
export interface Operation<Req extends Request, Reply> {
  /** The Action parameter, and the value of every `operation` label. */
  readonly name: string;
  /** A write is never sent twice by itself. */
  readonly writes: boolean;
  readonly parameters: (request: Req) => Parameters;
  /** Accepts every shape the API is known to answer with; what it refuses is `malformed`. */
  readonly reply: z.ZodType<Reply>;
  /** What a server may leave out of its replies, although a reply without it says something else. */
  readonly gaps?: readonly Gap<Req>[];
}

/** Something that a server may leave out of every reply of an operation, as a garbled reply does. */
export interface Gap<Req extends Request> {
  /** The missing thing in words, which also tells the gaps of an operation apart. */
  readonly of: string;
  /**
   * Whether the reply has it, lacks it, or has something blank in its place that says the same;
   * undefined when the reply shows neither.
   */
  readonly judge: (body: unknown, request: Req) => 'given' | 'blank' | 'missing' | undefined;
  /** Whether a server that has given it once is expected to give it always. */
  readonly staysGiven: boolean;
}

/** The API as the rest of the program sees it; budgets and retries wrap it in the same interface. */
export interface Client {
  /**
   * Makes one request.
   *
   * @throws ApiError for every failure of the call; the signal's reason when it aborts
   */
  call<Req extends Request, Reply>(
    operation: Operation<Req, Reply>,
    request: Req,
    signal: AbortSignal,
  ): Promise<Reply>;
}
