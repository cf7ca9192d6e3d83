import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../clock.ts';
import { codeOf } from '../../system-error.ts';
import { serverOf } from './proxy.ts';

/** A proxy that gives no tunnel. Its `code` says why, such as `PROXY_407` or `PROXY_ECONNREFUSED`. */
class TunnelError extends Error {
  override readonly name = 'TunnelError';
  readonly code: string;

  constructor(reason: string) {
    super(`no tunnel through the proxy (${reason})`);
    this.code = `PROXY_${reason}`;
  }
}

/** How tunnels are bounded. */
export interface TunnelLimits {
  /** Open at once. */
  readonly sockets: number;
  /** Milliseconds the proxy may take to answer. */
  readonly timeout: number;
  readonly clock: Clock;
}

/** Without a socket there is an error. */
type Connected = (error: Error | null, socket?: Duplex) => void;

/**
 * An agent whose sockets are TLS connections through tunnels of an HTTP proxy (CONNECT), verified as
 * any other. Our own, because https-proxy-agent (9.1.0) waits for the proxy's answer without a bound:
 * one that accepts connections and keeps silent would fill the pool for ever.
 */
export class TunnelAgent extends https.Agent {
  readonly #proxy: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #limits: TunnelLimits;
  /** Requests for a tunnel that are not answered yet. */
  readonly #asking = new Set<http.ClientRequest>();

  /** @param headers what the proxy, and nobody behind it, is told */
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
    // Node takes an error alone; only its type wants a socket beside it.
    const tell = (connected ?? (() => {})) as Connected;
    this.#open(`${bracketed(options.host ?? '')}:${options.port}`, (error, socket) => {
      if (error) tell(error);
      else tell(null, super.createConnection({ ...options, socket } as object) ?? undefined);
    });
    return undefined;
  }

  override destroy(): void {
    for (const request of this.#asking) request.destroy();
    super.destroy();
  }

  #open(target: string, opened: Connected): void {
    const { request } = this.#proxy.protocol === 'https:' ? https : http;
    const asking = request({
      ...serverOf(this.#proxy),
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...this.#headers },
      agent: false,
    });
    const { clock, timeout } = this.#limits;
    const cancelTimer = clock.after(timeout, () => asking.destroy(new TunnelError('TIMEOUT')));
    this.#asking.add(asking);
    asking.once('close', () => {
      cancelTimer();
      this.#asking.delete(asking);
    });
    asking.once('error', (error) => {
      opened(
        error instanceof TunnelError ? error : new TunnelError(codeOf(error) || 'UNREACHABLE'),
      );
    });
    asking.once('connect', ({ statusCode = 0 }, socket) => {
      if (statusCode === 200) return opened(null, socket);
      socket.destroy();
      opened(new TunnelError(String(statusCode)));
    });
    // An answer that is no tunnel, though it was asked for nothing else.
    asking.once('response', ({ statusCode = 0 }) => {
      asking.destroy(new TunnelError(String(statusCode)));
    });
    asking.end();
  }
}

/** An IPv6 address as it stands before a port. */
const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);
