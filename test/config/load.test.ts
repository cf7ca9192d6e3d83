import { describe, expect, test } from 'vitest';
import { checkConfigFile, loadConfig } from '../../src/config/load.ts';
import { ConfigError } from '../../src/input/problem.ts';
import { loadText, messageOf } from './load-text.ts';

describe('the region of the environment', () => {
  const env = { ALIBABA_CLOUD_REGION_ID: 'eu-central-1' };

  test('applies to the default account when there is no file', async () => {
    const { accounts } = await loadConfig({ env });
    expect(accounts.map(({ name, regions }) => [name, regions])).toEqual([
      ['default', ['eu-central-1']],
    ]);
  });

  test('applies to accounts without regions, and to their instances', async () => {
    const { accounts } = await loadText(
      `accounts:
        - { name: none, instances: [{ id: sag-a }] }
        - { name: empty, regions: [] }
        - { name: own, regions: [cn-shanghai] }`,
      env,
    );
    expect(accounts.map(({ regions }) => regions)).toEqual([
      ['eu-central-1'],
      ['eu-central-1'],
      ['cn-shanghai'],
    ]);
    expect(accounts[0]?.instances).toEqual([{ id: 'sag-a', region: 'eu-central-1' }]);
  });

  test('may be followed by a line end in the variable', async () => {
    const { accounts } = await loadConfig({ env: { ALIBABA_CLOUD_REGION_ID: 'cn-shanghai\n' } });
    expect(accounts[0]?.regions).toEqual(['cn-shanghai']);
  });

  test('is ignored when the variable is empty', async () => {
    const { accounts } = await loadConfig({ env: { ALIBABA_CLOUD_REGION_ID: '' } });
    expect(accounts[0]?.regions).toEqual([]);
  });

  test('must be a region id where it is used', async () => {
    const wrong = { ALIBABA_CLOUD_REGION_ID: 'evil.example/' };
    await expect(loadConfig({ env: wrong })).rejects.toThrow(
      '<environment>:1:1: accounts: expected a region id such as cn-shanghai in the environment variable ALIBABA_CLOUD_REGION_ID; got <hidden>',
    );
    await expect(
      loadText('accounts: [{ name: own, regions: [cn-shanghai] }]', wrong),
    ).resolves.toBeDefined();
  });
});

describe('an account', () => {
  test.each([
    ['', ['*']],
    ['include: []', ['*']],
    ['include: ["sag-*"]', ['sag-*']],
  ])('with %j discovers %j', async (keys, include) => {
    const { accounts } = await loadText(`accounts: [{ name: a, ${keys} }]`);
    expect(accounts[0]?.include).toEqual(include);
  });

  test.each([
    ['', true],
    ['instances: [{ id: sag-a }]', false],
    ['instances: []', true],
    ['discovery: true, instances: [{ id: sag-a }]', true],
    ['discovery: false', false],
  ])('with %j has discovery: %s', async (keys, discovery) => {
    const { accounts } = await loadText(`accounts: [{ name: a, regions: [cn-shanghai], ${keys} }]`);
    expect(accounts[0]?.discovery).toBe(discovery);
  });

  test.each([
    ['https://smartag.cn-shanghai.aliyuncs.com/', 'https://smartag.cn-shanghai.aliyuncs.com'],
    ['http://127.0.0.1:10314', 'http://127.0.0.1:10314'],
    ['http://[::1]:10314', 'http://[::1]:10314'],
    ['HTTPS://Example.COM:443', 'https://example.com'],
  ])('calls %s as %s', async (endpoint, origin) => {
    const { accounts } = await loadText(`accounts: [{ name: a, endpoint: "${endpoint}" }]`);
    expect(accounts[0]?.endpoint).toBe(origin);
  });
});

test('absolute paths stay as they are', async () => {
  const { metrics } = await loadText('metrics: { user_name: hash, hash_key_file: /run/key }');
  expect(metrics.hashKeyFile).toBe('/run/key');
});

