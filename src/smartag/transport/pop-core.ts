import type http from 'node:http';
import RPCClient from '@alicloud/pop-core';
import { ApiError, type ApiErrorFacts, type ErrorKind } from '../../model/api-error.ts';
import {
  type Credentials,
  CredentialsOutageError,
  type CredentialsSource,
  NoCredentialsError,
} from '../credentials/key-pair.ts';
import type { Client, Operation, Request } from '../operation.ts';
import { boundReply, RepliesInHand } from './bounded-reply.ts';
import { endpointOf } from './endpoints.ts';
import { adviceOnCode, isOwnCode, kindOf } from './error-codes.ts';
import { ProxySettingError } from './proxy.ts';
import { ReplyReader } from './reply-reader.ts';
import { retryAfterOf } from './retry-after.ts';
import { type Route, type RouteOptions, routeTo } from './route.ts';
import { safeMessage } from './safe-message.ts';

/*
 * The one file that knows @alicloud/pop-core 1.8.0. What it works around, each measured:
 * errors carry the signed URL or, parsed from bodies, are no Errors at all, so they are read and
 * dropped; the HTTP status is ignored; a reply may be of any size; the timers do not cover
 * connecting or queueing; an aborted request is only possible by its `beforeRequest` hook; an empty
 * key is sent unsigned.
 */

const SMARTAG_VERSION = '2018-03-13';

/** Timers of the SDK core, which must never be the first to fire: ours covers the whole call. */
const SDK_TIMEOUT_SLACK = 60_000;

/** pop-core's typings lack what its code takes: the provider, and `verbose`, which adds the HTTP entry. */
type PopCore = new (
  config: {
    endpoint: string;
    apiVersion: string;
    credentialsProvider: { getCredentials(): Promise<Credentials> };
  },
  verbose: true,
) => {
  request(
    action: string,
    parameters: object,
    options: {
      method: 'POST';
      timeout: number;
      beforeRequest: (options: http.RequestOptions) => http.RequestOptions;
    },
  ): Promise<readonly [body: unknown, entry: unknown]>;
};

/** What a client over pop-core needs. */
export interface PopCoreOptions extends RouteOptions {
  readonly credentials: CredentialsSource;
  /** The product's version. @default that of Smart Access Gateway */
  readonly apiVersion?: string;
  /** Replaces every region's own endpoint. */
  readonly endpoint?: string | undefined;
  /** Milliseconds one call may take, connecting included. */
  readonly timeout: number;
  /** Told of the headers of each answer, also of those that turn out to be errors. */
  readonly onResponse?:
    | ((operation: string, headers: http.IncomingHttpHeaders) => void)
    | undefined;
}

/** The SDK core for one endpoint. */
interface Connection {
  /** Makes a request, signed with these credentials. */
  request(
    credentials: Credentials,
    ...of: Parameters<InstanceType<PopCore>['request']>
  ): ReturnType<InstanceType<PopCore>['request']>;
  readonly route: Route;
}

/**
 * A client that makes each call once, at once, by pop-core: POST, so that no key or password stands
 * in a URL; the HTTP status looked at; the reply checked. Closing it closes its idle sockets.
 */
export function popCoreClient(options: PopCoreOptions): Client & { close(): void } {
  const connections = new Map<string, Connection>();
  const inHand = new RepliesInHand();
  const replies = new ReplyReader();
  const connectionTo = (endpoint: string): Connection => {
    const known = connections.get(endpoint);
    if (known) return known;
    const connection = connect(endpoint, options);
    connections.set(endpoint, connection);
    return connection;
  };

  return {
    async call<Req extends Request, Reply>(
      operation: Operation<Req, Reply>,
      request: Req,
      signal: AbortSignal,
    ): Promise<Reply> {
      const endpoint = options.endpoint ?? endpointOf(request.regionId);
      const parameters = {
        ...operation.parameters(request),
        // pop-core lets a parameter override its own: the time of signing is the injected clock's.
        Timestamp: timestamp(options.clock.now()),
      };
      const exchange = new Exchange(operation, options, inHand);
      const body = await exchange.send(() => connectionTo(endpoint), parameters, signal);
      return replies.read(operation, request, body);
    },
    close() {
      for (const { route } of connections.values()) route.agent.destroy();
    },
  };
}

