import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { loadConfig } from '../../src/config/load.ts';
import { configFile } from '../../src/config/schema/schema.ts';

const EXAMPLES = fileURLToPath(new URL('../../config/', import.meta.url));
const env = { SAG_ACCESS_KEY_ID: 'LTAI', SAG_ACCESS_KEY_SECRET: 'hush' };

const load = (name: string) => loadConfig({ file: `${EXAMPLES}${name}`, env });

describe('the example', () => {
  // Every .yml file directly in config/ is a configuration. The gate runs check-config on the same files.
  test.each(readdirSync(EXAMPLES).filter((name) => name.endsWith('.yml')))(
    '%s is a valid configuration',
    async (file) => {
      await expect(load(file)).resolves.toBeDefined();
    },
  );

  test('of every key has every key', () => {
    const text = readFileSync(`${EXAMPLES}sag-app-exporter.example.yml`, 'utf8');
    const missing = keysOf(z.toJSONSchema(configFile, { io: 'input' })).filter(
      (key) => !new RegExp(`^[ #-]*${key}:`, 'm').test(text),
    );
    expect(missing).toEqual([]);
  });

  test('of every key shows the defaults of polling, metrics, history and shard', async () => {
    const { polling, metrics, history, shard } = await load('sag-app-exporter.example.yml');
    const defaults = await loadConfig({ env: {} });
    expect({ polling, metrics, history, shard }).toEqual({
      polling: defaults.polling,
      metrics: defaults.metrics,
      history: defaults.history,
      shard: defaults.shard,
    });
  });

  test('of the simulator calls it with its own key', async () => {
    const { accounts } = await load('simulator.yml');
    expect(accounts).toMatchObject([
      {
        endpoint: 'http://127.0.0.1:10314',
        credentials: { accessKeyId: 'testid', accessKeySecret: 'testsecret' },
        regions: ['cn-shanghai', 'ap-southeast-1'],
      },
    ]);
  });
});

function keysOf(schema: z.core.JSONSchema.BaseSchema): readonly string[] {
  const { properties = {}, items } = schema;
  const nested = [...Object.values(properties), ...(items ? [items].flat() : [])];
  return [
    ...Object.keys(properties),
    ...nested.flatMap((child) => (typeof child === 'object' ? keysOf(child) : [])),
  ];
}
