import { isIPv6 } from 'node:net';

export interface ListenAddress {
  /** Absent: all interfaces. */
  readonly host?: string;
  /** 0 means any free port. */
  readonly port: number;
}

export class ListenAddressError extends Error {
  override readonly name = 'ListenAddressError';
}

const ADDRESS = /^(?:\[(?<ipv6>[^\]]*)\]|(?<host>[^:\s]*)):(?<port>\d{1,5})$/;
const HIGHEST_PORT = 65_535;

/** Reads `HOST:PORT`, `:PORT` or `[IPV6]:PORT`. @throws ListenAddressError */
export function parseListenAddress(text: string): ListenAddress {
  const groups = ADDRESS.exec(text)?.groups;
  const port = Number(groups?.['port']);
  const ipv6 = groups?.['ipv6'];
  if (!groups || port > HIGHEST_PORT || (ipv6 !== undefined && !isIPv6(ipv6))) {
    throw new ListenAddressError(
      `expected a listen address such as :10313, 127.0.0.1:10313 or [::1]:10313; got "${text}"`,
    );
  }
  const host = ipv6 ?? groups['host'];
  return { port, ...(host && { host }) };
}

/** Joins host and port, with an IPv6 host in brackets. */
export function joined(host: string, port: number): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
