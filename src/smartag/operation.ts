import type { z } from 'zod';

/**
 * Every operation names the region. Most operations also name an instance; instances take turns when calls
 * must wait.
 */
export interface Request {
  readonly regionId: string;
  readonly instanceId?: string;
  /**
   * Whether the region may have no endpoint. A host name that does not resolve is then not counted as a
   * failure of the account, and the call is not tried again.
   */
  readonly isTrial?: boolean;
}

/** The parameters of a request. They exclude `undefined` and objects, which the SDK core would send as words. */
export type Parameters = Readonly<Record<string, string | number | readonly string[]>>;

/** One API action: how a typed request becomes parameters, and which form its reply must have. */
export interface Operation<Req extends Request, Reply> {
  /** The Action parameter, and the value of every `operation` label. */
  readonly name: string;
  /** A write is never sent again after a failure. */
  readonly writes: boolean;
  readonly parameters: (request: Req) => Parameters;
  /** Accepts every shape with which the API is known to answer. A reply that it refuses is `malformed`. */
  readonly reply: z.ZodType<Reply>;
  /** Parts that some servers leave out of their replies, and that garbled replies lack. */
  readonly gaps?: readonly Gap<Req>[];
}

/**
 * A part of a reply that some servers always leave out. When a garbled reply of another server lacks the
 * part, the reply is refused.
 */
export interface Gap<Req extends Request> {
  /** Names the part in error messages; unique among the gaps of an operation. */
  readonly part: string;
  /**
   * `present`: the reply has the part. `missing`: it lacks the part. `blank`: it has an empty value
   * instead. Undefined: this reply does not need the part.
   */
  readonly judge: (body: unknown, request: Req) => 'present' | 'blank' | 'missing' | undefined;
  /** Whether a server that has sent the part once is expected to send it from then on. */
  readonly staysPresent: boolean;
}

/** The API as the rest of the program sees it. Budgets and retries are decorators with the same interface. */
export interface Client {
  /**
   * Makes one request.
   *
   * @throws ApiError for every failure of the call
   * @throws the signal's reason when it aborts
   */
  call<Req extends Request, Reply>(
    operation: Operation<Req, Reply>,
    request: Req,
    signal: AbortSignal,
  ): Promise<Reply>;
}
