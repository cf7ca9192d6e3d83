// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are what configurations write for variables.

import { z } from 'zod';
import { configFile } from '../../src/config/schema/schema.ts';

type Schema = z.core.JSONSchema.BaseSchema;

/** One key of the file and what stands in it. */
interface Key {
  readonly path: string;
  readonly schema: Schema;
  readonly required: boolean;
}

/**
 * An example of each key whose default does not show how it is written. Keys that only hold others
 * have none.
 */
const EXAMPLES: Readonly<Record<string, string>> = {
  'accounts[].name': 'prod',
  'accounts[].credentials.access_key_id': '${SAG_ACCESS_KEY_ID}',
  'accounts[].credentials.access_key_secret': '${SAG_ACCESS_KEY_SECRET}',
  'accounts[].credentials.access_key_secret_file': '/run/secrets/sag-access-key-secret',
  'accounts[].credentials.security_token': '${SAG_SECURITY_TOKEN}',
  'accounts[].credentials.role_arn': 'acs:ram::1234567890123456:role/sag-app-exporter',
  'accounts[].credentials.sts_endpoint': 'https://sts-vpc.cn-shanghai.aliyuncs.com',
  'accounts[].endpoint': 'https://smartag-vpc.cn-shanghai.aliyuncs.com',
  'accounts[].regions': '[cn-shanghai, ap-southeast-1]',
  'accounts[].discovery': 'false',
  'accounts[].instances[].id': 'sag-0123456789abcdef',
  'accounts[].instances[].region': 'cn-shanghai',
  'accounts[].instances[].users_limit': '500',
  'accounts[].include': '["sag-*"]',
  'accounts[].exclude': '["sag-test-*"]',
  'metrics.hash_key_file': '/run/secrets/sag-hash-key',
  proxy: 'http://${PROXY_USER}:${PROXY_PASSWORD}@proxy:3128',
  'shard.index': 'hostname',
};

/** What the JSON schema of a key does not say: that its text is a duration. */
const DURATION = /^(?:polling\.(?:.*interval|stale_after|timeout))$/;

const SECTIONS: readonly (readonly [title: string, prefix: string])[] = [
  ['Accounts', 'accounts'],
  ['Polling', 'polling'],
  ['Metrics', 'metrics'],
  ['Proxy', 'proxy'],
  ['Sharding', 'shard'],
];

/** A table of keys for each section of the configuration file. */
export function configReference(): string {
  const keys = [...keysOf(z.toJSONSchema(configFile, { io: 'input' }), '')];
  const tables = SECTIONS.map(([title, prefix]) => {
    const own = keys.filter(({ path }) => new RegExp(`^${prefix}\\b`).test(path));
    return `### ${title}\n\n${COLUMNS}\n${own.map(row).join('\n')}`;
  });
  return tables.join('\n\n');
}

const COLUMNS = '| key | type | default | meaning | example |\n|---|---|---|---|---|';

function row(key: Key): string {
  const { path, schema } = key;
  const example = EXAMPLES[path];
  const shown = example === undefined ? '' : code(example);
  return `| ${code(path)} | ${typeOf(key)} | ${defaultOf(key)} | ${schema.description ?? ''} | ${shown} |`;
}

function* keysOf(schema: Schema, path: string): Generator<Key> {
  const { items, properties = {}, required = [] } = schema;
  if (typeof items === 'object' && !Array.isArray(items)) yield* keysOf(items, `${path}[]`);
  for (const [name, child] of Object.entries(properties)) {
    if (typeof child !== 'object') continue;
    const own = path === '' ? name : `${path}.${name}`;
    yield { path: own, schema: child, required: required.includes(name) };
    yield* keysOf(child, own);
  }
}

function typeOf({ path, schema }: Key): string {
  if (schema.enum) return schema.enum.map((word) => code(String(word))).join(', ');
  if (schema.anyOf) {
    return schema.anyOf
      .map((one) =>
        typeof one === 'object' && one.const !== undefined
          ? code(String(one.const))
          : 'whole number',
      )
      .join(' or ');
  }
  if (DURATION.test(path)) return 'duration';
  if (schema.type === 'array') return 'list';
  if (schema.type === 'object') return 'section';
  if (schema.type === 'integer') return range(schema);
  if (schema.type === 'number') return 'number above 0';
  return schema.type === 'boolean' ? '`true`, `false`' : 'text';
}

function range({ minimum, maximum }: Schema): string {
  const most = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? '' : ` to ${maximum}`;
  return `whole number from ${minimum ?? 0}${most === '' ? ' up' : most}`;
}

function defaultOf({ schema, required }: Key): string {
  if (required) return 'must be given';
  if (!('default' in schema)) return '';
  const value: unknown = schema.default;
  const holds = typeof value === 'object' && value !== null;
  if (holds && Object.keys(value).length === 0 && !Array.isArray(value)) return '';
  return code(holds ? JSON.stringify(value) : String(value));
}

/** Nothing in a table may end its cell. */
const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;
