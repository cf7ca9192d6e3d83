import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import type { Random } from '../src/simulator/world/random.ts';

/** The attacked exporter. */
export interface Victim {
  readonly port: number;
  /** Absent for plain HTTP without users. */
  readonly secured?: { readonly ca: string; readonly auth: string };
}

/** Waits for `ms`, or until the attacks end. */
export type Pause = (ms: number) => Promise<void>;

const PATHS = [
  '/metrics',
  '/metrics',
  '/',
  '/-/healthy',
  '/-/ready',
  '/-/reload',
  '/api/v1/status?perPage=1000',
  '/api/v1/instances/test/cn-shanghai/sag-1',
  '/instances/test/cn-shanghai/sag-2?sort=online&search=a',
  '/status.css',
  '/nothing',
  '/%ff',
  '*',
];
const METHODS = ['GET', 'GET', 'GET', 'HEAD', 'OPTIONS', 'POST', 'DELETE'];

/** One attack by one client. */
type Attack = (victim: Victim, random: Random, pause: Pause) => Promise<void>;

function pick<Item>(random: Random, items: readonly Item[]): Item {
  const [item] = items.slice(random.below(items.length)) as [Item, ...Item[]];
  return item;
}

function requestOf({ secured }: Victim, random: Random): string {
  const credentials = pick(random, [
    secured?.auth,
    secured?.auth,
    'alice:wrong',
    'nobody:x',
    undefined,
    '',
  ]);
  const authorization =
    credentials === undefined
      ? ''
      : `Authorization: Basic ${Buffer.from(credentials).toString('base64')}\r\n`;
  const encoding = random.chance(0.5) ? 'Accept-Encoding: gzip\r\n' : '';
  return `${pick(random, METHODS)} ${pick(random, PATHS)} HTTP/1.1\r\nHost: x\r\n${authorization}${encoding}\r\n`;
}

async function connect({
  port,
  secured,
}: Victim): Promise<{ raw: net.Socket; socket: net.Socket }> {
  const raw = net.connect(port, '127.0.0.1');
  raw.on('error', () => {});
  await Promise.race([once(raw, 'connect'), once(raw, 'close')]);
  if (!secured || raw.destroyed) return { raw, socket: raw };
  const socket = tls.connect({ socket: raw, ca: secured.ca, servername: 'localhost' });
  socket.on('error', () => {});
  return { raw, socket };
}

function leave(random: Random, raw: net.Socket): void {
  if (random.chance(0.6)) raw.resetAndDestroy();
  else raw.destroy();
}

/** Sends many requests at once and reads all of the answers or nothing. */
const pipelines: Attack = async (victim, random, pause) => {
  const { raw, socket } = await connect(victim);
  const requests = Array.from({ length: 1 + random.below(300) }, () => requestOf(victim, random));
  if (random.chance(0.3)) socket.resume();
  else socket.pause();
  socket.write(requests.join(''));
  await pause(random.below(1500));
  leave(random, raw);
};

/** Sends half a request. */
const halfRequests: Attack = async (victim, random, pause) => {
  const { raw, socket } = await connect(victim);
  const request = requestOf(victim, random);
  socket.write(request.slice(0, random.below(request.length)));
  if (random.chance(0.3)) socket.end();
  await pause(random.below(4000));
  leave(random, raw);
};

/** Reads an answer a few bytes at a time. */
const slowReaders: Attack = async (victim, random, pause) => {
  const { raw, socket } = await connect(victim);
  const authorization = victim.secured
    ? `Authorization: Basic ${Buffer.from(victim.secured.auth).toString('base64')}\r\n`
    : '';
  socket.pause().write(`GET /metrics HTTP/1.1\r\nHost: x\r\n${authorization}\r\n`);
  for (let turn = 0; turn < 15; turn++) {
    await pause(1000);
    socket.read(1500);
  }
  leave(random, raw);
};

/** Opens more silent connections than are allowed. */
const floods: Attack = async ({ port }, random, pause) => {
  const sockets = Array.from({ length: 100 + random.below(500) }, () =>
    net.connect(port, '127.0.0.1').on('error', () => {}),
  );
  await pause(500 + random.below(2000));
  for (const socket of sockets) leave(random, socket);
};

/** Sends bytes that are neither HTTP nor TLS, or a TLS handshake that breaks off. */
const nonsense: Attack = async ({ port }, random, pause) => {
  const socket = net.connect(port, '127.0.0.1').on('error', () => {});
  const bytes = Buffer.from(
    Array.from({ length: 1 + random.below(2000) }, () => random.below(256)),
  );
  const hello = Buffer.from('1603010200010001fc0303', 'hex');
  socket.write(random.chance(0.5) ? bytes : Buffer.concat([hello, bytes]));
  await pause(random.below(1000));
  leave(random, socket);
};

const ATTACKS = [pipelines, pipelines, halfRequests, slowReaders, floods, nonsense];

/** Makes a random attack. */
export async function attack(victim: Victim, random: Random, pause: Pause): Promise<void> {
  await pick(random, ATTACKS)(victim, random, pause);
}
