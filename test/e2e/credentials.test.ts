import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { Key } from '../../src/simulator/index.ts';
import { ask } from '../support/ask.ts';
import { METADATA_HOST, startMetadataService } from '../support/start-metadata-service.ts';
import { freePort, type Program, startCommand, urlOf } from '../support/start-program.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';
import { temporaryFile, temporaryFolder } from '../support/temporary-files.ts';

/** Longer than 5 s, after which the process tries again. */
const PATIENCE = { timeout: 60_000, interval: 100 };

const ends: (() => Promise<unknown>)[] = [];
let api: StartedSimulator;
let home: string;
let serve: Program | undefined;

beforeEach(async () => {
  home = await temporaryFolder();
  api = await startSimulator({ clock: systemClock });
  ends.push(() => api.stop());
});

afterEach(async () => {
  await serve?.end('SIGKILL');
  for (const end of ends.splice(0)) await end();
});

/** A source of credentials for the process. It provides none until `give` is called. */
interface KeySource {
  readonly env: Readonly<Record<string, string>>;
  give(key: Key): Promise<void>;
}

/** Sends requests for the metadata service to this port, because its address cannot be used on this machine. */
const rerouted = (port: number): string =>
  `--import=data:text/javascript,${encodeURIComponent(`
    import http from 'node:http';
    const { request } = http;
    http.request = (options, ...rest) =>
      options?.host === '${METADATA_HOST}'
        ? request({ ...options, host: '127.0.0.1', port: ${port} }, ...rest)
        : request(options, ...rest);
  `)}`;

async function ecsRole(isOld: boolean): Promise<KeySource> {
  const port = await freePort();
  let service: Awaited<ReturnType<typeof startMetadataService>> | undefined;
  return {
    env: { NODE_OPTIONS: rerouted(port) },
    async give(key) {
      if (service) return service.give(key);
      service = await startMetadataService('sag-reader', key, { port, isOld });
      ends.push(service.stop);
    },
  };
}

const NO_METADATA = { ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true' };

async function credentialsUri(): Promise<KeySource> {
  const port = await freePort();
  let currentKey: Key | undefined;
  const server = createServer((_request, response) => {
    response.end(
      JSON.stringify({
        Code: 'Success',
        AccessKeyId: currentKey?.accessKeyId,
        AccessKeySecret: currentKey?.accessKeySecret,
        SecurityToken: currentKey?.securityToken,
        Expiration: '2999-01-01T00:00:00Z',
      }),
    );
  });
  return {
    env: { ...NO_METADATA, ALIBABA_CLOUD_CREDENTIALS_URI: `http://127.0.0.1:${port}/credentials` },
    async give(key) {
      currentKey = key;
      if (server.listening) return;
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      ends.push(async () => {
        server.closeAllConnections();
        server.close();
      });
    },
  };
}

function fileInHome(path: string, textOf: (key: Key) => string): KeySource {
  return {
    env: NO_METADATA,
    async give(key) {
      await mkdir(dirname(join(home, path)), { recursive: true });
      await writeFile(join(home, path), textOf(key));
    },
  };
}

const SOURCES: Readonly<Record<string, () => Promise<KeySource> | KeySource>> = {
  'the role of an ECS instance': () => ecsRole(false),
  'the role of an ECS instance, from an old metadata service': () => ecsRole(true),
  'a credentials URI': credentialsUri,
  'a profile of the CLI': () =>
    fileInHome('.aliyun/config.json', (key) =>
      JSON.stringify({
        current: 'exporter',
        profiles: [
          {
            name: 'exporter',
            mode: 'StsToken',
            access_key_id: key.accessKeyId,
            access_key_secret: key.accessKeySecret,
            sts_token: key.securityToken,
          },
        ],
      }),
    ),
};

function issue(name: string): Key {
  const key = {
    accessKeyId: `STS.${name}`,
    accessKeySecret: `secret-of-${name}`,
    securityToken: `token-of-${name}`,
  };
  api.simulator.keys.add(key);
  return key;
}

const metrics = async (): Promise<string> =>
  serve ? (await ask(`${urlOf(serve)}/metrics`)).body : '';

/** The number of calls that the API has answered successfully. */
const answered = () => api.simulator.requests.count({ code: 'OK' });

const untilUpIs = (up: 0 | 1) =>
  vi.waitFor(
    async () => expect(await metrics()).toContain(`sag_app_account_up{account="test"} ${up}\n`),
    PATIENCE,
  );

describe.each(Object.entries(SOURCES))('with %s', (_, prepare) => {
  it('polling begins when the source has a key, and goes on after the key is replaced', {
    timeout: 180_000,
  }, async () => {
    const source = await prepare();
    const file = await temporaryFile(
      'config.yml',
      `
accounts: [{ name: test, endpoint: "${api.url}", regions: [cn-shanghai] }]
polling: { online_interval: 1s, requests_per_second: 100 }
`,
    );
    const program = startCommand(
      [`--config.file=${file}`, '--web.listen-address=127.0.0.1:0', '--log.format=json'],
      { HOME: home, ...source.env },
    );
    serve = program;
    await vi.waitFor(() => expect(program.output.stderr).toContain('polling is paused'), PATIENCE);
    expect(await metrics()).toContain('sag_app_account_up{account="test"} 0\n');
    expect(api.simulator.requests.count()).toBe(0);

    await source.give(issue('first'));
    await untilUpIs(1);
    await vi.waitFor(async () => {
      expect(await metrics()).toMatch(/^sag_app_users\{.*"sag-small",state="enabled"\} \d+$/m);
    }, PATIENCE);

    // A rotation: the next key exists before the earlier one is revoked.
    await source.give(issue('second'));
    api.simulator.keys.revoke('STS.first');
    const before = answered();
    await vi.waitFor(() => expect(answered()).toBeGreaterThan(before + 3), PATIENCE);
    expect(await metrics()).toContain('sag_app_account_up{account="test"} 1\n');

    // The key is revoked before there is another one, like a token that expires while its source does not answer.
    api.simulator.keys.revoke('STS.second');
    const pauses = () => program.output.stderr.match(/polling is paused/g)?.length;
    await vi.waitFor(() => expect(pauses()).toBe(2), PATIENCE);
    await untilUpIs(0);
    await source.give(issue('third'));
    await untilUpIs(1);

    expect(pauses()).toBe(2);
    expect(program.output.stderr).toContain('the credentials are accepted; polling resumes');
    expect(program.output.stderr).not.toMatch(/(secret|token)-of/);
    expect(await program.end()).toBe(0);
  });
});
