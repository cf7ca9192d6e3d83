// biome-ignore-all lint/suspicious/noTemplateCurlyInString: configurations refer to variables in this way.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { configFile } from '../../src/config/schema/schema.ts';
import { ConfigError } from '../../src/input/problem.ts';
import { loadText } from './load-text.ts';

const env = { A: 'x: [1', B: '7' };

/** Loads `text`; fails unless the result is a configuration or problems with a position. */
async function loadOrRefuse(text: string): Promise<void> {
  try {
    await loadText(text, env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    for (const { line, column } of error.problems) {
      expect(line).toBeGreaterThan(0);
      expect(line).toBeLessThanOrEqual(text.split('\n').length);
      expect(column).toBeGreaterThan(0);
    }
  }
}

/** Fragments of YAML and of configurations. */
const PIECES = [
  ...['\n', '\n  ', '\n    ', '- ', ': ', ', ', '[', ']', '{', '}', '"', "'", '#', '&a ', '*a'],
  ...[
    '|',
    '>',
    '!x ',
    '!!int ',
    '? ',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    '\t',
    '\\',
    '\r\n',
    '\u0000',
  ],
  ...[
    '${A}',
    '${B}',
    '${C}',
    '${',
    '$${',
    '~',
    'null',
    'true',
    '1e9',
    '.inf',
    '0x1f',
    '<<',
    '\ufeff',
  ],
  ...['accounts', 'name', 'credentials', 'access_key_id', 'access_key_secret', 'role_arn'],
  ...['regions', 'instances', 'id', 'polling', 'timeout', '30s', 'shard', 'index', '__proto__'],
];

test('text made of pieces of YAML is loaded or refused', async () => {
  const text = fc
    .array(fc.constantFrom(...PIECES), { maxLength: 40 })
    .map((parts) => parts.join(''));
  await fc.assert(fc.asyncProperty(text, loadOrRefuse), { numRuns: 2000 });
});

test('any text is loaded or refused', async () => {
  await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary' }), loadOrRefuse), { numRuns: 500 });
});

/** Valid and invalid values at the keys of the configuration. */
const leaf = fc.oneof(
  fc.constantFrom(
    '30s',
    '5m',
    'auto',
    'hash',
    'omit',
    'cn-shanghai',
    'hostname',
    '${B}',
    '${C}',
    'a@b',
  ),
  fc.constantFrom('https://host', 'acs:ram::1:role/x', true, false, null),
  fc.double(),
  fc.integer(),
  fc.string(),
);

function valuesOf(schema: z.core.JSONSchema.BaseSchema): fc.Arbitrary<unknown> {
  const { properties, items } = schema;
  if (properties) {
    const fields = Object.entries(properties).map(([key, child]) => [
      key,
      typeof child === 'object' ? mostly(valuesOf(child)) : leaf,
    ]);
    return fc.record(Object.fromEntries(fields), { requiredKeys: [] });
  }
  if (typeof items === 'object' && !Array.isArray(items)) {
    return fc.array(mostly(valuesOf(items)), { maxLength: 3 });
  }
  return leaf;
}

function mostly(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 6, arbitrary: values }, { weight: 1, arbitrary: fc.jsonValue() });
}

test('any values at known keys are loaded or refused', async () => {
  const file = valuesOf(z.toJSONSchema(configFile, { io: 'input' }));
  const text = file.map((value) => stringify(value, { aliasDuplicateObjects: false }));
  await fc.assert(fc.asyncProperty(text, loadOrRefuse), { numRuns: 300 });
});
