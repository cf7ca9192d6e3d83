// biome-ignore-all lint/suspicious/noTemplateCurlyInString: configurations refer to variables in this way.

import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import { loadText, messageOf } from './load-text.ts';

const shardOf = async (keys: string, env: Readonly<Record<string, string>> = {}) =>
  (await loadText(`shard: { ${keys} }`, env)).shard;

describe('index: hostname', () => {
  test.each([
    ['sag-app-exporter-0', 0],
    ['sag-app-exporter-2', 2],
    ['exporter-2-1', 1],
    ['exporter-1.exporter.monitoring.svc.cluster.local', 1],
    ['2-exporter-0.node-7', 0],
  ])('takes the ordinal of %s', async (HOSTNAME, index) => {
    expect(await shardOf('index: hostname, total: 3', { HOSTNAME })).toEqual({ index, total: 3 });
  });

  test.each([
    'localhost',
    'exporter',
    'exporter2',
    'exporter-2a',
    'exporter-02',
    'exporter-',
    '-',
    '2',
    'exporter-7d4f8b9c6-x2x4z',
    'exporter.node-1',
    'exporter-3',
    'exporter-10',
    'exporter-99999999999999999999',
  ])('refuses the host name %s, of three', async (HOSTNAME) => {
    expect(await messageOf('shard:\n  index: hostname\n  total: 3', { HOSTNAME })).toBe(
      `config.yml:2:3: shard.index: expected a host name that ends in an ordinal below total, such as name-0; got the host name "${HOSTNAME}"`,
    );
  });

  test('accepts only the ordinal 0 when total is omitted', async () => {
    expect(await shardOf('index: hostname', { HOSTNAME: 'exporter-0' })).toEqual({
      index: 0,
      total: 1,
    });
    expect(await messageOf('shard: { index: hostname }', { HOSTNAME: 'exporter-1' })).toContain(
      'got the host name "exporter-1"',
    );
  });

  test.each([{}, { HOSTNAME: '' }])(
    'uses the host name of the system with the environment %j',
    async (env) => {
      const message = await messageOf('shard: { index: hostname, total: 3 }', env);
      // The name of the machine that runs the test may or may not end in an ordinal.
      if (message !== 'accepted') expect(message).toContain(`got the host name "${hostname()}"`);
      else expect(hostname()).toMatch(/-[012](?:\.|$)/);
    },
  );

  test('may itself come from a variable, as may the total', async () => {
    const env = { HOSTNAME: 'exporter-1', INDEX: 'hostname', TOTAL: '2' };
    expect(await shardOf('index: "${INDEX}", total: "${TOTAL}"', env)).toEqual({
      index: 1,
      total: 2,
    });
    const beyond = { ...env, HOSTNAME: 'exporter-2' };
    expect(await messageOf('shard: { index: hostname, total: "${TOTAL}" }', beyond)).toContain(
      'got the host name "exporter-2"',
    );
  });

  test('is reported together with a wrong total', async () => {
    const env = { HOSTNAME: 'exporter' };
    const message = await messageOf('shard:\n  index: hostname\n  total: many', env);
    expect(message.split('\n')).toEqual([
      expect.stringContaining('config.yml:2:3: shard.index: expected a host name'),
      'config.yml:3:3: shard.total: expected a whole number from 1 to 100; got "many"',
    ]);
  });

  test('is not checked when the index is a number', async () => {
    expect(await shardOf('index: 1, total: 2', { HOSTNAME: 'exporter' })).toEqual({
      index: 1,
      total: 2,
    });
  });
});

describe('an index from the environment', () => {
  test('is a number', async () => {
    const env = { SHARD_INDEX: '2', SHARDS: '3' };
    expect(await shardOf('index: "${SHARD_INDEX}", total: "${SHARDS}"', env)).toEqual({
      index: 2,
      total: 3,
    });
  });

  test.each([
    ['3', 'expected a number below total, or hostname; got a number that is not below total'],
    ['-1', 'expected a whole number from 0 up, or hostname; got <hidden>'],
    ['1.5', 'expected a whole number from 0 up, or hostname; got <hidden>'],
    ['exporter-1', 'expected a whole number from 0 up, or hostname; got <hidden>'],
    ['', 'expected a whole number from 0 up, or hostname; got ""'],
  ])('is refused when it is %j of three', async (SHARD_INDEX, problem) => {
    const text = 'shard:\n  index: ${SHARD_INDEX}\n  total: 3';
    expect(await messageOf(text, { SHARD_INDEX })).toBe(`config.yml:2:3: shard.index: ${problem}`);
  });
});
