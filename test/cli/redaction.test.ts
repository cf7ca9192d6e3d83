import { readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { systemClock } from '../../src/clock.ts';
import { type RawAnswer, startRawServer } from '../smartag/transport/raw-server.ts';
import { ask } from '../support/ask.ts';
import { FakeHost, isComplaint } from '../support/fake-host.ts';
import { startProxy } from '../support/start-proxy.ts';
import { startSimulator } from '../support/start-simulator.ts';
import { temporaryFile } from '../support/temporary-files.ts';

/** Part of every secret. No output may contain it. */
const MARK = 'MaRkEd';
const ID = 'LTAI-of-the-test';
const SECRET = `${MARK}-secret-0123456789`;
const TOKEN = `${MARK}+token/0123456789==`;
const PASSWORD = `${MARK}-Pass_word1`;

/** Finds secrets also in URLs and signed forms, as percent encoding does not change these letters. */
const hasSecret = (text: string): boolean => text.includes(MARK);

const PATIENCE = { timeout: 20_000, interval: 20 };
const PORT = '127.0.0.1:0';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** The configuration of an account that leads to a failure, or to none. */
interface Situation {
  readonly endpoint: string;
  /** More lines under `credentials` of the account. */
  readonly account?: string;
  /** More lines at the end of the file. */
  readonly file?: string;
}

/** A server whose answers contain everything that it was sent. */
function echoes(status: number, body: (form: URLSearchParams) => string): () => Promise<Situation> {
  const answer: RawAnswer = (response, { form }) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body(form));
  };
  return async () => {
    const server = await startRawServer(answer);
    ends.push(() => server.stop());
    return { endpoint: server.url };
  };
}

const error = (code: string) => (form: URLSearchParams) =>
  JSON.stringify({
    RequestId: form.get('SecurityToken'),
    Code: code,
    Message: `${form} ${[...form.values()].join(' ')} server string to sign is:POST&%2F&${encodeURIComponent(`${form}`)}`,
  });

async function simulated(accessKeySecret: string): Promise<Situation> {
  const api = await startSimulator({
    clock: systemClock,
    keys: [{ accessKeyId: ID, accessKeySecret, securityToken: TOKEN }],
  });
  ends.push(() => api.stop());
  return { endpoint: api.url };
}

const NOWHERE = 'http://127.0.0.1:9';

const SITUATIONS: Readonly<Record<string, () => Promise<Situation>>> = {
  'nothing is wrong': () => simulated(SECRET),
  'the secret is wrong, and the API echoes what it signed': () => simulated('another'),
  'SignatureDoesNotMatch echoes the request': echoes(400, error('SignatureDoesNotMatch')),
  'an unknown error echoes the request': echoes(400, error('Odd')),
  'an HTML page echoes the request': echoes(502, (form) => `<html>${form}</html>`),
  'JSON of another shape echoes the request': echoes(200, (form) =>
    JSON.stringify({ [`${form}`]: [...form.values()] }),
  ),
  'JSON that is cut short echoes the request': echoes(200, (form) => `{"Users":"${form}`),
  'the API cannot be reached': async () => ({ endpoint: NOWHERE }),
  'the proxy cannot be reached': async () => ({
    endpoint: 'https://smartag.cn-shanghai.aliyuncs.com',
    file: `proxy: http://${MARK}-user:${PASSWORD}@127.0.0.1:9`,
  }),
  'the proxy refuses the password': async () => {
    const proxy = await startProxy({ login: 'somebody:else' });
    ends.push(() => proxy.stop());
    return {
      endpoint: 'https://smartag.cn-shanghai.aliyuncs.com',
      file: `proxy: ${proxy.urlFor(`${MARK}-user`, PASSWORD)}`,
    };
  },
  'STS cannot be reached': async () => ({
    endpoint: NOWHERE,
    account: `role_arn: acs:ram::1234567890123456:role/reader`,
    file: `proxy: http://${MARK}-user:${PASSWORD}@127.0.0.1:9`,
  }),
  'STS echoes the request': async () => {
    const { endpoint } = await echoes(400, error('NoPermission'))();
    return {
      endpoint: NOWHERE,
      account: `role_arn: acs:ram::1234567890123456:role/reader\n      sts_endpoint: ${endpoint}`,
    };
  },
  'the configuration has mistakes next to the secret': async () => ({
    endpoint: NOWHERE,
    account: `acces_key_secret: ${SECRET}`,
    file: `polling: { timeout: soon }\nproxy: socks5://u:${PASSWORD}@proxy`,
  }),
  'the configuration is not valid YAML next to the secret': async () => ({
    endpoint: NOWHERE,
    account: `other: "${SECRET}" x: [`,
  }),
};

