import { z } from 'zod';
import { configFile } from '../../src/config/schema/schema.ts';
import { DURATION } from '../../src/input/duration.ts';
import { requireComplete } from './zh-CN/complete.ts';

type Schema = z.core.JSONSchema.BaseSchema;

interface Key {
  readonly path: string;
  readonly schema: Schema;
  readonly required: boolean;
}

/** What the tables say in one language. */
export interface ConfigurationWords {
  /** The title of each section, in the order of the page, by the key that begins it. */
  readonly sections: Readonly<Record<keyof z.input<typeof configFile>, string>>;
  readonly columns: readonly string[];
  readonly types: {
    readonly duration: string;
    readonly list: string;
    readonly section: string;
    readonly text: string;
    readonly numberAboveZero: string;
    readonly wholeNumber: string;
    readonly wholeNumberFrom: (minimum: number) => string;
    readonly wholeNumberBetween: (minimum: number, maximum: number) => string;
  };
  readonly or: string;
  readonly mustBeGiven: string;
  /** The meaning of each key by its path; without it, the descriptions of the schema are the meanings. */
  readonly meanings?: Readonly<Record<string, string>>;
}

const ENGLISH: ConfigurationWords = {
  sections: {
    accounts: 'Accounts',
    polling: 'Polling',
    metrics: 'Metrics',
    history: 'History',
    proxy: 'Proxy',
    shard: 'Sharding',
  },
  columns: ['key', 'type', 'default', 'meaning', 'example'],
  types: {
    duration: 'duration',
    list: 'list',
    section: 'section',
    text: 'text',
    numberAboveZero: 'number above 0',
    wholeNumber: 'whole number',
    wholeNumberFrom: (minimum) => `whole number from ${minimum} up`,
    wholeNumberBetween: (minimum, maximum) => `whole number from ${minimum} to ${maximum}`,
  },
  or: ' or ',
  mustBeGiven: 'must be given',
};

/**
 * A table of keys for each section of the configuration file.
 *
 * @throws Error when the words have meanings, but not exactly those of the keys
 */
export function configReference(words: ConfigurationWords = ENGLISH): string {
  const keys = [...keysOf(z.toJSONSchema(configFile, { io: 'input' }), '')];
  if (words.meanings) {
    requireComplete(
      words.meanings,
      keys.map(({ path }) => path),
    );
  }
  const columns = `| ${words.columns.join(' | ')} |\n${'|---'.repeat(words.columns.length)}|`;
  const tables = Object.entries(words.sections).map(([prefix, title]) => {
    const own = keys.filter(({ path }) => new RegExp(`^${prefix}\\b`).test(path));
    return `### ${title}\n\n${columns}\n${own.map((key) => row(key, words)).join('\n')}`;
  });
  return tables.join('\n\n');
}

function row(key: Key, words: ConfigurationWords): string {
  const { path, schema } = key;
  const meaning = words.meanings?.[path] ?? schema.description ?? '';
  const example = schema['example'] === undefined ? '' : code(String(schema['example']));
  return `| ${code(path)} | ${typeOf(key, words)} | ${defaultOf(key, words)} | ${meaning} | ${example} |`;
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

function typeOf({ schema }: Key, { types, or }: ConfigurationWords): string {
  if (schema.enum) return schema.enum.map((word) => code(String(word))).join(', ');
  if (schema.anyOf) {
    return schema.anyOf
      .map((option) =>
        typeof option === 'object' && option.const !== undefined
          ? code(String(option.const))
          : types.wholeNumber,
      )
      .join(or);
  }
  if (schema.pattern === DURATION.source) return types.duration;
  if (schema.type === 'array') return types.list;
  if (schema.type === 'object') return types.section;
  if (schema.type === 'integer') return range(schema, types);
  if (schema.type === 'number') return types.numberAboveZero;
  return schema.type === 'boolean' ? '`true`, `false`' : types.text;
}

function range(
  { minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: Schema,
  types: ConfigurationWords['types'],
): string {
  return maximum >= Number.MAX_SAFE_INTEGER
    ? types.wholeNumberFrom(minimum)
    : types.wholeNumberBetween(minimum, maximum);
}

function defaultOf({ schema, required }: Key, { mustBeGiven }: ConfigurationWords): string {
  if (required) return mustBeGiven;
  if (!('default' in schema)) return '';
  const value: unknown = schema.default;
  const holds = typeof value === 'object' && value !== null;
  if (holds && Object.keys(value).length === 0 && !Array.isArray(value)) return '';
  return code(holds ? JSON.stringify(value) : String(value));
}

/** Escapes `|`, which would end the cell of the table. */
const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;
