/*
 * Attacks two exporters, one plain and one with TLS and users, for some minutes: pipelined requests that are not
 * read, resets, half requests, slow readers, broken TLS, floods of connections, garbled replies of the API,
 * files that are rewritten in place, and signals that do no harm. A scraper scrapes each of them every
 * second. Every scrape must be answered with 200, whole, and with numbers that the simulator's world allows,
 * and a request without a password must be answered with 401 where there are users. Prints memory and
 * descriptors at the start and at the end; exit code 1 when anything was wrong.
 *
 *   npm run bench:fuzz [-- --minutes=N --seed=N]
 */
import { setMaxListeners } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MINUTE, SECOND, sleep, systemClock } from '../src/clock.ts';
import { createRandom } from '../src/simulator/world/random.ts';
import { type Answer, ask } from '../test/support/ask.ts';
import { authority, serverCertificate } from '../test/support/certificates.ts';
import { logLine, type Program, startCommand, urlOf } from '../test/support/start-program.ts';
import { attack, type Victim } from './fuzz-attacks.ts';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '30' }, seed: { type: 'string', default: '1' } },
});
const DURATION = Number(values.minutes) * MINUTE;

const INSTANCES = 3;
const USERS = 400;
const LIMIT = 600;
/** The number of clients that attack each exporter at the same time. */
const ATTACKERS = 5;
/** The timeout of a scrape, which is Prometheus' default. */
const SCRAPE_TIMEOUT = 10 * SECOND;
/** The wait after the attacks, until the exporters have closed the last connections. */
const REST = 15 * SECOND;
/** The allowed growth of descriptors and MiB at the end, for calls in flight and memory that the heap keeps. */
const MORE = { descriptors: 20, memory: 120 };
/** Signals that must not disturb the exporter. */
const SIGNALS = [
  'SIGHUP',
  'SIGHUP',
  'SIGCONT',
  'SIGWINCH',
  'SIGURG',
  'SIGPIPE',
  'SIGUSR1',
] as const;

/** The bcrypt hash of "fakepassword", with the lowest cost. */
const HASH = '$2b$04$eb0gJ.TkcUjMRgjgYxN1xeHD9CsImjsWYiGNoGrD6bDDnU2uWlqO6';
const AUTH = 'alice:fakepassword';
const WEB_CONFIG = `tls_server_config:
  cert_file: server.crt
  key_file: server.key
basic_auth_users:
  alice: ${HASH}
  bob: ${HASH}
`;

/** Faults of the API, as the simulator's control API accepts them. */
const FAULTS = [
  { body: '{"RequestId":"r","Users":"unexpected","TotalCount":"many"}' },
  { body: '{"RequestId":"r"}' },
  { body: '{"RequestId":"r","TotalCount":0,"PageNumber":1,"PageSize":50}', count: 1 },
  { body: '[]' },
  { body: 'null' },
  { truncate: true },
  { cut: true },
  { reset: true },
  { html: 502 },
  { empty: 200 },
  { no_code: true },
  { error: 'Throttling.Api' },
  { error: 'ServiceUnavailable' },
  { delay: '3s' },
];

const random = createRandom(Number(values.seed), 'fuzz');
const ending = new AbortController();
setMaxListeners(0, ending.signal);
const pause = (ms: number): Promise<void> => sleep(systemClock, ms, ending.signal).catch(() => {});

/** Repeats a step until the attacks end, with a pause of 10 ms that bounds the number of steps. */
async function repeatedly(step: () => Promise<unknown>): Promise<void> {
  while (!ending.signal.aborted) {
    await step();
    await pause(10);
  }
}

const violations = new Map<string, number>();
function violated(what: string): void {
  if (!violations.has(what)) console.error(`violation: ${what}`);
  violations.set(what, (violations.get(what) ?? 0) + 1);
}

/** Tries `look` for a minute until it does not throw. */
async function until<Result>(what: string, look: () => Result | Promise<Result>): Promise<Result> {
  for (let tries = 0; ; tries++) {
    try {
      return await look();
    } catch (error) {
      if (tries >= 600) throw new Error(`${what}: ${String(error)}`);
      await sleep(systemClock, SECOND / 10);
    }
  }
}

interface Target extends Victim {
  readonly name: string;
  readonly url: string;
  readonly program: Program;
  /** The text of each file by path, when it is not being rewritten. */
  readonly files: Readonly<Record<string, string>>;
  scrapes: number;
}

