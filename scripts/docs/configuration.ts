import { z } from 'zod';
import { configFile } from '../../src/config/schema/schema.ts';
import { DURATION } from '../../src/input/duration.ts';
import { inEnglish, type Translate } from './translate.ts';

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
export function configReference(translate = inEnglish): string {
  const keys = [...keysOf(z.toJSONSchema(configFile, { io: 'input' }), '')];
  const tables = SECTIONS.map(([title, prefix]) => {
    const own = keys.filter(({ path }) => new RegExp(`^${prefix}\\b`).test(path));
    const columns = COLUMNS.map(translate);
    const head = `| ${columns.join(' | ')} |\n${'|---'.repeat(columns.length)}|`;
    const rows = own.map((key) => row(key, translate));
    return `### ${translate(title)}\n\n${head}\n${rows.join('\n')}`;
  });
  return tables.join('\n\n');
}

const COLUMNS = ['key', 'type', 'default', 'meaning', 'example'];

function row(key: Key, translate: Translate): string {
  const { path, schema } = key;
  const meaning = translate(schema.description ?? '');
  const example = schema['example'] === undefined ? '' : code(String(schema['example']));
  return `| ${code(path)} | ${typeOf(key, translate)} | ${defaultOf(key, translate)} | ${meaning} | ${example} |`;
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

function typeOf({ schema }: Key, translate: Translate): string {
  if (schema.enum) return schema.enum.map((word) => code(String(word))).join(', ');
  if (schema.anyOf) {
    return schema.anyOf
      .map((option) =>
        typeof option === 'object' && option.const !== undefined
          ? code(String(option.const))
          : translate('whole number'),
      )
      .join(translate(' or '));
  }
  if (schema.pattern === DURATION.source) return translate('duration');
  if (schema.type === 'array') return translate('list');
  if (schema.type === 'object') return translate('section');
  if (schema.type === 'integer') return range(schema, translate);
  if (schema.type === 'number') return translate('number above 0');
  return schema.type === 'boolean' ? '`true`, `false`' : translate('text');
}

function range(
  { minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: Schema,
  translate: Translate,
): string {
  const text =
    maximum >= Number.MAX_SAFE_INTEGER
      ? translate('whole number from MINIMUM up')
      : translate('whole number from MINIMUM to MAXIMUM');
  return text.replace('MINIMUM', String(minimum)).replace('MAXIMUM', String(maximum));
}

function defaultOf({ schema, required }: Key, translate: Translate): string {
  if (required) return translate('must be given');
  if (!('default' in schema)) return '';
  const value: unknown = schema.default;
  const holds = typeof value === 'object' && value !== null;
  if (holds && Object.keys(value).length === 0 && !Array.isArray(value)) return '';
  return code(holds ? JSON.stringify(value) : String(value));
}

/** Escapes `|`, which would end the cell of the table. */
const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;
