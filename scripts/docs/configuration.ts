import { z } from 'zod';
import { configFile } from '../../src/config/schema/schema.ts';
import { DURATION } from '../../src/input/duration.ts';

type Schema = z.core.JSONSchema.BaseSchema;

interface Key {
  readonly path: string;
  readonly schema: Schema;
  readonly required: boolean;
}

const SECTIONS: readonly (readonly [title: string, prefix: string])[] = [
  ['Accounts', 'accounts'],
  ['Polling', 'polling'],
  ['Metrics', 'metrics'],
  ['History', 'history'],
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
  const example = schema['example'] === undefined ? '' : code(String(schema['example']));
  return `| ${code(path)} | ${typeOf(key)} | ${defaultOf(key)} | ${schema.description ?? ''} | ${example} |`;
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

function typeOf({ schema }: Key): string {
  if (schema.enum) return schema.enum.map((word) => code(String(word))).join(', ');
  if (schema.anyOf) {
    return schema.anyOf
      .map((option) =>
        typeof option === 'object' && option.const !== undefined
          ? code(String(option.const))
          : 'whole number',
      )
      .join(' or ');
  }
  if (schema.pattern === DURATION.source) return 'duration';
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

/** Escapes `|`, which would end the cell of the table. */
const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;