test('the file of hash_key_file is not read when names are not hashed', async () => {
  const text = 'metrics: { hash_key_file: /no/such/file }';
  const readFile = async (path: string): Promise<string> => {
    if (path === 'config.yml') return text;
    throw new Error('not to be read');
  };
  const { metrics } = await loadConfig({ file: 'config.yml', env: {}, readFile });
  expect(metrics.hashKeyFile).toBe('/no/such/file');
});

test('a configuration is frozen', async () => {
  const config = await loadText('accounts: [{ name: a, regions: [cn-shanghai] }]');
  const parts = [config, config.accounts, config.accounts[0], config.accounts[0]?.regions];
  expect([...parts, config.polling.traffic].every(Object.isFrozen)).toBe(true);
});

test('omit is accepted with the detail instances, mail with plain names', async () => {
  const omitted = await loadText('metrics: { detail: instances, user_name: omit }');
  expect(omitted.metrics.userName).toBe('omit');
  const mailed = await loadText('metrics: { user_mail: true }');
  expect(mailed.metrics.userMail).toBe(true);
});

describe('a configuration file that cannot be read', () => {
  const failing = (code: string) => async (): Promise<string> => {
    throw Object.assign(new Error(`${code}: open config.yml`), { code });
  };

  test.each([
    ['ENOENT', 'no such file'],
    ['EACCES', 'a file without permission to read it'],
    ['EISDIR', 'a directory'],
    ['EIO', 'EIO'],
  ])('for %s is refused', async (code, got) => {
    const loading = loadConfig({ file: 'config.yml', env: {}, readFile: failing(code) });
    await expect(loading).rejects.toThrow(`config.yml:1:1: expected a readable file; got ${got}`);
  });

  test('is a problem for check-config too', async () => {
    const { problems } = await checkConfigFile('no-such-directory/config.yml', {}, []);
    expect(problems).toEqual([
      {
        file: 'no-such-directory/config.yml',
        line: 1,
        column: 1,
        path: '',
        expected: 'a readable file',
        got: 'no such file',
      },
    ]);
  });
});

test('a ConfigError has a line for each problem', async () => {
  const error = await loadText('polling: { timeout: 1, page_size: 0 }').catch((e: unknown) => e);
  expect(error).toBeInstanceOf(ConfigError);
  expect(error).toMatchObject({ name: 'ConfigError', problems: [{ line: 1 }, { line: 1 }] });
  expect(String(error)).toBe(
    [
      'ConfigError: config.yml:1:12: polling.timeout: expected a duration such as 30s or 5m, at least 100ms and at most 1h; got 1',
      'config.yml:1:24: polling.page_size: expected a whole number from 1 to 100; got 0',
    ].join('\n'),
  );
});

test.each([
  [30, 'at most 100000 values, nested at most 20 deep; got more'],
  [3000, 'valid YAML; got too deep a nesting'],
])('a value nested %d levels deep is refused', async (depth, refusal) => {
  const message = await messageOf('['.repeat(depth) + ']'.repeat(depth));
  expect(message).toContain(`expected ${refusal}`);
});

describe('a history without a storage directory', () => {
  const load = (text: string, hasStorage: boolean) =>
    loadConfig({ file: 'config.yml', env: {}, readFile: async () => text, hasStorage });

  test('is refused, with the flag that is missing', async () => {
    await expect(load('polling: {}\nhistory:\n  enabled: true\n', false)).rejects.toThrow(
      'config.yml:3:3: history.enabled: expected false, or a start with the flag --storage.path=DIRECTORY, under which the history is kept; got true',
    );
    await expect(load('history: { enabled: true }', true)).resolves.toBeDefined();
    await expect(load('history: { enabled: false }', false)).resolves.toBeDefined();
  });

  test('is no problem of the file itself', async () => {
    await expect(loadText('history: { enabled: true }')).resolves.toBeDefined();
  });
});
