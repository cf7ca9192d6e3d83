import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, createServer as createNetServer } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { readText } from '../../../src/input/read-file.ts';
import { credentialsSource } from '../../../src/smartag/credentials/credentials.ts';
import {
  CredentialsOutageError,
  type CredentialsSource,
  NoCredentialsError,
} from '../../../src/smartag/credentials/key-pair.ts';
import { authority, certificate } from '../../support/certificates.ts';
import { type Detour, reroute } from '../../support/reroute.ts';
import { METADATA_HOST, startMetadataService } from '../../support/start-metadata-service.ts';
import { startSimulator } from '../../support/start-simulator.ts';
import { startTlsFront } from '../../support/start-tls-front.ts';
import { temporaryFile, temporaryFolder } from '../../support/temporary-files.ts';

const ROLE = 'acs:ram::1234567890123456:role/sag-reader';
const KEY = { accessKeyId: 'STS.one', accessKeySecret: 'secret-one', securityToken: 'token-one' };
const OTHER = { accessKeyId: 'STS.two', accessKeySecret: 'secret-two', securityToken: 'token-two' };

const ends: (() => Promise<unknown>)[] = [];
let home: string;
let routes: Map<string, Detour>;

beforeEach(async () => {
  home = await temporaryFolder();
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('ALIBABA_CLOUD_')) vi.stubEnv(name, undefined);
  }
  vi.stubEnv('HOME', home);
  vi.stubEnv('USERPROFILE', home);
  // The test uses nothing of the machine that runs it.
  routes = new Map([[METADATA_HOST, { url: 'http://127.0.0.1:9' }]]);
  reroute(routes);
});

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  vi.unstubAllEnvs();
});

const chain = (): CredentialsSource =>
  credentialsSource({ kind: 'chain' }, { env: process.env, readFile: readText });

async function inHome(path: string, text: string): Promise<void> {
  const file = join(home, path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, text);
}

/** STS with signed calls, behind verified TLS. */
async function startSts(host: string) {
  const { simulator, url, stop } = await startSimulator({ clock: systemClock });
  ends.push(stop);
  const root = await authority();
  const front = await startTlsFront(url, await certificate({ dns: [host] }, root));
  ends.push(front.stop);
  routes.set(host, { url: `https://127.0.0.1:${front.port}`, ca: root.cert });
  return simulator;
}

describe('the role of an ECS instance', () => {
  async function startService(isOld = false) {
    const service = await startMetadataService('sag-reader', KEY, { isOld });
    ends.push(service.stop);
    routes.set(METADATA_HOST, service);
    return service;
  }

  it('is read from the metadata service, in a session', async () => {
    const service = await startService();
    expect(await chain().get()).toEqual(KEY);
    expect(service.requests).toEqual([
      'PUT /latest/api/token',
      'GET /latest/meta-data/ram/security-credentials/',
      'PUT /latest/api/token',
      'GET /latest/meta-data/ram/security-credentials/sag-reader',
    ]);
  });

  it('may be named, which saves a request', async () => {
    vi.stubEnv('ALIBABA_CLOUD_ECS_METADATA', 'sag-reader');
    const service = await startService();
    expect(await chain().get()).toEqual(KEY);
    expect(service.requests).toHaveLength(2);
  });

  it('is read without a session from an old service that has none', async () => {
    await startService(true);
    expect(await chain().get()).toEqual(KEY);
  });

  it('is not read without a session when that is forbidden', async () => {
    vi.stubEnv('ALIBABA_CLOUD_IMDSV1_DISABLED', 'true');
    const service = await startService(true);
    await expect(chain().get()).rejects.toThrow('no credentials found');
    expect(new Set(service.requests)).toEqual(new Set(['PUT /latest/api/token']));
  });

  it('is read again after its key was refused', async () => {
    const service = await startService();
    const source = chain();
    expect(await source.get()).toEqual(KEY);
    service.give(OTHER);
    expect(await source.get()).toEqual(KEY);
    source.refresh();
    expect(await source.get()).toEqual(OTHER);
  });

  it('is found when the service starts later', async () => {
    const source = chain();
    await expect(source.get()).rejects.toThrow('no credentials found');
    await startService();
    expect(await source.get()).toEqual(KEY);
  });

  it('is not read when the source is switched off', async () => {
    vi.stubEnv('ALIBABA_CLOUD_ECS_METADATA_DISABLED', 'true');
    const service = await startService();
    await expect(chain().get()).rejects.toThrow('no credentials found');
    expect(service.requests).toEqual([]);
  });
});

