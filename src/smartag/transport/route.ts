import http from 'node:http';
import https from 'node:https';
import { type ProxyOptions, proxyFor, serverOf, withoutEndDot } from './proxy.ts';
import { renewConnections } from './socket-age.ts';
import { TunnelAgent, type TunnelLimits } from './tunnel.ts';

/** The way to an endpoint: straight, or through a proxy. */
export interface Route {
  readonly agent: http.Agent;
  /** Whether a proxy stands on the way. */
  readonly proxied: boolean;
  /** What the way knows and no message may show. */
  readonly secrets: readonly string[];
  /** The options of a request to the endpoint, changed for the way. */
  request(options: http.RequestOptions): http.RequestOptions;
}

/** Who is asked, and how requests on the way are bounded. */
export interface RouteOptions extends ProxyOptions, TunnelLimits {}

/**
 * The way to an endpoint: through a tunnel where there are both a proxy and TLS, so that the proxy
 * sees names only; where there is no TLS the proxy is asked with the whole URL, since most allow
 * tunnels to port 443 alone.
 *
 * @throws ProxySettingError when the environment names a proxy that cannot be used
 */
export function routeTo(endpoint: string, options: RouteOptions): Route {
  const { sockets: maxSockets, clock } = options;
  const proxy = proxyFor(endpoint, options);
  const secure = endpoint.startsWith('https:');
  const { hostname, port } = new URL(endpoint);
  // An end dot keeps a name from being looked up with search domains. Servers and certificates know
  // the name without it, and Node.js takes the server name for TLS from the Host header.
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

/** User and password, percent-decoded; undefined when there are neither. */
function loginOf({ username, password }: URL): readonly [string, string] | undefined {
  if (username === '' && password === '') return undefined;
  return [decoded(username), decoded(password)];
}

/** A `%` that encodes nothing stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
