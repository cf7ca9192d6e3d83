import { z } from 'zod';
import { INSTANCE_LIST } from '../../src/web/status/instance-list.ts';
import { type ListAbilities, MOST_PER_PAGE } from '../../src/web/status/list-query.ts';
import { instanceShape, statusShape } from '../../src/web/status/schema.ts';
import { USER_LIST } from '../../src/web/status/user-query.ts';
import { inEnglish, type Translate } from './translate.ts';

type Schema = z.core.JSONSchema.BaseSchema;

/** A table of fields for each answer. Fields that both answers have are in the first table only. */
export function statusReference(translate = inEnglish): string {
  const status = [...fieldsOf(z.toJSONSchema(statusShape), '')];
  const users = [...fieldsOf(z.toJSONSchema(instanceShape), '')].filter(
    ({ path }) => !/^(?:version|time|privacy\b.*|instance\..*)$/.test(path),
  );
  return [
    parameters(translate),
    '### `GET /api/v1/status`',
    fieldTable(status, translate),
    '### `GET /api/v1/instances/ACCOUNT/REGION/INSTANCE`',
    translate('`version`, `time` and `privacy` as above, and:'),
    fieldTable(users, translate),
  ].join('\n\n');
}

function fieldTable(fields: readonly Field[], translate: Translate): string {
  return table(
    ['field', 'type', 'meaning'].map(translate),
    fields.map(({ path, schema }) => [
      `\`${path}\``,
      typeOf(schema, translate),
      translate(schema.description ?? ''),
    ]),
  );
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = `| ${columns.join(' | ')} |\n${'|---'.repeat(columns.length)}|`;
  return [head, ...rows.map((cells) => `| ${cells.join(' | ')} |`)].join('\n');
}

/** The parameters of the lists of instances and users. */
function parameters(translate: Translate): string {
  const lists = [INSTANCE_LIST, USER_LIST];
  const same = translate('the same');
  const rows = [
    ['sort', ...lists.map((list) => columnsOf(list, translate))],
    ['order', translate('`asc` or `desc`; by default what fits the column'), same],
    [
      'q',
      translate('text in name, id, account or region'),
      translate('text in what is shown of the user'),
    ],
    ['show', ...lists.map(({ shows }) => shows.map((show) => `\`${show}\``).join(', '))],
    [
      'unused_for',
      '–',
      translate(
        'a duration such as `90d`: only users who were watched for so long without being online; an invalid one is refused with status 400',
      ),
    ],
    ['page', translate('from 1; past the end, the last'), same],
    [
      'perPage',
      translate('up to MOST; by default USUAL, in JSON MOST')
        .replaceAll('MOST', String(MOST_PER_PAGE))
        .replace('USUAL', String(INSTANCE_LIST.perPage)),
      same,
    ],
    [
      'lang',
      translate('`en` or `zh-CN`: the language of the page; not used by JSON and CSV'),
      same,
    ],
  ];
  return table(
    ['parameter', 'instances', 'users'].map(translate),
    rows.map(([name, ...cells]) => [`\`${name}\``, ...cells]),
  );
}

function columnsOf(
  { columns, defaultSort }: ListAbilities<string, string>,
  translate: Translate,
): string {
  return Object.keys(columns)
    .map((name) =>
      name === defaultSort ? `\`${name}\`${translate(' (the default)')}` : `\`${name}\``,
    )
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

function typeOf(schema: Schema, translate: Translate): string {
  if (schema.enum) return schema.enum.map((word) => `\`${word}\``).join(', ');
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.type === 'array') return translate('list');
  if (schema.type === 'object') return translate('section');
  if (schema.type === 'integer') return translate('whole number');
  if (schema.format === 'date-time') return translate('time');
  if (schema.type === 'boolean') return '`true`, `false`';
  return schema.type === 'number' ? translate('number') : translate('text');
}
