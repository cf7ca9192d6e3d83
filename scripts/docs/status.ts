import { z } from 'zod';
import { instanceShape, statusShape } from '../../src/web/status/schema.ts';

type Schema = z.core.JSONSchema.BaseSchema;

const COLUMNS = '| field | type | meaning |\n|---|---|---|';

/** A table of the fields of each answer. Fields that both answers have are listed once. */
export function statusReference(): string {
  const status = [...fieldsOf(z.toJSONSchema(statusShape), '')];
  const users = [...fieldsOf(z.toJSONSchema(instanceShape), '')].filter(
    ({ path }) => !/^(?:version|time|privacy\b.*|instance\..*)$/.test(path),
  );
  return [
    '### `GET /api/v1/status`',
    `${COLUMNS}\n${status.map(row).join('\n')}`,
    '### `GET /api/v1/instances/ACCOUNT/REGION/INSTANCE`',
    '`version`, `time` and `privacy` as above, and:',
    `${COLUMNS}\n${users.map(row).join('\n')}`,
  ].join('\n\n');
}

/** A field and what stands in it. */
interface Field {
  readonly path: string;
  readonly schema: Schema;
}

/** Sections that are the same in several places are told of once. */
function* fieldsOf(schema: Schema, path: string, told = new Set<string>()): Generator<Field> {
  const { items, properties = {} } = schema;
  if (typeof items === 'object' && !Array.isArray(items)) {
    yield* fieldsOf(items, `${path}[]`, told);
  }
  for (const [name, child] of Object.entries(properties)) {
    if (typeof child !== 'object') continue;
    const own = path === '' ? name : `${path}.${name}`;
    yield { path: own, schema: child };
    const inside = child.properties && Object.keys(child.properties).join();
    if (inside !== undefined && told.has(inside)) continue;
    if (inside !== undefined) told.add(inside);
    yield* fieldsOf(child, own, told);
  }
}

function row({ path, schema }: Field): string {
  return `| \`${path}\` | ${typeOf(schema)} | ${schema.description ?? ''} |`;
}

function typeOf(schema: Schema): string {
  if (schema.enum) return schema.enum.map((word) => `\`${word}\``).join(', ');
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.type === 'array') return 'list';
  if (schema.type === 'object') return 'section';
  if (schema.type === 'integer') return 'whole number';
  if (schema.format === 'date-time') return 'time';
  return schema.type === 'boolean'
    ? '`true`, `false`'
    : schema.type === 'number'
      ? 'number'
      : 'text';
}