function configOf({ endpoint, account = '', file = '' }: Situation): Promise<string> {
  return temporaryFile(
    'config.yml',
    `
accounts:
  - name: prod
    endpoint: ${endpoint}
    regions: [cn-shanghai]
    credentials:
      access_key_id: ${ID}
      access_key_secret: ${SECRET}
      security_token: ${TOKEN}
      ${account}
${file}
`,
  );
}

/** The arguments of the commands that end by themselves. */
const ONE_SHOT: Readonly<Record<string, (file: string) => readonly string[]>> = {
  'check-config': (file) => [file],
  help: () => [],
  plan: (file) => [`--config.file=${file}`],
  doctor: (file) => [`--config.file=${file}`],
  once: (file) => [`--config.file=${file}`],
  instances: (file) => [`--config.file=${file}`],
  history: (file) => [
    '--at=2026-01-01',
    `--storage.path=${dirname(file)}/missing`,
    `--config.file=${file}`,
  ],
  users: (file) => ['sag-small', `--config.file=${file}`],
  sessions: (file) => ['sag-small', 'somebody', `--config.file=${file}`],
  'create-user': (file) => [
    'sag-small',
    '--user-mail=new@example.com',
    '--user-name=new.user1',
    '--password-stdin',
    `--config.file=${file}`,
  ],
  healthcheck: () => ['--web.listen-address=127.0.0.1:9'],
  'simulate-control': () => [
    'add_key',
    `access_key_secret=${SECRET}`,
    `access_key_id=[${SECRET}]`,
    '--control.url=http://127.0.0.1:9',
  ],
};

/** Commands that run until they are ended. */
const DAEMONS = ['serve', 'demo', 'simulate'];

it('the tests below run every command', async () => {
  const host = new FakeHost();
  await run(['--help'], host);
  const commands = Array.from(
    host.out.matchAll(/^ {2}([a-z][\w-]*)(?=[ |])/gm),
    ([, name]) => name,
  );
  expect([...Object.keys(ONE_SHOT), ...DAEMONS].sort()).toEqual(commands.sort());
});

