import { z } from 'zod';
import { INSTANCE_LIST } from '../../src/web/status/instance-list.ts';
import { type ListAbilities, MOST_PER_PAGE } from '../../src/web/status/list-query.ts';
import { instanceShape, statusShape } from '../../src/web/status/schema.ts';
import { USER_LIST } from '../../src/web/status/user-query.ts';

type Schema = z.core.JSONSchema.BaseSchema;

const COLUMNS = '| field | type | meaning |\n|---|---|---|';

/** A table of fields for each answer. Fields that both answers have are in the first table only. */
export function statusReference(): string {
  const status = [...fieldsOf(z.toJSONSchema(statusShape), '')];
  const users = [...fieldsOf(z.toJSONSchema(instanceShape), '')].filter(
    ({ path }) => !/^(?:version|time|privacy\b.*|instance\..*)$/.test(path),
  );
  return [
    parameters(),
    '### `GET /api/v1/status`',
    `${COLUMNS}\n${status.map(row).join('\n')}`,
    '### `GET /api/v1/instances/ACCOUNT/REGION/INSTANCE`',
    '`version`, `time` and `privacy` as above, and:',
    `${COLUMNS}\n${users.map(row).join('\n')}`,
  ].join('\n\n');
}

/** The parameters of the lists of instances and users. */
function parameters(): string {
  const lists = [INSTANCE_LIST, USER_LIST];
  const most = `up to ${MOST_PER_PAGE}; by default ${INSTANCE_LIST.perPage}, in JSON ${MOST_PER_PAGE}`;
  const rows = [
    ['sort', ...lists.map(columnsOf)],
    ['order', '`asc` or `desc`; by default what fits the column', 'the same'],
    ['q', 'text in name, id, account or region', 'text in what is shown of the user'],
    ['show', ...lists.map(({ shows }) => shows.map((show) => `\`${show}\``).join(', '))],
    [
      'unused_for',
      '–',
      'a duration such as `90d`: only users who were watched for so long without being online; an invalid one is refused with status 400',
    ],
    ['page', 'from 1; past the end, the last', 'the same'],
    ['perPage', most, 'the same'],
    ['lang', '`en` or `zh-CN`: the language of the page; not used by JSON and CSV', 'the same'],
  ];
  return [
    '| parameter | instances | users |\n|---|---|---|',
    ...rows.map(([name, ...cells]) => `| \`${name}\` | ${cells.join(' | ')} |`),
  ].join('\n');
}

function columnsOf({ columns, defaultSort }: ListAbilities<string, string>): string {
  return Object.keys(columns)
    .map((name) => (name === defaultSort ? `\`${name}\` (the default)` : `\`${name}\``))
    .join(', ');
}

interface Field {
  readonly path: string;
  readonly schema: Schema;
}

/** The fields in order, each section before its own fields. Sections with equal fields are expanded once. */
function* fieldsOf(schema: Schema, path: string, expanded = new Set<string>()): Generator<Field> {
  const { items, properties = {} } = schema;
  if (typeof items === 'object' && !Array.isArray(items)) {
    yield* fieldsOf(items, `${path}[]`, expanded);
  }
  for (const [name, child] of Object.entries(properties)) {
    if (typeof child !== 'object') continue;
    const childPath = path === '' ? name : `${path}.${name}`;
    yield { path: childPath, schema: child };
    const names = child.properties && Object.keys(child.properties).join();
    if (names !== undefined && expanded.has(names)) continue;
    if (names !== undefined) expanded.add(names);
    yield* fieldsOf(child, childPath, expanded);
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
  if (schema.type === 'boolean') return '`true`, `false`';
  return schema.type === 'number' ? 'number' : 'text';
}
