import { BlockList, isIP } from 'node:net';

export interface ProxyOptions {
  /** URL of the proxy for every call. When absent, the environment decides. */
  readonly proxy?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The proxy for calls of an endpoint; undefined when the calls go directly. Without a configured proxy, it is
 * that of HTTPS_PROXY (HTTP_PROXY for an endpoint without TLS), unless NO_PROXY names the endpoint.
 * Lower-case names of these variables take precedence, as with curl. A value may lack `http://`. A value that
 * is not a URL of an HTTP proxy, such as `socks5://…`, makes every call fail, because the operator did not
 * want direct calls.
 *
 * @throws ProxySettingError for such a value
 */
export function proxyFor(endpoint: string, { proxy, env }: ProxyOptions): URL | undefined {
  if (proxy !== undefined) return new URL(proxy);
  const target = new URL(endpoint);
  const name = target.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  // Mounted secrets and careless quoting add line ends and blanks.
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

export const withoutEndDot = (host: string): string => host.replace(/\.$/, '');

/** Host and port as `http.request` expects them. */
export function serverOf({ protocol, hostname, port }: URL): { host: string; port: number } {
  const standard = protocol === 'https:' ? 443 : 80;
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? standard : Number(port) };
}

/** A proxy variable has an unusable value. The message names the variable and never quotes the value. */
export class ProxySettingError extends Error {
  override readonly name = 'ProxySettingError';

  constructor(variable: string) {
    super(`the environment variable ${variable} is no http:// or https:// URL of a proxy`);
  }
}

/**
 * Whether NO_PROXY names the server. An entry is `*`, a host, an address or a range such as `10.0.0.0/8`. A
 * host stands for its subdomains too; it may begin with `.` or `*.` and end with a dot. Hosts and addresses
 * may have a port.
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
 * Converts a host to the form used for comparison: lower case and without a dot at its end. An IPv6 address
 * has no brackets and its shortest form.
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
