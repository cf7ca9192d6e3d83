// biome-ignore-all lint/suspicious/noTemplateCurlyInString: configurations refer to variables in this way.

import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/clock.ts';
import { loadConfig } from '../../src/config/load.ts';

const TESTDATA = fileURLToPath(new URL('testdata/', import.meta.url));

const DEFAULTS = await loadConfig({ env: {} });

const load = (name: string, env = {}) => loadConfig({ file: `${TESTDATA}${name}.ok.yaml`, env });

describe('every key has its default', () => {
  test('without a file', () => {
    expect(DEFAULTS).toMatchInlineSnapshot(`
      {
        "accounts": [
          {
            "credentials": {
              "kind": "chain",
            },
            "discovery": true,
            "exclude": [],
            "include": [
              "*",
            ],
            "instances": [],
            "name": "default",
            "regions": [],
          },
        ],
        "history": {
          "enabled": false,
          "keep": 7776000000,
        },
        "metrics": {
          "detail": "users",
          "maxUserSeries": 1000000,
          "sessionAge": true,
          "unusedAfter": [
            {
              "milliseconds": 2592000000,
              "text": "30d",
            },
            {
              "milliseconds": 7776000000,
              "text": "90d",
            },
          ],
          "userMail": false,
          "userName": "plain",
        },
        "polling": {
          "adaptive": true,
          "concurrency": 8,
          "discoveryInterval": 600000,
          "onlineInterval": 30000,
          "pageSize": 50,
          "requestsPerSecond": 10,
          "sessionsInterval": 300000,
          "staleAfter": 900000,
          "strategy": "auto",
          "timeout": 10000,
          "traffic": {
            "enabled": false,
            "interval": 900000,
          },
          "usersInterval": 300000,
        },
        "shard": {
          "index": 0,
          "total": 1,
        },
      }
    `);
  });

  test.each(['empty', 'comment-only', 'keys-without-value'])('in the file %s', async (name) => {
    expect(await load(name)).toEqual(DEFAULTS);
  });
});

test('every key reaches the program', async () => {
  expect(await load('every-key', { HOSTNAME: 'sag-app-exporter-2' })).toEqual({
    accounts: [
      {
        name: 'prod',
        credentials: {
          kind: 'static',
          accessKeyId: 'LTAI',
          accessKeySecret: 'hush',
          securityToken: 'token',
          roleArn: 'acs:ram::123:role/monitoring',
          stsEndpoint: 'https://sts.cn-shanghai.aliyuncs.com',
        },
        endpoint: 'https://smartag.cn-shanghai.aliyuncs.com',
        regions: ['cn-shanghai', 'eu-central-1'],
        discovery: true,
        instances: [{ id: 'sag-a', region: 'cn-shanghai', usersLimit: 500 }],
        include: ['sag-*'],
        exclude: ['sag-test-*'],
      },
    ],
    polling: {
      strategy: 'fan-out',
      discoveryInterval: 20 * MINUTE,
      usersInterval: 90 * MINUTE,
      onlineInterval: SECOND,
      sessionsInterval: 1500,
      traffic: { enabled: false, interval: DAY },
      staleAfter: MINUTE,
      pageSize: 100,
      timeout: HOUR,
      concurrency: 1,
      requestsPerSecond: 0.25,
      adaptive: false,
    },
    metrics: {
      detail: 'sessions',
      userName: 'hash',
      hashKeyFile: `${TESTDATA}secret.txt`,
      userMail: false,
      sessionAge: false,
      maxUserSeries: 0,
      unusedAfter: [
        { text: '12h', milliseconds: 12 * HOUR },
        { text: '1d12h', milliseconds: 36 * HOUR },
      ],
    },
    history: { enabled: true, keep: DAY },
    proxy: 'http://proxy:3128',
    shard: { index: 2, total: 3 },
  });
});

test('a role without a key is assumed with the credentials of the default chain', async () => {
  const { accounts } = await load('credentials-role-only');
  expect(accounts[0]?.credentials).toEqual({
    kind: 'chain',
    roleArn: 'acs:ram::123:role/monitoring',
  });
});

test('a relative path starts at the folder of the configuration file', async () => {
  const { accounts } = await load('secret-file');
  expect(accounts[0]?.credentials).toEqual({
    kind: 'static',
    accessKeyId: 'LTAI',
    accessKeySecretFile: `${TESTDATA}secret.txt`,
  });
});

test('anchors and aliases are followed', async () => {
  const { accounts } = await load('anchors');
  expect(accounts.map(({ regions }) => regions)).toEqual([['cn-shanghai'], ['cn-shanghai']]);
});

test('variables are substituted with the type that the key needs', async () => {
  const { accounts, polling, shard } = await load('environment', {
    NUMBER: '12',
    ID: '0123',
    SECRET: '"x":[${NUMBER}]#{',
    HOSTILE: '"x"\n  regions: [${NUMBER}] # {',
    REGION: 'cn-shanghai',
    FRACTION: '0.5',
    OFF: 'false',
    ZERO: '0',
  });
  expect(accounts).toEqual([
    {
      name: '12',
      credentials: {
        kind: 'static',
        accessKeyId: '0123',
        accessKeySecret: '"x":[${NUMBER}]#{',
      },
      regions: ['cn-shanghai'],
      discovery: false,
      instances: [{ id: 'sag-12', region: 'cn-shanghai', usersLimit: 12 }],
      include: ['*'],
      exclude: ['"x"\n  regions: [${NUMBER}] # {', '${NUMBER}', '$$NUMBER', '$NUMBER'],
    },
  ]);
  expect(polling).toEqual({
    ...DEFAULTS.polling,
    onlineInterval: 12 * SECOND,
    requestsPerSecond: 0.5,
    adaptive: false,
  });
  expect(shard).toEqual({ index: 0, total: 1 });
});
