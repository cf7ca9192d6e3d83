import type http from 'node:http';
import { ApiError, type ApiErrorFacts, type ErrorKind } from '../../model/api-error.ts';
import {
  type Credentials,
  CredentialsOutageError,
  type CredentialsSource,
  NoCredentialsError,
} from '../credentials/key-pair.ts';
import type { Client } from '../operation.ts';
import { boundReply, RepliesInHand } from './bounded-reply.ts';
import { endpointOf } from './endpoints.ts';
import { adviceOnCode, isOwnCode, kindOf } from './error-codes.ts';
import {
  type Connection,
  type ConnectionOptions,
  connect,
  loadPopCore,
  type PopCore,
} from './pop-core-connection.ts';
import { ProxySettingError } from './proxy.ts';
import { ReplyReader } from './reply-reader.ts';
import { retryAfterOf } from './retry-after.ts';
import { safeMessage } from './safe-message.ts';

/*
 * Only this file and pop-core-connection.ts know @alicloud/pop-core 1.8.0. They work around these defects, each of them measured:
 * - Errors carry the signed URL, or are parsed bodies and no Errors at all. They are read for facts and
 *   dropped.
 * - The HTTP status is ignored, and the size of a reply has no bound.
 * - The timers do not cover connecting or waiting for a socket.
 * - A request can be aborted only through the `beforeRequest` hook.
 * - With an empty key, requests are sent unsigned.
 */

/** Our timer covers the whole call and must fire first, so the SDK core's timers are longer by this much. */
const SDK_TIMEOUT_SLACK = 60_000;

export interface PopCoreOptions extends ConnectionOptions {
  readonly credentials: CredentialsSource;
  /** Replaces every region's own endpoint. */
  readonly endpoint?: string | undefined;
  /** Maximum milliseconds that one call may take, including connecting. */
  readonly timeout: number;
  /** @default a reader that knows nothing of the server yet */
  readonly replies?: ReplyReader;
  /** Called with the headers of each response, also when the response is an error. */
  readonly onResponse?:
    | ((operation: string, headers: http.IncomingHttpHeaders) => void)
    | undefined;
}

/**
 * A client that makes each call once and at once, through pop-core. It sends POST requests, so that no key
 * or password is in a URL, and checks the HTTP status and the reply. Closing it closes its idle sockets.
 */
export function popCoreClient(options: PopCoreOptions): Client & { close(): void } {
  const connections = new Map<string, Connection>();
  const inHand = new RepliesInHand();
  const { replies = new ReplyReader() } = options;
  const connectionTo = (endpoint: string, sdk: PopCore): Connection => {
    const existing = connections.get(endpoint);
    if (existing) return existing;
    const connection = connect(endpoint, sdk, options);
    connections.set(endpoint, connection);
    return connection;
  };

  return {
    async call(operation, request, signal) {
      const endpoint = options.endpoint ?? endpointOf(request.regionId);
      const parameters = {
        ...operation.parameters(request),
        // Overrides pop-core's own parameter, so that the time of signing is that of the injected clock.
        Timestamp: timestamp(options.clock.now()),
      };
      const exchange = new Exchange(operation, options, inHand);
      const connection = async () => connectionTo(endpoint, await loadPopCore());
      const body = await exchange.send(connection, parameters, signal);
      return replies.read(operation, request, body);
    },
    close() {
      for (const { route } of connections.values()) route.agent.destroy();
    },
  };
}

/** Parameters whose values messages must not show: secrets, and names of people. */
const HIDDEN_PARAMETERS = ['Password', 'UserName', 'UserNames', 'UserMail'];
/** Shorter values are not hidden: replacing every occurrence of a letter would make messages unreadable. */
const SHORTEST_HIDDEN = 4;

function hiddenValues(
  credentials: Credentials,
  parameters: Readonly<Record<string, unknown>>,
): readonly string[] {
  return [...Object.values(credentials), ...HIDDEN_PARAMETERS.flatMap((name) => parameters[name])]
    .filter((value) => typeof value === 'string')
    .filter(({ length }) => length >= SHORTEST_HIDDEN);
}

class Exchange {
  readonly #operation: { readonly name: string; readonly writes: boolean };
  readonly #options: PopCoreOptions;
  readonly #inHand: RepliesInHand;
  #releaseReply = (): void => {};
  /** Texts that no message may quote. */
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

