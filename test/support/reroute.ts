import http from 'node:http';
import https from 'node:https';
import { onTestFinished, vi } from 'vitest';

/** The server of the test that answers in place of a host. */
export interface Detour {
  /** `http://127.0.0.1:port`, or https. */
  readonly url: string;
  /** The certificate authority of that server, in PEM. */
  readonly ca?: string;
}

/**
 * Sends requests to these hosts to servers of the test, because @alicloud/credentials has the address of the
 * metadata service and the scheme of STS built in. Only the address is replaced: the request, TLS and its
 * verification are real. Lasts until the end of the test; the routes may be changed before that.
 */
export function reroute(routes: ReadonlyMap<string, Detour>): void {
  for (const module of [http, https]) {
    const real = module.request;
    const spy = vi.spyOn(module, 'request');
    spy.mockImplementation((...args: unknown[]) => {
      const [options, ...rest] = args;
      return Reflect.apply(real, module, [detoured(options, routes), ...rest]);
    });
    onTestFinished(() => spy.mockRestore());
  }
}

function detoured(options: unknown, routes: ReadonlyMap<string, Detour>): unknown {
  if (typeof options !== 'object' || options === null || !('host' in options)) return options;
  const host = String(options.host);
  const detour = routes.get(host);
  if (detour === undefined) return options;
  const { hostname, port } = new URL(detour.url);
  const headers = 'headers' in options && options.headers;
  return {
    ...options,
    host: hostname,
    port,
    headers: { ...(headers || {}), host },
    servername: host,
    ca: detour.ca,
  };
}
