import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { joined, type ListenAddress } from './listen-address.ts';

/** The local address of a socket. `path` is that of a Unix socket; `@` begins the name of an abstract one. */
export type SocketAddress = ListenAddress | { readonly path: string };

export interface OpenSocket {
  readonly kind: 'listening socket' | 'connection' | 'datagram socket' | 'packet socket';
  readonly address: SocketAddress;
}

export function socketAddressText(address: SocketAddress): string {
  return 'path' in address ? `unix:${address.path}` : joined(address.host ?? '', address.port);
}

/**
 * Looks up a socket of a process in /proc, where Linux lists the sockets by their inode. Node.js does not
 * tell the path of a Unix socket that the process has not opened itself.
 *
 * @param processFolder such as /proc/1
 * @returns undefined on other systems, for a file descriptor that is no socket, and for a process of another user
 */
export async function socketOf(
  fd: number,
  processFolder = '/proc/self',
): Promise<OpenSocket | undefined> {
  const link = await readlink(join(processFolder, 'fd', String(fd))).catch(() => '');
  const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
  if (inode === undefined) return undefined;
  for (const [table, parse] of Object.entries(TABLES)) {
    // The folder `net` of the process is readable also where /proc shows nothing but processes.
    const text = await readFile(join(processFolder, 'net', table), 'utf8').catch(() => '');
    for (const line of text.split('\n').slice(1)) {
      const row = parse(line);
      if (row?.inode === inode) return row;
    }
  }
  return undefined;
}

interface Row extends OpenSocket {
  readonly inode: string;
}

/** The files of /proc/PID/net, each with the parser of its lines. */
const TABLES: Readonly<Record<string, (line: string) => Row | undefined>> = {
  tcp: (line) => ipRow(line, 'stream'),
  tcp6: (line) => ipRow(line, 'stream'),
  unix: unixRow,
  udp: (line) => ipRow(line, 'datagram'),
  udp6: (line) => ipRow(line, 'datagram'),
};

/** TCP_LISTEN in the header file net/tcp_states.h of Linux. */
const LISTENING_STATE = '0A';

function ipRow(line: string, type: 'stream' | 'datagram'): Row | undefined {
  const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
  const [host = '', port = ''] = local.split(':');
  if (inode === undefined) return undefined;
  const streamKind = state === LISTENING_STATE ? 'listening socket' : 'connection';
  return {
    inode,
    kind: type === 'datagram' ? 'datagram socket' : streamKind,
    address: { host: hostOf(host), port: Number.parseInt(port, 16) },
  };
}

/**
 * Converts an IP address from the hexadecimal form of /proc, whose 32-bit words have the byte order of the
 * processor. All processors for which the exporter is built are little-endian.
 */
function hostOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse());
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.');
  const groups = bytes.join('').match(/.{4}/g) ?? [];
  // The URL has the short form, in brackets.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

/** The flag __SO_ACCEPTCON in the header files of Linux. */
const ACCEPTS_CONNECTIONS = 0x1_0000;

/** SOCK_DGRAM and SOCK_SEQPACKET in the header files of Linux. Every other Unix socket is a stream. */
const PACKET_TYPES: Readonly<Record<number, OpenSocket['kind']>> = {
  2: 'datagram socket',
  5: 'packet socket',
};

function unixRow(line: string): Row | undefined {
  // Num RefCount Protocol Flags Type St Inode Path; the path may contain blanks.
  const fields = /^\S+: \S+ \S+ (\S+) (\S+) \S+ +(\d+)(?: (.*))?$/.exec(line);
  if (!fields) return undefined;
  const [, flags = '', type = '', inode = '', path = ''] = fields;
  const acceptsConnections = (Number.parseInt(flags, 16) & ACCEPTS_CONNECTIONS) !== 0;
  const streamKind = acceptsConnections ? 'listening socket' : 'connection';
  return {
    inode,
    kind: PACKET_TYPES[Number.parseInt(type, 16)] ?? streamKind,
    address: { path },
  };
}