describe('a role by OIDC (RRSA)', () => {
  const STS = 'sts.cn-shanghai.aliyuncs.com';

  /** STS with only AssumeRoleWithOIDC, which is not signed. */
  async function startOidcSts(answer: (token: string | null) => object) {
    const root = await authority();
    const requests: string[] = [];
    const server = createServer(await certificate({ dns: [STS] }, root), (request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      request.on('end', () => {
        const query = new URL(request.url ?? '', 'https://sts').searchParams;
        const form = new URLSearchParams(body);
        const names = ['RoleArn', 'OIDCProviderArn', 'RoleSessionName'];
        requests.push([query.get('Action'), ...names.map((name) => form.get(name))].join(' '));
        const reply = answer(form.get('OIDCToken'));
        response.writeHead('Code' in reply ? 400 : 200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(reply));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ends.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    const { port } = server.address() as AddressInfo;
    routes.set(STS, { url: `https://127.0.0.1:${port}`, ca: root.cert });
    return { requests };
  }

  async function inPod(token: string): Promise<string> {
    const file = await temporaryFile('token', token);
    vi.stubEnv('ALIBABA_CLOUD_ROLE_ARN', ROLE);
    vi.stubEnv('ALIBABA_CLOUD_OIDC_PROVIDER_ARN', 'acs:ram::1:oidc-provider/ack');
    vi.stubEnv('ALIBABA_CLOUD_OIDC_TOKEN_FILE', file);
    vi.stubEnv('ALIBABA_CLOUD_ROLE_SESSION_NAME', 'pod');
    vi.stubEnv('ALIBABA_CLOUD_STS_REGION', 'cn-shanghai');
    return file;
  }

  const session = (key: typeof KEY): object => ({
    Credentials: {
      AccessKeyId: key.accessKeyId,
      AccessKeySecret: key.accessKeySecret,
      SecurityToken: key.securityToken,
      Expiration: '2999-01-01T00:00:00Z',
    },
  });

  it('is assumed with the token of the pod, over verified TLS', async () => {
    const { requests } = await startOidcSts(() => session(KEY));
    await inPod('pod-token');
    expect(await chain().get()).toEqual(KEY);
    expect(requests).toEqual([`AssumeRoleWithOIDC ${ROLE} acs:ram::1:oidc-provider/ack pod`]);
  });

  it('is assumed again with the newer token of the file', async () => {
    await startOidcSts((token) => session(token === 'first' ? KEY : OTHER));
    const file = await inPod('first');
    const source = chain();
    expect(await source.get()).toEqual(KEY);
    await writeFile(file, 'second');
    source.refresh();
    expect(await source.get()).toEqual(OTHER);
  });

  it.each(['pod-token\n', '\ufeffpod-token\r\n'])(
    'is sent without what surrounds it: %j',
    async (token) => {
      await startOidcSts((sent) => (sent === 'pod-token' ? session(KEY) : { Code: 'Wrong' }));
      await inPod(token);
      expect(await chain().get()).toEqual(KEY);
    },
  );

  it('that is refused is reported with the reason and without the token', async () => {
    await startOidcSts((token) => ({
      Code: 'AuthenticationFail.OIDCToken.Expired',
      Message: `the token ${token} has expired`,
    }));
    await inPod('marked-token');
    const failure: unknown = await chain()
      .get()
      .catch((error: unknown) => error);
    expect(String(failure)).toContain('OIDC role (AuthenticationFail.OIDCToken.Expired)');
    expect(inspect(failure)).not.toContain('marked');
  });

  it('is not requested from a server with an untrusted certificate', async () => {
    const { requests } = await startOidcSts(() => session(KEY));
    const route = routes.get(STS);
    if (route) routes.set(STS, { url: route.url });
    await inPod('pod-token');
    await expect(chain().get()).rejects.toThrow('no credentials found');
    expect(requests).toEqual([]);
  });
});

describe('the profile of the CLI', () => {
  const profiles = (...given: readonly object[]): Promise<void> =>
    inHome('.aliyun/config.json', JSON.stringify({ current: 'exporter', profiles: given }));

  it('may hold an access key, which is read again after a refresh', async () => {
    const key = (id: string) => ({
      name: 'exporter',
      mode: 'AK',
      access_key_id: id,
      access_key_secret: 'secret',
    });
    await profiles(key('first'));
    const source = chain();
    expect(await source.get()).toEqual({ accessKeyId: 'first', accessKeySecret: 'secret' });
    await profiles(key('second'));
    source.refresh();
    expect((await source.get()).accessKeyId).toBe('second');
  });

  it('may hold a token', async () => {
    await profiles({
      name: 'exporter',
      mode: 'StsToken',
      access_key_id: KEY.accessKeyId,
      access_key_secret: KEY.accessKeySecret,
      sts_token: KEY.securityToken,
    });
    expect(await chain().get()).toEqual(KEY);
  });

  it('may name a role, which STS gives', async () => {
    const { keys } = await startSts('sts.cn-shanghai.aliyuncs.com');
    await profiles({
      name: 'exporter',
      mode: 'RamRoleArn',
      access_key_id: 'testid',
      access_key_secret: 'testsecret',
      ram_role_arn: ROLE,
      ram_session_name: 'exporter',
      expired_seconds: 3600,
      sts_region: 'cn-shanghai',
    });
    const { accessKeyId } = await chain().get();
    expect(keys.find(accessKeyId)).toMatchObject({ roleArn: ROLE });
  });

  it('that cannot be read is not quoted', async () => {
    await inHome('.aliyun/config.json', '{ "marked-secret"');
    const failure: unknown = await chain()
      .get()
      .catch((error: unknown) => error);
    expect(String(failure)).toContain('no credentials found');
    expect(inspect(failure)).not.toContain('marked');
  });
});

it('the credentials file may name the role of the ECS instance', async () => {
  const service = await startMetadataService('sag-reader', KEY);
  ends.push(service.stop);
  routes.set(METADATA_HOST, service);
  vi.stubEnv('ALIBABA_CLOUD_ECS_METADATA_DISABLED', 'true');
  await inHome(
    '.alibabacloud/credentials',
    '[default]\ntype = ecs_ram_role\nrole_name = sag-reader\n',
  );
  await expect(chain().get()).rejects.toThrow('no credentials found');
  vi.stubEnv('ALIBABA_CLOUD_ECS_METADATA_DISABLED', undefined);
  expect(await chain().get()).toEqual(KEY);
});

it('the credentials file may name a role, which STS gives', async () => {
  const { keys } = await startSts('sts.aliyuncs.com');
  await inHome(
    '.alibabacloud/credentials',
    `[default]\ntype = ram_role_arn\naccess_key_id = testid\naccess_key_secret = testsecret\nrole_arn = ${ROLE}\nrole_session_name = exporter\n`,
  );
  const { accessKeyId } = await chain().get();
  expect(keys.find(accessKeyId)).toMatchObject({ roleArn: ROLE });
});

it('the credentials file in the home folder has its profiles', async () => {
  await inHome(
    '.alibabacloud/credentials',
    '[exporter]\ntype = access_key\naccess_key_id = ini\naccess_key_secret = secret\n',
  );
  vi.stubEnv('ALIBABA_CLOUD_PROFILE', 'exporter');
  expect((await chain().get()).accessKeyId).toBe('ini');
});

describe('a source without credentials is reported with the reason and without a value', () => {
  const ON_NO_SERVER = 'role of the ECS instance (ECONNREFUSED)';

  async function reasons(): Promise<string> {
    const failure: unknown = await chain()
      .get()
      .catch((error: unknown) => error);
    expect(inspect(failure)).not.toContain('marked');
    return String(failure);
  }

  it('when no source is set up', async () => {
    expect(await reasons()).toBe(
      'NoCredentialsError: no credentials found; tried ' +
        'environment (ALIBABA_CLOUD_ACCESS_KEY_ID is not set), ' +
        'OIDC role (ALIBABA_CLOUD_ROLE_ARN is not set), ' +
        'CLI profile (~/.aliyun/config.json does not exist), ' +
        'credentials file (~/.alibabacloud/credentials does not exist), ' +
        `${ON_NO_SERVER}, ` +
        'credentials URI (ALIBABA_CLOUD_CREDENTIALS_URI is not set); ' +
        'give them in the configuration (accounts[].credentials) or in one of these ways; ' +
        '`sag-app-exporter demo` runs without credentials',
    );
  });

  it.each([
    [{ ALIBABA_CLOUD_ACCESS_KEY_ID: 'marked' }, 'ALIBABA_CLOUD_ACCESS_KEY_SECRET is not set'],
    [
      { ALIBABA_CLOUD_ACCESS_KEY_ID: 'a key', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'marked' },
      'environment (the access key id has a blank or a character that no key has)',
    ],
    [
      { ALIBABA_CLOUD_ROLE_ARN: 'marked' },
      'OIDC role (ALIBABA_CLOUD_OIDC_PROVIDER_ARN is not set)',
    ],
    [
      {
        ALIBABA_CLOUD_ROLE_ARN: 'marked',
        ALIBABA_CLOUD_OIDC_PROVIDER_ARN: 'marked',
        ALIBABA_CLOUD_OIDC_TOKEN_FILE: '/marked',
      },
      'OIDC role (the file of ALIBABA_CLOUD_OIDC_TOKEN_FILE does not exist)',
    ],
    [
      { ALIBABA_CLOUD_CLI_PROFILE_DISABLED: 'true' },
      'CLI profile (switched off by ALIBABA_CLOUD_CLI_PROFILE_DISABLED)',
    ],
    [
      { ALIBABA_CLOUD_CREDENTIALS_FILE: '/marked' },
      'credentials file (the file of ALIBABA_CLOUD_CREDENTIALS_FILE does not exist)',
    ],
    [
      { ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'TRUE' },
      'role of the ECS instance (switched off by ALIBABA_CLOUD_ECS_METADATA_DISABLED)',
    ],
    [{ ALIBABA_CLOUD_CREDENTIALS_URI: 'marked' }, 'ALIBABA_CLOUD_CREDENTIALS_URI is no URL'],
    [
      { ALIBABA_CLOUD_CREDENTIALS_URI: 'http://127.0.0.1:9/marked' },
      'credentials URI (ECONNREFUSED)',
    ],
  ])('by the environment: %j', async (variables, reason) => {
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    expect(await reasons()).toContain(reason);
  });

  it.each([
    ['{ "marked": ', 'is no valid JSON'],
    ['[]', 'holds no profiles'],
    ['{}', 'does not have the current profile'],
    ['{"current":"marked","profiles":"marked"}', 'does not have the current profile'],
    [
      '{"current":"marked","profiles":[{"name":"Marked"}]}',
      'does not have the current profile; one differs in upper and lower case only',
    ],
    ['{"current":"a","profiles":[{"name":"a"}]}', 'the current profile has no mode; known are AK,'],
    [
      '{"current":"a","profiles":[{"name":"a","mode":"marked"}]}',
      'the current profile has an unknown mode; known are AK,',
    ],
    [
      '{"current":"a","profiles":[{"name":"a","mode":"AK","access_key_id":"marked","access_key_secret":" "}]}',
      'the current profile lacks access_key_secret',
    ],
    [
      '{"current":"a","profiles":[{"name":"a","mode":"OAuth","oauth_site_type":"marked"}]}',
      'the settings of the profile cannot be used',
    ],
  ])('by the profile of the CLI: %s', async (text, reason) => {
    await inHome('.aliyun/config.json', text);
    // An empty key in a profile is not filled from the environment.
    vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_SECRET', 'marked');
    const shownReasons = await reasons();
    expect(shownReasons).toContain('CLI profile (');
    expect(shownReasons).toContain(reason);
  });

  it.each([
    ['', 'does not have a profile [default])'],
    ['type=access_key\n', 'does not have a profile [default])'],
    ['[Default]\n', 'a profile [default]; one differs in upper and lower case only'],
    ['[default]\naccess_key_id=marked\n', 'a profile [default] has no type; known are access_key,'],
    ['[default]\ntype=sts\n', 'has an unknown type; known are access_key, ram_role_arn'],
    ['[default]\ntype=access_key\naccess_key_id=marked\n', 'lacks access_key_secret'],
    [
      '[default]\ntype=access_key\naccess_key_id=x\naccess_key_secret=marked secret\n',
      'credentials file (the access key secret has a blank or a character that no key has)',
    ],
  ])('by the credentials file: %s', async (text, reason) => {
    await inHome('.alibabacloud/credentials', text);
    expect(await reasons()).toContain(reason);
  });

  it('by a file that is too large or not in UTF-8', async () => {
    await inHome('.aliyun/config.json', 'm'.repeat(5e6));
    await mkdir(join(home, '.alibabacloud'));
    await writeFile(join(home, '.alibabacloud/credentials'), Buffer.from('mark\u00e9d', 'latin1'));
    const shownReasons = await reasons();
    expect(shownReasons).toContain('CLI profile (~/.aliyun/config.json is too large)');
    expect(shownReasons).toContain('credentials file (~/.alibabacloud/credentials is not UTF-8)');
  });

  it('by a metadata service that accepts connections and never answers', async () => {
    const server = createNetServer(() => {});
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    routes.set(METADATA_HOST, { url: `http://127.0.0.1:${port}` });
    expect(await reasons()).toContain('role of the ECS instance (no answer in time)');
    server.close();
  });

  it('by a metadata service of an instance without a role', async () => {
    const server = createHttpServer((_, response) => response.writeHead(404).end('marked'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ends.push(async () => void server.close());
    const { port } = server.address() as AddressInfo;
    routes.set(METADATA_HOST, { url: `http://127.0.0.1:${port}` });
    expect(await reasons()).toContain('role of the ECS instance (HTTP 404)');
  });
});

describe('files as editors and shells leave them', () => {
  it.each([
    [
      'a byte order mark',
      '\ufeff[default]\ntype=access_key\naccess_key_id=a\naccess_key_secret=b\n',
    ],
    ['CRLF', '[default]\r\ntype=access_key\r\naccess_key_id = a \r\naccess_key_secret=b\r\n'],
    ['quotes', '[default]\ntype="access_key"\naccess_key_id="a "\naccess_key_secret="b"\n'],
  ])('are good credentials files: %s', async (_, text) => {
    await inHome('.alibabacloud/credentials', text);
    expect(await chain().get()).toEqual({ accessKeyId: 'a', accessKeySecret: 'b' });
  });

  it('are good profiles of the CLI: a byte order mark and line ends in the key', async () => {
    const profile = {
      name: 'a',
      mode: 'StsToken',
      access_key_id: 'id\n',
      access_key_secret: ' secret\r\n',
      sts_token: 'token\n',
    };
    const config = { current: 'a', profiles: [profile] };
    await inHome('.aliyun/config.json', `\ufeff${JSON.stringify(config, null, 2)}`);
    expect(await chain().get()).toEqual({
      accessKeyId: 'id',
      accessKeySecret: 'secret',
      securityToken: 'token',
    });
  });

  it('are good variables: a line end after key and token', async () => {
    vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_ID', 'id\n');
    vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_SECRET', 'secret\r\n');
    vi.stubEnv('ALIBABA_CLOUD_SECURITY_TOKEN', ' token\n');
    expect(await chain().get()).toEqual({
      accessKeyId: 'id',
      accessKeySecret: 'secret',
      securityToken: 'token',
    });
  });
});

it('a source that the system cannot read at the moment is unavailable, and no other source replaces it', async () => {
  const service = await startMetadataService('sag-reader', KEY);
  ends.push(service.stop);
  routes.set(METADATA_HOST, service);
  const readFile = () =>
    Promise.reject(Object.assign(new Error('marked'), { code: 'EMFILE', isTemporary: true }));
  const source = credentialsSource({ kind: 'chain' }, { env: process.env, readFile });
  const outage = await source.get().catch((error: unknown) => error);
  expect(outage).toBeInstanceOf(CredentialsOutageError);
  expect(String(outage)).toContain('CLI profile (~/.aliyun/config.json cannot be read (EMFILE))');
  expect(service.requests).toEqual([]);
});

it('never shows any part of the files that it reads', async () => {
  vi.stubEnv('ALIBABA_CLOUD_ECS_METADATA_DISABLED', 'true');
  const secret = fc.constantFrom(
    'marked-secret',
    ' marked secret\n',
    '"marked-secret',
    '\ufeffmarked',
  );
  const word = fc.oneof(secret, fc.constantFrom('', 'AK', 'access_key', 'default', 'a'));
  const keys = ['name', 'mode', 'type', 'access_key_id', 'access_key_secret', 'sts_token'];
  const profile = fc.dictionary(fc.constantFrom(...keys), fc.oneof(word, fc.jsonValue()));
  const json = fc
    .record({ current: word, profiles: fc.oneof(fc.array(profile), fc.jsonValue()) })
    .map((config) => JSON.stringify(config));
  const ini = fc
    .array(fc.tuple(fc.constantFrom('[', ']', '=', ';', '\n', 'default', ...keys), word))
    .map((parts) => parts.flat().join(''));
  await fc.assert(
    fc.asyncProperty(fc.oneof(json, ini, fc.string()), fc.nat(), async (text, end) => {
      const cut = text.slice(0, end);
      const host = { env: process.env, readFile: async () => cut };
      const found: unknown = await credentialsSource({ kind: 'chain' }, host)
        .get()
        .catch((error: unknown) => error);
      // A file may happen to hold a whole key; then there is no error.
      if (!(found instanceof Error)) return;
      expect(found).toBeInstanceOf(NoCredentialsError);
      expect(inspect(found)).not.toContain('marked');
    }),
    { numRuns: 500 },
  );
});