const folder = await mkdtemp(join(tmpdir(), 'fuzz-'));
const ca = await authority();
const certificate = await serverCertificate(ca);
await writeFile(join(folder, 'server.crt'), certificate.cert);
await writeFile(join(folder, 'server.key'), certificate.key);
await writeFile(
  join(folder, 'scenario.yml'),
  `seed: ${values.seed}
instances:
  - id: sag-{n}
    count: ${INSTANCES}
    region: cn-shanghai
    users: ${USERS}
    users_limit: ${LIMIT}
    online: 0.5
    mean_session: 5m
`,
);

const simulator = startCommand([
  'simulate',
  `--scenario.file=${join(folder, 'scenario.yml')}`,
  '--web.listen-address=127.0.0.1:0',
  '--control.listen-address=127.0.0.1:0',
  '--log.format=json',
]);

/** Starts an exporter and waits until its snapshot is complete. */
async function start(name: string, endpoint: string, webConfig?: string): Promise<Target> {
  const [config, secret, web] = ['config.yml', 'secret', 'web.yml'].map((each) =>
    join(folder, `${name}-${each}`),
  ) as [string, string, string];
  const files: Readonly<Record<string, string>> = {
    [secret]: 'testsecret\n',
    [config]: `polling:
  users_interval: 2s
  online_interval: 1s
  sessions_interval: 2s
  discovery_interval: 5s
  timeout: 2s
  stale_after: 2h
  requests_per_second: 50
accounts:
  - name: test
    credentials: { access_key_id: testid, access_key_secret_file: ${secret} }
    regions: [cn-shanghai]
    endpoint: ${endpoint}
`,
    ...(webConfig !== undefined && { [web]: webConfig }),
  };
  for (const [file, text] of Object.entries(files)) await writeFile(file, text);
  const program = startCommand(
    [
      'serve',
      `--config.file=${config}`,
      '--web.listen-address=127.0.0.1:0',
      '--web.enable-lifecycle',
      '--log.format=json',
      ...(webConfig === undefined ? [] : [`--web.config.file=${web}`]),
    ],
    { ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true' },
  );
  const url = await until(`${name} to listen`, () => urlOf(program));
  const target: Target = {
    name,
    url,
    port: Number(new URL(url).port),
    program,
    files,
    scrapes: 0,
    ...(webConfig !== undefined && { secured: { ca: ca.cert, auth: AUTH } }),
  };
  await until(`${name} to be ready`, async () => {
    const { status, body } = await get(target, '/-/ready');
    if (status !== 200) throw new Error(`${status} ${body}`);
  });
  return target;
}

const get = (target: Target, path: string): Promise<Answer> =>
  ask(`${target.url}${path}`, {
    timeout: SCRAPE_TIMEOUT,
    signal: AbortSignal.timeout(SCRAPE_TIMEOUT),
    ...(target.secured && { ca: ca.cert, auth: AUTH }),
    headers: { Accept: 'application/openmetrics-text; version=1.0.0' },
  });

/** The sum of a metric's values, by instance. */
function valuesOf(text: string, metric: string): ReadonlyMap<string, number> {
  const lines = text.matchAll(
    new RegExp(`^${metric}\\{[^\\n]*instance_id="([^"]*)"[^\\n]*\\} (\\S+)`, 'gm'),
  );
  const sums = new Map<string, number>();
  for (const [, instance = '', value] of lines) {
    sums.set(instance, (sums.get(instance) ?? 0) + Number(value));
  }
  return sums;
}

/** Checks a scrape: no fault may remove data that is known. */
function check(target: Target, text: string): void {
  if (!text.endsWith('# EOF\n')) violated(`${target.name}: a scrape without its end`);
  const expected: readonly (readonly [string, (value: number) => boolean])[] = [
    ['sag_app_users', (value) => value === USERS],
    ['sag_app_users_limit', (value) => value === LIMIT],
    ['sag_app_online_users', (value) => value > 0 && value <= USERS],
    ['sag_app_online_clients', (value) => value > 0],
  ];
  for (const [metric, isRight] of expected) {
    const found = valuesOf(text, metric);
    if (found.size !== INSTANCES) violated(`${target.name}: ${metric} of ${found.size} instances`);
    for (const value of found.values()) {
      if (!isRight(value)) violated(`${target.name}: ${metric} is ${value}`);
    }
  }
  const infos = text.match(/^sag_app_user_info\{/gm)?.length ?? 0;
  if (infos !== INSTANCES * USERS) violated(`${target.name}: ${infos} users have their series`);
}

async function scrape(target: Target): Promise<void> {
  try {
    const { status, body } = await get(target, '/metrics');
    target.scrapes++;
    if (status === 200) check(target, body);
    else violated(`${target.name}: a scrape was answered with ${status}`);
  } catch (error) {
    violated(`${target.name}: a scrape was lost: ${String(error)}`);
  }
  if (target.secured) {
    const answer = await ask(`${target.url}/metrics`, { ca: ca.cert }).catch(() => undefined);
    if (answer && answer.status !== 401) {
      violated(`${target.name}: without a password: ${answer.status}`);
    }
  }
  await pause(SECOND);
}

/** Rewrites a file in place, as editors and scripts do, so that it is empty and then incomplete for a moment. */
async function rewrite({ files }: Target): Promise<void> {
  const paths = Object.keys(files);
  const path = paths[random.below(paths.length)] ?? '';
  const text = files[path] ?? '';
  const handle = await open(path, 'w');
  if (random.chance(0.2)) await pause(random.below(300));
  if (path.endsWith('web.yml')) {
    for (const line of text.split(/(?<=\n)/)) await handle.write(line);
  } else {
    await handle.write(text);
  }
  await handle.close();
  await pause(random.below(2 * SECOND));
}

async function disturb({ name, program, url, secured }: Target): Promise<void> {
  await pause(SECOND + random.below(4 * SECOND));
  program.child.kill(SIGNALS[random.below(SIGNALS.length)]);
  if (random.chance(0.3)) {
    const options = { method: 'POST', ...(secured && { ca: ca.cert, auth: AUTH }) };
    await ask(`${url}/-/reload`, options).catch(() => {});
  }
  if (program.child.exitCode !== null || program.child.signalCode !== null) {
    violated(`${name} has ended`);
    ending.abort();
  }
}

async function breakApi(controlUrl: string): Promise<void> {
  const fault = FAULTS[random.below(FAULTS.length)];
  const answer = await fetch(`${controlUrl}/add_fault`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ probability: 0.4, for: '2s', ...fault }),
  });
  if (!answer.ok) throw new Error(`add_fault: ${answer.status} ${await answer.text()}`);
  await pause(random.below(3 * SECOND));
}

