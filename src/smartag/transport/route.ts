import http from 'node:http';
import https from 'node:https';
import { type ProxyOptions, proxyFor, serverOf, withoutEndDot } from './proxy.ts';
import { renewConnections } from './socket-age.ts';
import { TunnelAgent, type TunnelLimits } from './tunnel.ts';

/** The route to an endpoint: direct, or through a proxy. */
export interface Route {
  readonly agent: http.Agent;
  readonly proxied: boolean;
  /** The proxy's user and password, which no message may show. */
  readonly secrets: readonly string[];
  /** Adapts the options of a request to this route. */
  request(options: http.RequestOptions): http.RequestOptions;
}

export interface RouteOptions extends ProxyOptions, TunnelLimits {}

/**
 * The route to an endpoint. With a proxy and TLS it is a tunnel, so that the proxy sees only host names. With
 * a proxy and no TLS, the proxy gets whole URLs, since most proxies allow tunnels only to port 443.
 *
 * @throws ProxySettingError when the environment names a proxy that cannot be used
 */
export function routeTo(endpoint: string, options: RouteOptions): Route {
  const { sockets: maxSockets, clock } = options;
  const proxy = proxyFor(endpoint, options);
  const secure = endpoint.startsWith('https:');
  const { hostname, port } = new URL(endpoint);
  // An end dot prevents a lookup with search domains. Servers and certificates know the name without it,
  // and Node.js takes the server name for TLS from the Host header.
  const host = withoutEndDot(hostname) + (port && `:${port}`);
  const named = (request: http.RequestOptions): http.RequestOptions => ({
    ...request,
    headers: { ...request.headers, host },
  });
  if (proxy === undefined) {
    const { Agent } = secure ? https : http;
    const agent = renewConnections(new Agent({ keepAlive: true, maxSockets }), clock);
    return { agent, proxied: false, secrets: [], request: named };
  }
  const secrets = secretsOf(proxy);
  if (secure) {
    const agent = new TunnelAgent(proxy, proxyHeaders(proxy), options);
    return { agent: renewConnections(agent, clock), proxied: true, secrets, request: named };
  }
  const { Agent } = proxy.protocol === 'https:' ? https : http;
  return {
    agent: renewConnections(new Agent({ keepAlive: true, maxSockets }), clock),
    proxied: true,
    secrets,
    request: (request) => ({
      ...request,
      ...serverOf(proxy),
      path: new URL(request.path ?? '/', endpoint).href,
      headers: { ...request.headers, host, ...proxyHeaders(proxy) },
    }),
  };
}

function proxyHeaders(proxy: URL): Readonly<Record<string, string>> {
  const login = loginOf(proxy);
  return login === undefined ? {} : { 'proxy-authorization': `Basic ${base64(login.join(':'))}` };
}

function secretsOf(proxy: URL): readonly string[] {
  const login = loginOf(proxy);
  return login === undefined ? [] : [...login, base64(login.join(':'))].filter((text) => text);
}

/** User and password, percent-decoded. Undefined when both are absent. */
function loginOf({ username, password }: URL): readonly [string, string] | undefined {
  if (username === '' && password === '') return undefined;
  return [decoded(username), decoded(password)];
}

/** A text with an invalid percent-encoding is returned unchanged. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