describe.each(Object.keys(SITUATIONS))('while %s', (name) => {
  let situation: Situation;
  let file: string;

  beforeEach(async () => {
    situation = (await SITUATIONS[name]?.()) ?? { endpoint: NOWHERE };
    file = await configOf(situation);
  });

  it('no command prints a secret', { timeout: 60_000 }, async () => {
    await Promise.all(
      Object.entries(ONE_SHOT).flatMap(([command, args]) =>
        (['json', 'logfmt', 'pretty'] as const).map(async (format) => {
          const host = new FakeHost({}, { stdin: `${PASSWORD}\n` });
          const flags = ['--log.level=debug', `--log.format=${format}`];
          await run([command, ...args(file), ...flags], host);
          expect(host.out + host.err, command).not.toBe('');
          expect({ command, printsSecret: hasSecret(host.out + host.err) }).toEqual({
            command,
            printsSecret: false,
          });
        }),
      ),
    );
  });

  it('no secret is in the log, the pages or the metrics of serve', {
    timeout: 60_000,
  }, async () => {
    const host = new FakeHost();
    const flags = ['--log.level=debug', '--log.format=json', '--web.enable-lifecycle'];
    const running = run(
      ['serve', `--config.file=${file}`, `--web.listen-address=${PORT}`, ...flags],
      host,
    );
    let hasEnded = false;
    void running.then(() => {
      hasEnded = true;
    });
    const outputs: string[] = [];
    try {
      // With a wrong configuration serve ends. Otherwise it reports a problem or becomes ready.
      await vi.waitFor(async () => {
        if (hasEnded) return;
        const { status } = await ask(`${host.url}/-/ready`);
        const complaints = host.log.filter(isComplaint);
        expect(status === 200 || complaints.length > 0).toBe(true);
      }, PATIENCE);
      if (!hasEnded) {
        const readPages = async (): Promise<void> => {
          for (const path of [
            '/',
            '/-/ready',
            '/-/healthy',
            '/metrics',
            '/api/v1/status',
            '/none',
          ]) {
            outputs.push((await ask(`${host.url}${path}`)).body);
          }
        };
        await readPages();
        const good = await readFile(file, 'utf8');
        for (const change of ['nonsense: 1', `proxy: "socks5://u:${PASSWORD}@proxy"`, '']) {
          // No request may leave this machine from here on.
          const kept = good.replace(/^proxy:.*$/m, `proxy: ${NOWHERE}`);
          await writeFile(file, `${kept}\n${change}\n`);
          const answer = await ask(`${host.url}/-/reload`, { method: 'POST' });
          expect(answer.status).toBe(change === '' ? 200 : 500);
          outputs.push(answer.body);
        }
        await readPages();
      }
    } finally {
      host.end();
      await running;
    }
    outputs.push(host.out, host.err);
    expect(outputs.filter(hasSecret)).toEqual([]);
  });
});

describe('the simulator, alone and in the demo', () => {
  it.each(['simulate', 'demo'])(
    '%s does not print the secrets of its scenario',
    async (command) => {
      const scenario = await temporaryFile(
        'scenario.yml',
        `
keys:
  - { access_key_id: ${ID}, access_key_secret: ${SECRET}, security_token: ${TOKEN} }
instances:
  - { id: sag-a, region: cn-shanghai, users: 2, users_limit: 5 }
`,
      );
      const host = new FakeHost();
      const flags = command === 'demo' ? [`--simulator.listen-address=${PORT}`] : [];
      const running = run(
        [
          command,
          `--web.listen-address=${PORT}`,
          `--scenario.file=${scenario}`,
          '--control.listen-address=127.0.0.1:0',
          '--log.level=debug',
          '--log.format=json',
          ...flags,
        ],
        host,
      );
      const outputs: string[] = [];
      try {
        const { control_address: control } = await vi.waitFor(() => {
          expect(host.url).not.toBe('');
          const line = host.log.find((entry) => 'control_address' in entry);
          if (!line) throw new Error('no control API yet');
          return line;
        }, PATIENCE);
        const form = `Action=DescribeRegions&AccessKeyId=${ID}&SecurityToken=${encodeURIComponent(TOKEN)}&Signature=${MARK}`;
        for (const path of ['/', '/metrics', '/-/ready']) {
          if (command === 'demo') outputs.push((await ask(`${host.url}${path}`)).body);
          // The simulated API may quote a request in its answer, as the real API does. The log may not.
          else await fetch(host.url, { method: 'POST', body: new URLSearchParams(form) });
        }
        for (const [action, ...keys] of [
          ['state'],
          ['add_key', `access_key_id=other`, `access_key_secret=${SECRET}`],
          ['add_key', `access_key_id=[${SECRET}]`],
        ]) {
          const other = new FakeHost();
          const args = action === undefined ? [] : [action, ...keys];
          await run(['simulate-control', ...args, `--control.url=http://${control}`], other);
          outputs.push(other.out, other.err);
        }
      } finally {
        host.end();
        await running;
      }
      outputs.push(host.out, host.err);
      expect(outputs.filter(hasSecret)).toEqual([]);
    },
  );
});
