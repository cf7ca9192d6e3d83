import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { configFile } from '../../src/config/schema/schema.ts';
import { loadText } from './load-text.ts';

type Schema = z.core.JSONSchema.BaseSchema;

interface Key {
  readonly path: string;
  readonly schema: Schema;
}

/** Every key of the configuration file, from the JSON Schema that the documents are made of. */
const keys = [...keysIn(z.toJSONSchema(configFile, { io: 'input' }), '')];

function* keysIn(schema: Schema, path: string): Generator<Key> {
  if (typeof schema.items === 'object' && !Array.isArray(schema.items)) {
    yield* keysIn(schema.items, `${path}[]`);
  }
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    if (typeof child !== 'object') continue;
    const childPath = path === '' ? name : `${path}.${name}`;
    yield { path: childPath, schema: child };
    yield* keysIn(child, childPath);
  }
}

describe('the schema as documentation', () => {
  test('has every key of the configuration', () => {
    expect(keys.map(({ path }) => path)).toMatchInlineSnapshot(`
      [
        "accounts",
        "accounts[].name",
        "accounts[].credentials",
        "accounts[].credentials.access_key_id",
        "accounts[].credentials.access_key_secret",
        "accounts[].credentials.access_key_secret_file",
        "accounts[].credentials.security_token",
        "accounts[].credentials.role_arn",
        "accounts[].credentials.sts_endpoint",
        "accounts[].endpoint",
        "accounts[].regions",
        "accounts[].discovery",
        "accounts[].instances",
        "accounts[].instances[].id",
        "accounts[].instances[].region",
        "accounts[].instances[].users_limit",
        "accounts[].include",
        "accounts[].exclude",
        "polling",
        "polling.strategy",
        "polling.discovery_interval",
        "polling.users_interval",
        "polling.online_interval",
        "polling.sessions_interval",
        "polling.traffic",
        "polling.traffic.enabled",
        "polling.traffic.interval",
        "polling.stale_after",
        "polling.page_size",
        "polling.timeout",
        "polling.concurrency",
        "polling.requests_per_second",
        "polling.adaptive",
        "metrics",
        "metrics.detail",
        "metrics.user_name",
        "metrics.hash_key_file",
        "metrics.user_mail",
        "metrics.session_age",
        "metrics.max_user_series",
        "metrics.unused_after",
        "history",
        "history.enabled",
        "history.keep",
        "proxy",
        "shard",
        "shard.index",
        "shard.total",
      ]
    `);
  });

  test.each(keys)('says in one sentence what $path means', ({ schema }) => {
    expect(schema.description).toMatch(/^[A-Z`][^\n]*[^.\s]\.$/);
    expect(schema.description).not.toMatch(/\. [A-Z]/);
  });

  test('gives defaults as they are written in a file', () => {
    const defaults = keys.flatMap(({ path, schema }) =>
      'default' in schema ? [[path, schema.default]] : [],
    );
    expect(Object.fromEntries(defaults)).toMatchInlineSnapshot(`
      {
        "accounts": [
          {
            "name": "default",
          },
        ],
        "accounts[].exclude": [],
        "accounts[].include": [
          "*",
        ],
        "accounts[].instances": [],
        "accounts[].regions": [],
        "history": {},
        "history.enabled": false,
        "history.keep": "90d",
        "metrics": {},
        "metrics.detail": "users",
        "metrics.max_user_series": 1000000,
        "metrics.session_age": true,
        "metrics.unused_after": [
          "30d",
          "90d",
        ],
        "metrics.user_mail": false,
        "metrics.user_name": "plain",
        "polling": {},
        "polling.adaptive": true,
        "polling.concurrency": 8,
        "polling.discovery_interval": "10m",
        "polling.online_interval": "30s",
        "polling.page_size": 50,
        "polling.requests_per_second": 10,
        "polling.sessions_interval": "5m",
        "polling.stale_after": "15m",
        "polling.strategy": "auto",
        "polling.timeout": "10s",
        "polling.traffic": {},
        "polling.traffic.enabled": false,
        "polling.traffic.interval": "15m",
        "polling.users_interval": "5m",
        "shard": {},
        "shard.index": 0,
        "shard.total": 1,
      }
    `);
  });

  test('refuses unknown keys', () => {
    const sections = keys.filter(({ schema }) => schema.properties !== undefined);
    expect(sections.length).toBeGreaterThan(0);
    expect(sections.every(({ schema }) => schema.additionalProperties === false)).toBe(true);
  });
});

describe('one key changed changes one field', () => {
  test.each([
    ['polling', 'strategy: fan-out', { strategy: 'fan-out' }],
    ['polling', 'discovery_interval: 1s', { discoveryInterval: 1000 }],
    ['polling', 'users_interval: 1s', { usersInterval: 1000 }],
    ['polling', 'online_interval: 1s', { onlineInterval: 1000 }],
    ['polling', 'sessions_interval: 1s', { sessionsInterval: 1000 }],
    ['polling', 'traffic: { interval: 1s }', { traffic: { enabled: false, interval: 1000 } }],
    ['polling', 'stale_after: 1s', { staleAfter: 1000 }],
    ['polling', 'page_size: 1', { pageSize: 1 }],
    ['polling', 'timeout: 100ms', { timeout: 100 }],
    ['polling', 'concurrency: 64', { concurrency: 64 }],
    ['polling', 'requests_per_second: 0.001', { requestsPerSecond: 0.001 }],
    ['polling', 'adaptive: false', { adaptive: false }],
    ['metrics', 'detail: instances', { detail: 'instances' }],
    ['metrics', 'detail: sessions', { detail: 'sessions' }],
    ['metrics', 'hash_key_file: key', { hashKeyFile: 'key' }],
    ['metrics', 'user_mail: true', { userMail: true }],
    ['metrics', 'session_age: false', { sessionAge: false }],
    ['metrics', 'max_user_series: 0', { maxUserSeries: 0 }],
    ['metrics', 'unused_after: []', { unusedAfter: [] }],
    ['history', 'enabled: true', { enabled: true }],
    ['history', 'keep: 1d', { keep: 86_400_000 }],
    ['shard', 'total: 100', { total: 100 }],
  ] as const)('%s: %s', async (section, line, field) => {
    const defaults = await loadText('');
    const changed = await loadText(`${section}:\n  ${line}\n`);
    expect(changed).toEqual({ ...defaults, [section]: { ...defaults[section], ...field } });
  });
});
