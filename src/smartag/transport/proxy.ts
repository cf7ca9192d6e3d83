import { BlockList, isIP } from 'node:net';

/** What decides whether a call goes through a proxy. */
export interface ProxyOptions {
  /** URL of the proxy for every call; absent: the environment decides. */
  readonly proxy?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The proxy on the way to an endpoint, if any. Without one of its own it is that of HTTPS_PROXY, or
 * HTTP_PROXY for an endpoint without TLS, unless NO_PROXY names the endpoint; lower-case names win,
 * as with curl. What a variable holds may lack `http://`; a value that is no URL of an HTTP proxy
 * (`socks5://…`) makes every call fail rather than go another way than was meant.
 *
 * @throws ProxySettingError for such a value
 */
export function proxyFor(endpoint: string, { proxy, env }: ProxyOptions): URL | undefined {
  if (proxy !== undefined) return new URL(proxy);
  const target = new URL(endpoint);
  const name = target.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  // Line ends and blanks come with mounted secrets and careless quoting.
  const value = (env[name.toLowerCase()]?.trim() || env[name]?.trim()) ?? '';
  if (!value || isExcepted(target, env['no_proxy'] || env['NO_PROXY'] || '')) return undefined;
  const url = value.includes('://') ? value : `http://${value}`;
  if (!isProxyUrl(url)) throw new ProxySettingError(name);
  return new URL(url);
}

/**
 * A `#` or `?` in a password that is not percent-encoded ends the host: the rest of the password would
 * be lost, and the user would be taken for the host.
 */
function isProxyUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, search, hash } = new URL(url);
  return /^https?:$/.test(protocol) && search === '' && hash === '';
}

/** A name without the dot that may end it; with or without, it is the same name. */
export const withoutEndDot = (host: string): string => host.replace(/\.$/, '');

/** Host and port as a request wants them. */
export function serverOf({ protocol, hostname, port }: URL): { host: string; port: number } {
  const standard = protocol === 'https:' ? 443 : 80;
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? standard : Number(port) };
}

/** A proxy variable that cannot be followed. Its message has the name, never the value. */
export class ProxySettingError extends Error {
  override readonly name = 'ProxySettingError';

  constructor(variable: string) {
    super(`the environment variable ${variable} is no http:// or https:// URL of a proxy`);
  }
}

/**
 * Whether NO_PROXY names the server: `*`; a host, which stands for its subdomains too, perhaps with a
 * leading `.` or `*.` and a dot at its end; an address; a range such as `10.0.0.0/8`; each but a range
 * perhaps with a port.
 */
function isExcepted(target: URL, noProxy: string): boolean {
  const host = plain(target.hostname);
  const port = target.port || (target.protocol === 'https:' ? '443' : '80');
  return noProxy.split(/[\s,]+/).some((entry) => {
    if (entry === '*') return true;
    if (entry.includes('/')) return isWithin(host, entry);
    const { name = '', wanted } = /^(?<name>.*?)(?::(?<wanted>\d+))?$/.exec(
      isIP(entry) ? `[${entry}]` : entry,
    )?.groups ?? { name: '' };
    const named = plain(name.replace(/^\*?\./, ''));
    if (named === '' || (wanted !== undefined && wanted !== port)) return false;
    return host === named || (isIP(host) === 0 && host.endsWith(`.${named}`));
  });
}

/**
 * A host in the form in which hosts are compared: in lower case, without an end dot, and an IPv6 address
 * without brackets and in its shortest form.
 */
function plain(host: string): string {
  const bare = withoutEndDot(host.replace(/^\[|\]$/g, '').toLowerCase());
  if (isIP(bare) !== 6 || bare.includes('%')) return bare;
  return new URL(`http://[${bare}]`).hostname.slice(1, -1);
}

function isWithin(host: string, range: string): boolean {
  const [written = '', prefix = ''] = range.split('/');
  const network = plain(written);
  const family = isIP(network);
  const most = family === 4 ? 32 : 128;
  if (family === 0 || isIP(host) === 0 || !/^\d{1,3}$/.test(prefix) || Number(prefix) > most) {
    return false;
  }
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), family === 4 ? 'ipv4' : 'ipv6');
  return list.check(host, isIP(host) === 4 ? 'ipv4' : 'ipv6');
}