/** @throws ProxySettingError */
function connect(endpoint: string, options: PopCoreOptions): Connection {
  // pop-core asks its provider the moment it is called, before any other call can come between:
  // so each request is signed with the credentials it was given, and knows what to keep secret.
  let current: Credentials;
  const sdk = new (RPCClient as unknown as PopCore)(
    {
      endpoint,
      apiVersion: options.apiVersion ?? SMARTAG_VERSION,
      credentialsProvider: { getCredentials: async () => current },
    },
    true,
  );
  return {
    request(credentials, ...of) {
      current = credentials;
      return sdk.request(...of);
    },
    route: routeTo(endpoint, options),
  };
}

/** Parameters that an answer must not be able to bring into a log: secrets, and who somebody is. */
const HIDDEN_PARAMETERS = ['Password', 'UserName', 'UserNames', 'UserMail'];
/** No name or key is shorter; to hide a letter wherever it stands would spoil the message. */
const SHORTEST_HIDDEN = 4;

function hiddenValues(
  credentials: Credentials,
  parameters: Readonly<Record<string, unknown>>,
): readonly string[] {
  return [...Object.values(credentials), ...HIDDEN_PARAMETERS.flatMap((name) => parameters[name])]
    .filter((value) => typeof value === 'string')
    .filter(({ length }) => length >= SHORTEST_HIDDEN);
}

/** One request and what comes of it. */
class Exchange {
  readonly #operation: { readonly name: string; readonly writes: boolean };
  readonly #options: PopCoreOptions;
  readonly #inHand: RepliesInHand;
  #releaseReply = (): void => {};
  /** What must not be quoted in any message. */
  #secrets: readonly string[] = [];
  #response: http.IncomingMessage | undefined;
  #isProxied = false;

  constructor(
    operation: { readonly name: string; readonly writes: boolean },
    options: PopCoreOptions,
    inHand: RepliesInHand,
  ) {
    this.#operation = operation;
    this.#options = options;
    this.#inHand = inHand;
  }

  /** The body of a successful reply. */
  async send(
    connect: () => Connection,
    parameters: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<unknown> {
    signal.throwIfAborted();
    const { timeout, clock } = this.#options;
    const abort = new AbortController();
    const aborted = new Promise<never>((_, reject) => {
      abort.signal.addEventListener('abort', () => reject(abort.signal.reason), { once: true });
    });
    aborted.catch(() => {});
    const cancelTimer = clock.after(timeout, () =>
      abort.abort(this.#failure('timeout', `no complete reply within ${timeout} ms`)),
    );
    const onAbort = (): void => abort.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const answer = this.#request(connect(), parameters, abort);
      const [body] = await Promise.race([answer, aborted]);
      if (!this.#isSuccess()) throw this.#failure('unavailable', 'an answer without an error code');
      return body;
    } catch (error) {
      if (abort.signal.aborted) throw abort.signal.reason;
      throw error instanceof ApiError ? error : this.#translate(error);
    } finally {
      cancelTimer();
      signal.removeEventListener('abort', onAbort);
      this.#releaseReply();
    }
  }

  async #request(
    connection: Connection,
    parameters: Readonly<Record<string, unknown>>,
    abort: AbortController,
  ): Promise<readonly [body: unknown, entry: unknown]> {
    const { signal } = abort;
    const { credentials: source, timeout } = this.#options;
    const credentials = await source.get();
    if (!credentials.accessKeyId || !credentials.accessKeySecret) {
      throw new NoCredentialsError('the access key or its secret is empty');
    }
    // Looking for credentials may have taken longer than the call has.
    signal.throwIfAborted();
    const { route } = connection;
    this.#isProxied = route.proxied;
    this.#secrets = [...hiddenValues(credentials, parameters), ...route.secrets];
    return connection.request(credentials, this.#operation.name, parameters, {
      method: 'POST',
      timeout: timeout + SDK_TIMEOUT_SLACK,
      beforeRequest: (request) => ({
        ...route.request(request),
        signal,
        agent: watchedBy(route.agent, (response) => {
          this.#response = response;
          this.#options.onResponse?.(this.#operation.name, response.headers);
          this.#releaseReply = boundReply(response, this.#inHand, (why) =>
            abort.abort(this.#failure('malformed', why)),
          );
        }),
      }),
    });
  }

