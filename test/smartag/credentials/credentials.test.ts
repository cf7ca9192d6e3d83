import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readText } from '../../../src/input/read-file.ts';
import {
  type CredentialsOptions,
  credentialsSource,
} from '../../../src/smartag/credentials/credentials.ts';
import {
  CredentialsOutageError,
  type CredentialsSource,
  NoCredentialsError,
} from '../../../src/smartag/credentials/key-pair.ts';
import { always, type RawServer, startRawServer } from '../transport/raw-server.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'credentials-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function refusalOf(source: CredentialsSource): Promise<NoCredentialsError> {
  const error = await source.get().catch((reason: unknown) => reason);
  if (error instanceof NoCredentialsError) return error;
  throw new Error('not a NoCredentialsError', { cause: error });
}

describe('credentials in the configuration', () => {
  const source = (
    options: Omit<Extract<CredentialsOptions, { kind: 'static' }>, 'kind'>,
    readFile = readText,
  ) => credentialsSource({ kind: 'static', ...options }, { env: {}, readFile });

  it('are used as they are written', async () => {
    expect(await source({ accessKeyId: 'key', accessKeySecret: 'secret' }).get()).toEqual({
      accessKeyId: 'key',
      accessKeySecret: 'secret',
    });
    expect(
      await source({ accessKeyId: 'key', accessKeySecret: 'secret', securityToken: 'token' }).get(),
    ).toEqual({ accessKeyId: 'key', accessKeySecret: 'secret', securityToken: 'token' });
  });

  it('follow the file of the secret, without the blanks around it', async () => {
    const accessKeySecretFile = join(folder, 'secret');
    const credentials = source({ accessKeyId: 'key', accessKeySecretFile });
    for (const secret of ['first', 'second']) {
      await writeFile(accessKeySecretFile, ` ${secret}\r\n`);
      expect((await credentials.get()).accessKeySecret).toBe(secret);
    }
  });

  it.each([
    { accessKeyId: '', accessKeySecret: 'marked-secret' },
    { accessKeyId: 'marked-key', accessKeySecret: '' },
    { accessKeyId: 'marked-key' },
  ])('that are empty are no credentials: %j', async (options) => {
    const refusal = await refusalOf(source(options));
    expect(inspect(refusal)).not.toContain('marked');
  });

  it('with an empty file are no credentials', async () => {
    const accessKeySecretFile = join(folder, 'secret');
    await writeFile(accessKeySecretFile, '\n');
    await refusalOf(source({ accessKeyId: 'key', accessKeySecretFile }));
  });

  it('whose file cannot be read are no credentials, until it can be read', async () => {
    const accessKeySecretFile = join(folder, 'secret');
    const credentials = source({ accessKeyId: 'key', accessKeySecretFile });
    expect((await refusalOf(credentials)).message).toBe(
      'the file of access_key_secret_file does not exist',
    );
    await writeFile(accessKeySecretFile, 'secret');
    expect((await credentials.get()).accessKeySecret).toBe('secret');
  });

  it.each(['EMFILE', 'ENFILE', 'ENOMEM', 'EIO', 'ESTALE', 'EBUSY', 'of a time limit'])(
    'whose file the system cannot read at the moment (%s) are those read before',
    async (code) => {
      let failing = true;
      const readFile = async (): Promise<string> => {
        if (failing) throw Object.assign(new Error('marked'), { code, isTemporary: true });
        return 'secret';
      };
      const credentials = source({ accessKeyId: 'key', accessKeySecretFile: '/marked' }, readFile);
      const outage = await credentials.get().catch((error: unknown) => error);
      expect(outage).toBeInstanceOf(CredentialsOutageError);
      expect(inspect(outage)).toContain(code);
      expect(inspect(outage)).not.toContain('marked');
      failing = false;
      await credentials.get();
      failing = true;
      expect((await credentials.get()).accessKeySecret).toBe('secret');
    },
  );

  it('that cannot be a key are refused without being shown', async () => {
    for (const secret of ['marked secret', 'marked\nsecret', 'markéd', 'marked\u0000']) {
      const refusal = await refusalOf(source({ accessKeyId: 'key', accessKeySecret: secret }));
      expect(refusal.message).toBe(
        'the access key secret has a blank or a character that no key has',
      );
    }
  });

  it('are used without the blanks and line ends around them', async () => {
    const padded = {
      accessKeyId: '\tkey\r\n',
      accessKeySecret: ' secret\n',
      securityToken: '\ufefftoken\n\n',
    };
    expect(await source(padded).get()).toEqual({
      accessKeyId: 'key',
      accessKeySecret: 'secret',
      securityToken: 'token',
    });
  });
});