  async send(
    connecting: () => Promise<Connection>,
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
      const answer = this.#request(connecting, parameters, abort);
      const [body] = await Promise.race([answer, aborted]);
      if (!this.#isSuccess()) throw this.#failure('unavailable', 'an error without an error code');
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
    connecting: () => Promise<Connection>,
    parameters: Readonly<Record<string, unknown>>,
    abort: AbortController,
  ): Promise<readonly [body: unknown, entry: unknown]> {
    const { signal } = abort;
    const { credentials: source, timeout } = this.#options;
    const credentials = await source.get();
    if (!credentials.accessKeyId || !credentials.accessKeySecret) {
      throw new NoCredentialsError('the access key or its secret is empty');
    }
    const connection = await connecting();
    // Looking for credentials may have taken until the timeout of the call.
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

  /** Converts an error into an ApiError. Drops the error itself, because it holds the signed request. */
  #translate(error: unknown): ApiError {
    if (error instanceof NoCredentialsError) return this.#failure('unauthenticated', error.message);
    if (error instanceof CredentialsOutageError) return this.#failure('unavailable', error.message);
    if (error instanceof ProxySettingError) return this.#failure('network', error.message);
    // This status comes only from a proxy that gets whole URLs. A failed tunnel has its own error code.
    if (this.#response?.statusCode === 407) {
      return this.#failure('network', networkDetail('PROXY_407'));
    }
    const facts = fieldsOf(error);
    const data = fieldsOf(facts['data']);
    if (data['Code'] !== undefined) return this.#answered(data);
    // When a body is not JSON, pop-core reports it as a plain object that holds the text.
    if (typeof facts['text'] === 'string') return this.#unreadable(facts['text'].trim());
    if (this.#response === undefined || typeof facts['code'] === 'string') {
      return this.#failure('network', networkDetail(facts['code']), {
        // With a proxy, the name that does not resolve would be the proxy's.
        isUnresolved: facts['code'] === 'ENOTFOUND' && !this.#isProxied,
      });
    }
    // The body was complete JSON but not an object, for example `null`.
    return this.#unreadable('null');
  }

  #answered(data: Readonly<Record<string, unknown>>): ApiError {
    const secrets = this.#secrets;
    const rawCode = String(data['Code']);
    // A known code is kept whole, even if a part of it happens to be the name of a user.
    const code = isOwnCode(rawCode) ? rawCode : safeMessage(rawCode, secrets);
    const message = typeof data['Message'] === 'string' ? data['Message'] : '';
    const httpStatus = this.#response?.statusCode;
    const kind = kindOf({ code: rawCode, message, httpStatus, writes: this.#operation.writes });
    const requestId = data['RequestId'];
    return this.#failure(kind, safeMessage(message, secrets), {
      code,
      codeAdvice: adviceOnCode(rawCode),
      ...(typeof requestId === 'string' && { requestId: safeMessage(requestId, secrets) }),
    });
  }

  #unreadable(body: string): ApiError {
    if (!this.#isSuccess()) {
      const kind = this.#response?.statusCode === 429 ? 'throttled' : 'unavailable';
      return this.#failure(kind, 'an error that is not JSON');
    }
    if (body === '') return this.#failure('unavailable', 'an empty reply');
    if (body.startsWith('<')) return this.#failure('unavailable', 'an HTML page instead of JSON');
    return this.#failure('malformed', 'a reply that is cut short or not a JSON object');
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
      // Error codes come with HTTP 200 too. Proxies and firewalls ask for pauses without an error code.
      ...((isFailed || facts.code !== undefined) && {
        retryAfter: retryAfterOf(this.#response?.headers ?? {}, this.#options.clock.now()),
      }),
      ...facts,
    });
  }
}

/** Leaves out the message of a system error, which holds addresses, and keeps its code, such as ECONNRESET. */
function networkDetail(code: unknown): string {
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code)
    ? `the connection failed (${code})`
    : 'the connection failed';
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return {};
  // Spreading copies the `code` of a system error, but not that of a DOMException, which is inherited.
  return { ...value, ...('code' in value && { code: value.code }) };
}

/**
 * Wraps the agent for one request, to get at its response: pop-core loses the HTTP status whenever the body
 * is not JSON. Node.js accepts any agent-like object; everything except `addRequest` is inherited.
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

/** Formats a time as `YYYY-MM-DDThh:mm:ssZ`, which the API's common parameters require. */
function timestamp(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19)}Z`;
}
