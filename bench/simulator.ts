/*
 * Measures how many requests per second one simulator process answers: signed requests over keep-alive
 * connections, first each operation alone and then all reads mixed, with both kinds of signatures. `alone` is
 * the rate per second of the process' CPU time, which it would reach with a core to itself.
 *
 *   npx tsx bench/simulator.ts [users] [--requests=5000] [--connections=16]
 */
import { type ChildProcess, fork } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SECOND, systemClock } from '../src/clock.ts';
import { createSimulator, createWorld, DEFAULT_KEY } from '../src/simulator/index.ts';

const USERS = 100_000;
const INSTANCES = 10;
const REGION = 'cn-shanghai';
const ONLINE_RATIO = 0.1;
/** Target: requests per second. */
const TARGET = 2000;
/** The number of users or instances in a batched request. */
const BATCH = 50;

/** Measurements by the simulator's process. */
interface Fleet {
  readonly port: number;
  readonly names: readonly string[];
}

/** CPU time of the simulator's process in ms, and its memory in bytes. */
interface Usage {
  readonly cpu: number;
  readonly rss: number;
}

/** Runs in the simulator's process: serves until the parent disconnects. */
async function simulate(users: number): Promise<void> {
  const clock = systemClock;
  const instances = Array.from({ length: INSTANCES }, (_, index) => ({
    id: `sag-${index}`,
    regionId: REGION,
    users: users / INSTANCES,
    usersLimit: 2 * users,
    onlineRatio: ONLINE_RATIO,
    cidrBlock: '10.0.0.0/8',
  }));
  const world = createWorld({ seed: 1, clock, instances, activity: 'living' });
  const simulator = createSimulator({ clock, world });
  const server = createServer(simulator.app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const names = world.users('sag-0').map(({ name }) => name);
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpu: (user + system) / 1000, rss: process.memoryUsage.rss() });
  });
  process.on('disconnect', () => process.exit());
  process.send?.({ port, names });
}

type Parameters = Readonly<Record<string, string>>;

/** One kind of request. `count` differs for each request. */
interface Question {
  readonly title: string;
  readonly operation: string;
  readonly version?: string;
  readonly parameters: (count: number) => Parameters;
}

