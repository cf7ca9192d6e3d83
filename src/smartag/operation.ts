import type { z } from 'zod';

/** Every operation names the region; most name an instance, whose calls are then served in turn with others'. */
export interface Request {
  readonly regionId: string;
  readonly instanceId?: string;
  /**
   * Whether it is not known yet that the region can be reached. A host name that does not resolve is then
   * no failure of the account, and is not tried again.
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
  /** Parts that some servers leave out of their replies, and that garbled replies lack. */
  readonly gaps?: readonly Gap<Req>[];
}

/** A part of a reply that some servers always leave out. A garbled reply of another server lacks it, too. */
export interface Gap<Req extends Request> {
  /** Names the part in error messages; unique among the gaps of an operation. */
  readonly part: string;
  /**
   * `given`: the reply has the part. `missing`: it lacks the part. `blank`: an empty value stands in its
   * place. Undefined: a reply such as this one does not need the part.
   */
  readonly judge: (body: unknown, request: Req) => 'given' | 'blank' | 'missing' | undefined;
  /** Whether a server that has given the part once is expected to give it always. */
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
