import {
  type Document,
  type ErrorCode,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import { type Environment, expand } from './environment.ts';
import { formatPath, type Path } from './path.ts';
import { ConfigError, type ConfigProblem, type Finding, type TextPosition } from './problem.ts';

/** A YAML file with the values of environment variables substituted. */
export interface ConfigDocument {
  /** Mappings, lists and scalars. The value of a key without a value is undefined, as if the key were absent. */
  readonly value: unknown;
  /** Problems with repeated keys, aliases and variables. */
  readonly findings: readonly Finding[];
  /** Whether the value at a path contains the value of an environment variable. */
  isExpanded(path: Path): boolean;
  /**
   * Whether the value at a path is unknown, because of an unset variable or an unknown alias. A finding says
   * so already, and no further problem of the value is reported.
   */
  isUnresolved(path: Path): boolean;
  /** The position of the key or list item at a path. If it is absent, the position of its parent. */
  positionOf(path: Path): TextPosition;
}

// The library's messages are not shown, because some quote the source, which may contain a secret. The
// library does not check that keys are unique either, because its error would lack the path of the key.
const OPTIONS = {
  schema: 'core',
  stringKeys: true,
  uniqueKeys: false,
  resolveKnownTags: false,
  prettyErrors: false,
} as const;

/** Aliases can expand a small file to a huge one. A thousand instances need about five thousand values. */
const MAX_VALUES = 100_000;

/** No key is nested this deep. The limit also ends the reading of an alias inside its own anchor. */
const MAX_DEPTH = 20;

/**
 * Reads YAML 1.2. All text in it is made well-formed Unicode here, so that no later code has to do so.
 *
 * @param env variables that are substituted in scalar values; without `env`, `${NAME}` is plain text
 * @throws ConfigError when `source` is not well-formed, or its aliases expand it beyond MAX_VALUES
 */
export function readDocument(source: string, file: string, env?: Environment): ConfigDocument {
  const lines = new LineCounter();
  const document = parseDocument(source, { ...OPTIONS, lineCounter: lines });
  const positionAt = (offset: number): TextPosition => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const broken = [...document.errors, ...document.warnings].map(({ code, pos: [offset] }) => ({
    file,
    ...positionAt(offset),
    path: '',
    expected: 'valid YAML',
    got: isReferenceInFlow(source, offset)
      ? REFERENCE_IN_FLOW
      : (SYNTAX[code] ?? 'something that is not'),
  }));
  if (broken.length > 0) throw new ConfigError(firstOfEachLine(broken));
  const reading = new Reading(document, positionAt, env);
  if (reading.tooLarge) {
    const expected = `at most ${MAX_VALUES} values, nested at most ${MAX_DEPTH} deep`;
    const problem = { file, ...reading.tooLarge, path: '', expected, got: 'more' };
    throw new ConfigError([problem]);
  }
  return reading;
}

/** Turns findings into problems with file and position, in file order. */
export function locateProblems(
  findings: readonly Finding[],
  file: string,
  document: ConfigDocument,
): readonly ConfigProblem[] {
  return findings
    .map(({ path, expected, got, position = document.positionOf(path) }) => ({
      file,
      line: position.line,
      column: position.column,
      path: formatPath(path),
      expected,
      got,
    }))
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

/**
 * Whether the `{` at this offset belongs to an unquoted `${NAME}` inside `[...]` or `{...}`, where YAML takes
 * the brace for the start of a mapping.
 */
function isReferenceInFlow(source: string, offset: number): boolean {
  return source[offset - 1] === '$' && source[offset] === '{';
}

const REFERENCE_IN_FLOW = 'a variable without quotes inside [ ] or { }; it must be quoted there';

/** Further errors in a line are usually consequences of its first error. */
function firstOfEachLine(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  const byLine = new Map<number, ConfigProblem>();
  for (const problem of problems) {
    if (!byLine.has(problem.line)) byLine.set(problem.line, problem);
  }
  return [...byLine.values()];
}

const SYNTAX: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: 'an alias that is not allowed here',
  BAD_DIRECTIVE: 'an unknown directive',
  BAD_DQ_ESCAPE: 'an unknown escape in double quotes',
  BAD_INDENT: 'wrong indentation or a missing bracket',
  BAD_SCALAR_START: 'a value that must be quoted because of its first character',
  BLOCK_AS_IMPLICIT_KEY: 'a mapping inside a line; a value with ": " must be quoted',
  MISSING_CHAR: 'a missing quote, comma, colon or space',
  MULTIPLE_DOCS: 'a second document',
  NON_STRING_KEY: 'a key that is not text',
  RESOURCE_EXHAUSTION: 'too deep a nesting',
  TAB_AS_INDENT: 'a tab as indentation',
  TAG_RESOLVE_FAILED: 'an unknown tag; a value that starts with "!" must be quoted',
  UNEXPECTED_TOKEN: 'an unexpected character or value',
};

/** Reads the values of a well-formed document and remembers the position of each. */
class Reading implements ConfigDocument {
  readonly value: unknown;
  readonly findings: Finding[] = [];
  /** The position where reading stopped because the document exceeds MAX_VALUES or MAX_DEPTH. */
  tooLarge: TextPosition | undefined;
  readonly #document: Document.Parsed;
  readonly #positionAt: (offset: number) => TextPosition;
  readonly #env: Environment | undefined;
  readonly #positions = new Map<string, TextPosition>();
  readonly #expanded = new Set<string>();
  readonly #unresolved = new Set<string>();
  #values = 0;

  constructor(
    document: Document.Parsed,
    positionAt: (offset: number) => TextPosition,
    env: Environment | undefined,
  ) {
    this.#document = document;
    this.#positionAt = positionAt;
    this.#env = env;
    this.value = this.#read(document.contents, [], positionAt(0)) ?? {};
  }

  isExpanded(path: Path): boolean {
    return this.#expanded.has(formatPath(path));
  }

  isUnresolved(path: Path): boolean {
    return this.#unresolved.has(formatPath(path));
  }

  positionOf(path: Path): TextPosition {
    for (let length = path.length; length > 0; length--) {
      const position = this.#positions.get(formatPath(path.slice(0, length)));
      if (position) return position;
    }
    return this.#positionAt(0);
  }

  #read(node: unknown, path: Path, position: TextPosition): unknown {
    this.#positions.set(formatPath(path), position);
    this.#values++;
    if (path.length > MAX_DEPTH || this.#values > MAX_VALUES) {
      this.tooLarge ??= position;
      return undefined;
    }
    if (isAlias(node)) {
      const target = node.resolve(this.#document);
      if (target) return this.#read(target, path, position);
      this.#unresolved.add(formatPath(path));
      return this.#refuse(path, position, 'an alias of an anchor above', 'an unknown anchor');
    }
    if (isMap(node)) return this.#readMap(node, path, position);
    if (isSeq(node)) {
      return node.items.map((item, i) =>
        this.#read(item, [...path, i], this.#positionOfNode(item, position)),
      );
    }
    const value = isScalar(node) ? node.value : undefined;
    // An escape such as "\ud800" or an environment variable may hold half a character.
    if (typeof value === 'string') return this.#expand(value, path, position).toWellFormed();
    return value ?? undefined;
  }

  #readMap(map: YAMLMap, path: Path, position: TextPosition): unknown {
    const entries = new Map<string, unknown>();
    for (const { key, value } of map.items) {
      const name = (isScalar(key) ? String(key.value) : String(key)).toWellFormed();
      const keyPath = [...path, name];
      const at = this.#positionOfNode(key, position);
      if (entries.has(name)) this.#refuse(keyPath, at, 'each key only once', 'the key again');
      else entries.set(name, this.#read(value, keyPath, at));
    }
    // Assigning a key `__proto__` to an object would change its prototype.
    return Object.fromEntries(entries);
  }

  #expand(source: string, path: Path, position: TextPosition): string {
    if (this.#env === undefined) return source;
    const { text, expanded, unset, malformed } = expand(source, this.#env);
    if (expanded) this.#expanded.add(formatPath(path));
    if (unset.length > 0 || malformed) this.#unresolved.add(formatPath(path));
    for (const name of new Set(unset)) {
      this.#refuse(path, position, `the environment variable ${name} to be set`, 'nothing');
    }
    if (malformed) {
      this.#refuse(path, position, `\${NAME}, or $\${ for a literal \${`, 'a ${ without a name');
    }
    return text;
  }

  #positionOfNode(node: unknown, parent: TextPosition): TextPosition {
    const range = isNode(node) ? node.range : undefined;
    return range ? this.#positionAt(range[0]) : parent;
  }

  #refuse(path: Path, position: TextPosition, expected: string, got: string): undefined {
    this.findings.push({ path, position, expected, got });
  }
}
