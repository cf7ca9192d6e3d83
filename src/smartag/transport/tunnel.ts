import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../clock.ts';
import { codeOf } from '../../system-error.ts';
import { serverOf } from './proxy.ts';

/** The proxy does not open a tunnel. The `code` has the reason, such as `PROXY_407` or `PROXY_ECONNREFUSED`. */
class TunnelError extends Error {
  override readonly name = 'TunnelError';
  readonly code: string;

  constructor(reason: string) {
    super(`no tunnel through the proxy (${reason})`);
    this.code = `PROXY_${reason}`;
  }
}

export interface TunnelLimits {
  /** Maximum number of sockets open at once. */
  readonly sockets: number;
  /** Maximum milliseconds for the answer of the proxy. */
  readonly timeout: number;
  readonly clock: Clock;
}

type OnConnected = (error: Error | null, socket?: Duplex) => void;

/**
 * An agent whose sockets are TLS connections through tunnels of an HTTP proxy (CONNECT); certificates are
 * verified as usual. https-proxy-agent (9.1.0) is not used, because it waits for the proxy's answer without
 * a timeout: a proxy that accepts connections and never answers would block the pool for ever.
 */
export class TunnelAgent extends https.Agent {
  readonly #proxy: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #limits: TunnelLimits;
  /** CONNECT requests that have no answer yet. */
  readonly #pending = new Set<http.ClientRequest>();

  /** @param headers headers that only the proxy gets */
  constructor(proxy: URL, headers: Readonly<Record<string, string>>, limits: TunnelLimits) {
    super({ keepAlive: true, maxSockets: limits.sockets });
    this.#proxy = proxy;
    this.#headers = headers;
    this.#limits = limits;
  }

  override createConnection(
    options: https.RequestOptions,
    connected?: (error: Error | null, socket: Duplex) => void,
  ): Duplex | null | undefined {
    // Node.js accepts an error without a socket, although its typings do not.
    const tell = (connected ?? (() => {})) as OnConnected;
    this.#open(`${bracketed(options.host ?? '')}:${options.port}`, (error, socket) => {
      if (error) tell(error);
      else tell(null, super.createConnection({ ...options, socket } as object) ?? undefined);
    });
    return undefined;
  }

  override destroy(): void {
    for (const request of this.#pending) request.destroy();
    super.destroy();
  }

  #open(target: string, opened: OnConnected): void {
    const module = this.#proxy.protocol === 'https:' ? https : http;
    const request = module.request({
      ...serverOf(this.#proxy),
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...this.#headers },
      agent: false,
    });
    const { clock, timeout } = this.#limits;
    const cancelTimer = clock.after(timeout, () => request.destroy(new TunnelError('TIMEOUT')));
    this.#pending.add(request);
    request.once('close', () => {
      cancelTimer();
      this.#pending.delete(request);
    });
    request.once('error', (error) => {
      opened(
        error instanceof TunnelError ? error : new TunnelError(codeOf(error) || 'UNREACHABLE'),
      );
    });
    request.once('connect', ({ statusCode = 0 }, socket) => {
      if (statusCode === 200) return opened(null, socket);
      socket.destroy();
      opened(new TunnelError(String(statusCode)));
    });
    // A response that does not open a tunnel is a refusal.
    request.once('response', ({ statusCode = 0 }) => {
      request.destroy(new TunnelError(String(statusCode)));
    });
    request.end();
  }
}

/** An IPv6 address gets brackets, because a port follows it. */
const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);