/** Every operation, with the parameters that a poller or an administrator would send. */
function questions(names: readonly string[]): readonly Question[] {
  const nameAt = (count: number): string => names[count % names.length] ?? '';
  const instanceAt = (count: number): string => `sag-${count % INSTANCES}`;
  const batch = (count: number): Parameters =>
    Object.fromEntries(
      Array.from({ length: BATCH }, (_, index) => [
        `UserNames.${index + 1}`,
        nameAt(count * BATCH + index),
      ]),
    );
  const own = { RegionId: REGION, SmartAGId: 'sag-0' };
  const pages = Math.floor(names.length / 100);
  const ask = (operation: string, parameters: Question['parameters'], more = ''): Question => ({
    title: `${operation}${more}`,
    operation,
    parameters,
  });
  return [
    ask('DescribeRegions', () => ({})),
    ask('DescribeSmartAccessGateways', () => ({ RegionId: REGION, PageSize: '50' })),
    ask(
      'DescribeSmartAccessGatewayClientUsers',
      (count) => ({ ...own, PageSize: '100', PageNumber: String((count % pages) + 1) }),
      ' of 100',
    ),
    ask('DescribeSmartAccessGatewayClientUsers', (count) => ({
      ...own,
      SmartAGId: instanceAt(count),
      PageNumber: String((count % pages) + 1),
    })),
    ask('DescribeUserOnlineClients', (count) => ({ ...own, UserName: nameAt(count) })),
    ask('DescribeUserOnlineClientStatistics', (count) => ({ ...own, ...batch(count) }), ' of 50'),
    ask('DescribeSagOnlineClientStatistics', () => ({ RegionId: REGION })),
    ask('DescribeUserFlowStatistics', (count) => ({ ...own, ...batch(count) }), ' of 50'),
    ask('CreateSmartAccessGatewayClientUser', (count) => ({
      ...own,
      UserName: `created${count}`,
      Password: 'duuf1234',
      UserMail: 'username@example.com',
    })),
    ask('ModifySmartAccessGatewayClientUser', (count) => ({
      ...own,
      UserName: nameAt(count),
      Bandwidth: '1000',
    })),
    ask('DisableSmartAccessGatewayUser', (count) => ({ ...own, UserName: nameAt(count) })),
    ask('EnableSmartAccessGatewayUser', (count) => ({ ...own, UserName: nameAt(count) })),
    ask('KickOutClients', (count) => ({ ...own, Username: nameAt(count) })),
    ask('ResetSmartAccessGatewayClientUserPassword', (count) => ({
      ...own,
      UserName: nameAt(count),
    })),
    ask('DeleteSmartAccessGatewayClientUser', (count) => ({
      ...own,
      UserName: `created${count}`,
    })),
    {
      ...ask('AssumeRole', () => ({
        RoleArn: 'acs:ram::1234567890123456:role/sag-reader',
        RoleSessionName: 'bench',
      })),
      version: '2015-04-01',
    },
  ];
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const canonical = (parameters: Parameters): string =>
  Object.keys(parameters)
    .sort()
    .map((name) => `${encode(name)}=${encode(parameters[name] ?? '')}`)
    .join('&');

/** Each request has a nonce of its own. */
let nonces = 0;

const timestamp = (): string => new Date().toISOString().replace(/\.\d+Z$/, 'Z');

/** The bytes of a request with RPC signature version 1.0, whose parameters are all in the URL. */
function rpc(operation: string, version: string, own: Parameters): string {
  const query = canonical({
    Action: operation,
    Version: version,
    Format: 'JSON',
    AccessKeyId: DEFAULT_KEY.accessKeyId,
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: `bench-${nonces++}`,
    Timestamp: timestamp(),
    ...own,
  });
  const signature = createHmac('sha1', `${DEFAULT_KEY.accessKeySecret}&`)
    .update(`GET&%2F&${encode(query)}`)
    .digest('base64');
  return `GET /?${query}&Signature=${encode(signature)} HTTP/1.1\r\nhost: localhost\r\n\r\n`;
}

const EMPTY_HASH = createHash('sha256').update('').digest('hex');

/** The bytes of the same request with signature ACS3-HMAC-SHA256. */
function acs3(operation: string, version: string, own: Parameters): string {
  const query = canonical(own);
  const headers: readonly (readonly [string, string])[] = [
    ['host', 'localhost'],
    ['x-acs-action', operation],
    ['x-acs-content-sha256', EMPTY_HASH],
    ['x-acs-date', timestamp()],
    ['x-acs-signature-nonce', `bench-${nonces++}`],
    ['x-acs-version', version],
  ];
  const lines = headers.map(([name, value]) => `${name}:${value}\n`).join('');
  const names = headers.map(([name]) => name).join(';');
  const request = `POST\n/\n${query}\n${lines}\n${names}\n${EMPTY_HASH}`;
  const hash = createHash('sha256').update(request).digest('hex');
  const signature = createHmac('sha256', DEFAULT_KEY.accessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${hash}`)
    .digest('hex');
  const authorization = `ACS3-HMAC-SHA256 Credential=${DEFAULT_KEY.accessKeyId},SignedHeaders=${names},Signature=${signature}`;
  return `POST /?${query} HTTP/1.1\r\n${lines.replaceAll('\n', '\r\n')}authorization: ${authorization}\r\ncontent-length: 0\r\n\r\n`;
}

/** A keep-alive connection with one request at a time. It parses as little of an answer as possible. */
class Connection {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #answered: ((status: number) => void) | undefined;

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1').setNoDelay();
    this.#socket.on('data', (chunk) => {
      this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
      this.#read();
    });
  }

  /** Resolves with the HTTP status. */
  ask(request: string): Promise<number> {
    return new Promise((resolve) => {
      this.#answered = resolve;
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(): void {
    const end = this.#received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.#received.toString('latin1', 0, end);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    if (this.#received.length < end + 4 + length) return;
    this.#received = Buffer.alloc(0);
    this.#answered?.(Number(head.slice(9, 12)));
  }
}

type Writer = typeof rpc;

/** A simulator in another process, and connections to it. */
class Bench {
  readonly #process: ChildProcess;
  readonly #connections: readonly Connection[];
  readonly #requests: number;
  /** The number of requests of each operation so far, so that the created users can be deleted. */
  readonly #counts = new Map<string, number>();

  constructor(process: ChildProcess, port: number, connections: number, requests: number) {
    this.#process = process;
    this.#connections = Array.from({ length: connections }, () => new Connection(port));
    this.#requests = requests;
  }

  /**
   * Sends the requests in turn, one at a time on each connection, and prints the rate. The requests are signed
   * beforehand, because signing would otherwise be measured too.
   */
  async measure(title: string, asked: readonly Question[], write: Writer): Promise<number> {
    const requests = Array.from({ length: this.#requests }, (_, index) =>
      this.#write(asked[index % asked.length], write),
    );
    const before = await this.#usage();
    const start = performance.now();
    const statuses = new Map<number, number>();
    let next = 0;
    await Promise.all(
      this.#connections.map(async (connection) => {
        for (let request = requests[next++]; request !== undefined; request = requests[next++]) {
          const status = await connection.ask(request);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
        }
      }),
    );
    const seconds = (performance.now() - start) / SECOND;
    const { cpu, rss } = await this.#usage();
    const rate = requests.length / seconds;
    const alone = requests.length / ((cpu - before.cpu) / SECOND);
    const refused = [...statuses].filter(([status]) => status !== 200);
    console.log(
      `  ${title.padEnd(52)} ${rate.toFixed(0).padStart(6)}/s  alone ${alone.toFixed(0).padStart(6)}/s  ${(rss / 2 ** 20).toFixed(0).padStart(4)} MiB${refused.map(([status, times]) => `  ${times} times ${status}`).join('')}`,
    );
    return rate;
  }

  #write(question: Question | undefined, write: Writer): string {
    if (question === undefined) throw new Error('Expected at least one question');
    const { operation, version = '2018-03-13', parameters } = question;
    const count = this.#counts.get(operation) ?? 0;
    this.#counts.set(operation, count + 1);
    return write(operation, version, parameters(count));
  }

  stop(): void {
    for (const connection of this.#connections) connection.close();
    this.#process.disconnect();
  }

  async #usage(): Promise<Usage> {
    const answered = once(this.#process, 'message');
    this.#process.send({ ask: 'usage' });
    const [usage] = (await answered) as [Usage];
    return usage;
  }
}

async function run(users: number, requests: number, connections: number): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), ['--simulator', String(users)]);
  const [{ port, names }] = (await once(child, 'message')) as [Fleet];
  const bench = new Bench(child, port, connections, requests);
  console.log(`\n${users} users, ${connections} connections, one simulator process`);
  const all = questions(names);
  const reads = all.filter(({ operation }) => operation.startsWith('Describe'));
  const rates: number[] = [];
  // Warms up: in the first seconds, the JIT compiler has not compiled the code yet.
  await bench.measure('warming up, all reads', reads, rpc);
  for (const question of all) rates.push(await bench.measure(question.title, [question], rpc));
  for (const [title, write] of [
    ['all reads, RPC', rpc],
    ['all reads, ACS3', acs3],
  ] as const) {
    rates.push(await bench.measure(title, reads, write));
  }
  bench.stop();
  const least = Math.min(...rates);
  console.log(
    `  slowest ${least.toFixed(0)}/s, ${(least / TARGET).toFixed(2)} of the target of ${TARGET}/s`,
  );
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    requests: { type: 'string', default: '5000' },
    connections: { type: 'string', default: '16' },
    simulator: { type: 'boolean', default: false },
  },
});
const users = Number(positionals[0] ?? USERS);
if (!Number.isInteger(users) || users < 100 * INSTANCES || users % INSTANCES > 0) {
  throw new Error(`users must be a multiple of ${INSTANCES}, at least ${100 * INSTANCES}`);
}
if (values.simulator) await simulate(users);
else await run(users, Number(values.requests), Number(values.connections));
