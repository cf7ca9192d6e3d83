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

/** A file as written, with variables put in. */
export interface ConfigDocument {
  /** Mappings, lists and scalars; a key without a value is undefined, as if it were not there. */
  readonly value: unknown;
  /** What is wrong with keys, aliases and variables. */
  readonly findings: readonly Finding[];
  /** Whether the value at a path holds something of the environment. */
  isExpanded(path: Path): boolean;
  /** Whether the value at a path could not be made out, so that nothing more can be said of it. */
  isUnresolved(path: Path): boolean;
  /** Where the key at a path stands, or the item of a list; for what is absent, its parent's position. */
  positionOf(path: Path): TextPosition;
}

// No message of the library is shown: some quote the source, and so perhaps a secret. Keys are
// compared here rather than there, so that a repeated one has its path.
const OPTIONS = {
  schema: 'core',
  stringKeys: true,
  uniqueKeys: false,
  resolveKnownTags: false,
  prettyErrors: false,
} as const;

/** Aliases can make a small file a huge one; a thousand instances need about five thousand values. */
const MOST_VALUES = 100_000;

/** Deeper than any key stands; also ends an alias within its own anchor. */
const DEEPEST = 20;

/**
 * Reads YAML 1.2 and puts in variables of `env`, if that is given, in scalar values.
 *
 * @throws ConfigError naming `file` when `source` is not well-formed, or its aliases make it huge
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
    got: isReferenceInFlow(source, offset) ? REFERENCE_IN_FLOW : (SYNTAX[code] ?? 'something else'),
  }));
  if (broken.length > 0) throw new ConfigError(firstOfEachLine(broken));
  const reading = new Reading(document, positionAt, env);
  if (reading.tooLarge) {
    const expected = `at most ${MOST_VALUES} values, nested at most ${DEEPEST} deep`;
    const problem = { file, ...reading.tooLarge, path: '', expected, got: 'more' };
    throw new ConfigError([problem]);
  }
  return reading;
}

/** What was found, each with its position in `file`, in file order. */
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

/** In `[...]` and `{...}` the brace of an unquoted reference to a variable starts a mapping. */
function isReferenceInFlow(source: string, offset: number): boolean {
  return source[offset - 1] === '$' && source[offset] === '{';
}

const REFERENCE_IN_FLOW = 'a variable without quotes inside [ ] or { }; it must be quoted there';

/** The others are mostly what the parser makes of the first. */
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

/** A walk over a well-formed document that notes places as it goes. */
class Reading implements ConfigDocument {
  readonly value: unknown;
  readonly findings: Finding[] = [];
  /** Where reading stopped, when there was too much to read. */
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
    if (path.length > DEEPEST || this.#values > MOST_VALUES) {
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
    if (typeof value === 'string') return this.#expand(value, path, position);
    return value ?? undefined;
  }

  #readMap(map: YAMLMap, path: Path, position: TextPosition): unknown {
    const entries = new Map<string, unknown>();
    for (const { key, value } of map.items) {
      const name = isScalar(key) ? String(key.value) : String(key);
      const here = [...path, name];
      const at = this.#positionOfNode(key, position);
      if (entries.has(name)) this.#refuse(here, at, 'each key only once', 'the key again');
      else entries.set(name, this.#read(value, here, at));
    }
    // Not by assignment, which would take a key `__proto__` for something else.
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

  #positionOfNode(node: unknown, otherwise: TextPosition): TextPosition {
    const range = isNode(node) ? node.range : undefined;
    return range ? this.#positionAt(range[0]) : otherwise;
  }

  #refuse(path: Path, position: TextPosition, expected: string, got: string): undefined {
    this.findings.push({ path, position, expected, got });
  }
}