interface Usage {
  readonly descriptors: number;
  /** Resident memory in MiB. */
  readonly memory: number;
}

function usageOf({ program: { child } }: Target): Usage {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  const memory = Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
  return { descriptors: readdirSync(`/proc/${child.pid}/fd`).length, memory };
}

const targets: Target[] = [];
try {
  const endpoint = await until('the simulator to listen', () => urlOf(simulator));
  const controlUrl = await until('its control API to listen', () => {
    const { control_address } = logLine(simulator, 'control API listening');
    return `http://${String(control_address)}/-/control`;
  });
  targets.push(await start('plain', endpoint), await start('secured', endpoint, WEB_CONFIG));
  for (const target of targets) for (let each = 0; each < 10; each++) await scrape(target);
  const before = targets.map(usageOf);

  void sleep(systemClock, DURATION).then(() => ending.abort());
  await Promise.all([
    repeatedly(() => breakApi(controlUrl)),
    ...targets.flatMap((target) => [
      repeatedly(() => scrape(target)),
      repeatedly(() => rewrite(target)),
      repeatedly(() => disturb(target)),
      ...Array.from({ length: ATTACKERS }, () => repeatedly(() => attack(target, random, pause))),
    ]),
  ]);
  await fetch(`${controlUrl}/clear_faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  await sleep(systemClock, REST);

  console.log('exporter  scrapes  descriptors  memory (MiB)');
  for (const [index, target] of targets.entries()) {
    await scrape(target);
    const [start, end] = [before[index], usageOf(target)];
    if (!start) continue;
    const descriptors = `${start.descriptors} -> ${end.descriptors}`;
    const memory = `${start.memory} -> ${end.memory}`;
    console.log(
      `${target.name.padEnd(8)} ${String(target.scrapes).padStart(8)}  ${descriptors.padStart(11)}  ${memory.padStart(12)}`,
    );
    if (end.descriptors > start.descriptors + MORE.descriptors)
      violated(`${target.name}: descriptors`);
    if (end.memory > start.memory + MORE.memory) violated(`${target.name}: memory`);
  }
} finally {
  for (const { program } of targets) await program.end();
  await simulator.end();
  await rm(folder, { recursive: true, force: true });
}
for (const [what, times] of violations) console.log(`${String(times).padStart(6)} times ${what}`);
console.log(violations.size === 0 ? 'nothing was lost or wrong' : 'something was lost or wrong');
process.exitCode = violations.size === 0 ? 0 : 1;
