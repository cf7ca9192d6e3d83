import { isMap, isScalar, type Pair, parseDocument, type YAMLMap } from 'yaml';

/** One row: a value, what it means, and its default. */
export interface ValueRow {
  readonly key: string;
  readonly meaning: string;
  readonly default: string;
}

/**
 * The values that values.yaml documents: keys that have a comment and hold no key with a comment.
 *
 * @throws Error when a value has none
 */
export function valueRows(valuesYaml: string): readonly ValueRow[] {
  const { contents } = parseDocument(valuesYaml);
  if (!isMap(contents)) throw new Error('values.yaml holds no mapping');
  return [...rowsOf(contents, '')];
}

function* rowsOf(map: YAMLMap, prefix: string): Generator<ValueRow> {
  for (const [index, pair] of map.items.entries()) {
    const key = `${prefix}${keyOf(pair)}`;
    const children = isMap(pair.value) ? pair.value : undefined;
    if (children?.items.some((_, at) => commentOf(children, at) !== '')) {
      yield* rowsOf(children, `${key}.`);
      continue;
    }
    const meaning = commentOf(map, index);
    if (meaning === '') throw new Error(`values.yaml: ${key} has no comment`);
    yield { key, meaning, default: JSON.stringify(children?.toJSON() ?? plain(pair)) };
  }
}

/** The comment above a key. The parser attaches the comment above the first key to the mapping. */
function commentOf(map: YAMLMap, index: number): string {
  const key = map.items[index]?.key;
  const own = isScalar(key) ? key.commentBefore : undefined;
  const text = own ?? (index === 0 ? map.commentBefore : undefined) ?? '';
  // A comment before an empty line belongs to the file or to a group of keys.
  return (text.split('\n\n').at(-1) ?? '').replace(/^ /gm, '').replaceAll('\n', ' ').trim();
}

function keyOf({ key }: Pair): string {
  if (!isScalar(key)) throw new Error('values.yaml has a key that is no text');
  return String(key.value);
}

function plain({ value }: Pair): unknown {
  return (value as { toJSON(): unknown } | null)?.toJSON() ?? null;
}

export function valuesTable(rows: readonly ValueRow[]): string {
  const lines = rows.map(
    (row) => `| \`${row.key}\` | ${cell(row.meaning)} | \`${cell(row.default)}\` |`,
  );
  return ['| value | meaning | default |', '|---|---|---|', ...lines].join('\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|');