describe('the chain', () => {
  let server: RawServer | undefined;

  beforeEach(() => {
    // The test uses nothing of the machine that runs it, and asks no metadata service.
    for (const name of Object.keys(process.env)) {
      if (name.startsWith('ALIBABA_CLOUD_')) vi.stubEnv(name, undefined);
    }
    vi.stubEnv('ALIBABA_CLOUD_ECS_METADATA_DISABLED', 'true');
    vi.stubEnv('HOME', folder);
    vi.stubEnv('USERPROFILE', folder);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await server?.stop();
    server = undefined;
  });

  const chain = (): CredentialsSource =>
    credentialsSource({ kind: 'chain' }, { env: process.env, readFile: readText });

  const inEnvironment = (key: string, token?: string): void => {
    vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_ID', key);
    vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_SECRET', 'secret');
    vi.stubEnv('ALIBABA_CLOUD_SECURITY_TOKEN', token);
  };

  it('takes the variables of the environment', async () => {
    inEnvironment('key');
    expect(await chain().get()).toEqual({ accessKeyId: 'key', accessKeySecret: 'secret' });
    inEnvironment('key', 'token');
    expect(await chain().get()).toMatchObject({ securityToken: 'token' });
  });

  it('follows them when they change', async () => {
    const source = chain();
    for (const key of ['first', 'second']) {
      inEnvironment(key);
      expect((await source.get()).accessKeyId).toBe(key);
    }
  });

  it('takes the credentials file of the home folder', async () => {
    const { mkdir } = await import('node:fs/promises');
    await mkdir(join(folder, '.alibabacloud'));
    await writeFile(
      join(folder, '.alibabacloud', 'credentials'),
      '[default]\ntype = access_key\naccess_key_id = from-file\naccess_key_secret = secret\n',
    );
    expect(await chain().get()).toEqual({
      accessKeyId: 'from-file',
      accessKeySecret: 'secret',
    });
  });

  it('reports all places it searched when it finds nothing', async () => {
    const { message } = await refusalOf(chain());
    expect(message).toContain('ALIBABA_CLOUD_ACCESS_KEY_ID');
  });

  it('recovers after it found nothing', async () => {
    const source = chain();
    await refusalOf(source);
    await refusalOf(source);
    inEnvironment('key');
    expect((await source.get()).accessKeyId).toBe('key');
  });

  it('recovers after its source is gone', async () => {
    const source = chain();
    inEnvironment('first');
    await source.get();
    inEnvironment('');
    await refusalOf(source);
    inEnvironment('second');
    expect((await source.get()).accessKeyId).toBe('second');
  });

  it('does not quote what it found', async () => {
    vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_ID', 'marked-key');
    expect(inspect(await refusalOf(chain()))).not.toContain('marked');
  });

  const SESSION = JSON.stringify({
    AccessKeyId: 'STS.key',
    AccessKeySecret: 'secret',
    SecurityToken: 'token',
    Expiration: '2999-01-01T00:00:00Z',
  });

  it('asks a credentials URI last, once for concurrent calls', async () => {
    server = await startRawServer(always(200, SESSION));
    vi.stubEnv('ALIBABA_CLOUD_CREDENTIALS_URI', `${server.url}/credentials`);
    const source = chain();
    const found = await Promise.all(Array.from({ length: 20 }, () => source.get()));
    expect(new Set(found.map((each) => JSON.stringify(each)))).toEqual(
      new Set(['{"accessKeyId":"STS.key","accessKeySecret":"secret","securityToken":"token"}']),
    );
    expect(server.requests).toHaveLength(1);
  });

  it('searches again after a refresh', async () => {
    server = await startRawServer(always(200, SESSION));
    vi.stubEnv('ALIBABA_CLOUD_CREDENTIALS_URI', `${server.url}/credentials`);
    const source = chain();
    expect((await source.get()).accessKeyId).toBe('STS.key');
    inEnvironment('key');
    expect((await source.get()).accessKeyId).toBe('STS.key');
    source.refresh();
    expect((await source.get()).accessKeyId).toBe('key');
  });

  it('asks no URI when none is configured', async () => {
    server = await startRawServer(always(200, SESSION));
    await refusalOf(chain());
    expect(server.requests).toHaveLength(0);
  });
});