  #isSuccess(): boolean {
    const status = this.#response?.statusCode ?? 0;
    return status >= 200 && status <= 299;
  }

  /** Reads an error for its facts; the error itself, which holds the request, goes no further. */
  #translate(error: unknown): ApiError {
    if (error instanceof NoCredentialsError) return this.#failure('unauthenticated', error.message);
    if (error instanceof CredentialsOutageError) return this.#failure('unavailable', error.message);
    if (error instanceof ProxySettingError) return this.#failure('network', error.message);
    // Only a proxy that was asked with the whole URL; a tunnel fails with a code of its own.
    if (this.#response?.statusCode === 407) {
      return this.#failure('network', networkDetail('PROXY_407'));
    }
    const facts = fieldsOf(error);
    const data = fieldsOf(facts['data']);
    if (data['Code'] !== undefined) return this.#answered(data);
    // A body that is no JSON is reported as a plain object with the text in it.
    if (typeof facts['text'] === 'string') return this.#unreadable(facts['text'].trim());
    if (this.#response === undefined || typeof facts['code'] === 'string') {
      return this.#failure('network', networkDetail(facts['code']), {
        // Through a proxy, the name that does not resolve is the proxy's own.
        isUnresolved: facts['code'] === 'ENOTFOUND' && !this.#isProxied,
      });
    }
    // What is left came after a whole body: `null`, say.
    return this.#unreadable('null');
  }

  #answered(data: Readonly<Record<string, unknown>>): ApiError {
    const secrets = this.#secrets;
    const given = String(data['Code']);
    // A user may be called as a part of one of the API's own codes, which tells nothing.
    const code = isOwnCode(given) ? given : safeMessage(given, secrets);
    const message = typeof data['Message'] === 'string' ? data['Message'] : '';
    const httpStatus = this.#response?.statusCode;
    const kind = kindOf({ code: given, message, httpStatus, writes: this.#operation.writes });
    const requestId = data['RequestId'];
    return this.#failure(kind, safeMessage(message, secrets), {
      code,
      codeAdvice: adviceOnCode(given),
      ...(typeof requestId === 'string' && { requestId: safeMessage(requestId, secrets) }),
    });
  }

  #unreadable(body: string): ApiError {
    if (!this.#isSuccess()) {
      const kind = this.#response?.statusCode === 429 ? 'throttled' : 'unavailable';
      return this.#failure(kind, 'an answer that is no JSON');
    }
    if (body === '') return this.#failure('unavailable', 'an empty reply');
    if (body.startsWith('<')) return this.#failure('unavailable', 'a page instead of JSON');
    return this.#failure('malformed', 'a reply that is cut short or no JSON object');
  }

  #failure(kind: ErrorKind, detail: string, facts: Partial<ApiErrorFacts> = {}): ApiError {
    const httpStatus = this.#response?.statusCode;
    const isFailed = this.#response && !this.#isSuccess();
    const status = isFailed ? ` (HTTP ${httpStatus})` : '';
    return new ApiError({
      kind,
      operation: this.#operation.name,
      detail: `${detail}${status}`,
      httpStatus,
      // Error codes come with HTTP 200, too. A proxy or firewall asks for pauses without a code.
      ...((isFailed || facts.code !== undefined) && {
        retryAfter: retryAfterOf(this.#response?.headers ?? {}, this.#options.clock.now()),
      }),
      ...facts,
    });
  }
}

/** System error codes (`ECONNRESET`) say what happened; messages hold addresses and are dropped. */
function networkDetail(code: unknown): string {
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code)
    ? `the connection failed (${code})`
    : 'the connection failed';
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value, ...ownCode(value) } : {};
}

/** `code` of a system error is its own property, but that of a DOMException is not. */
function ownCode(value: object): { code?: unknown } {
  return 'code' in value ? { code: value.code } : {};
}

/**
 * The same agent for one request, telling of its response: pop-core loses the HTTP status whenever
 * the body is no JSON. Node takes any agent-like object; everything but `addRequest` is inherited.
 */
function watchedBy(
  agent: http.Agent,
  onResponse: (response: http.IncomingMessage) => void,
): http.Agent {
  return Object.create(agent, {
    addRequest: {
      value(request: http.ClientRequest, ...rest: unknown[]): void {
        request.once('response', onResponse);
        const inner = agent as unknown as { addRequest(...all: unknown[]): void };
        inner.addRequest(request, ...rest);
      },
    },
  });
}

/** `YYYY-MM-DDThh:mm:ssZ`, as the API's common parameters want it. */
function timestamp(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19)}Z`;
}
