import { z } from 'zod';
import { describeType, describeValue } from './describe-value.ts';
import { nearest } from './nearest.ts';
import { formatPath, isMapping, type Path, valueAt } from './path.ts';
import { readPlainScalar } from './plain-scalar.ts';
import type { Finding } from './problem.ts';
import { applyRules, type Rule } from './rule.ts';

/** The format of a file: the schema of its single keys, and rules between keys. */
export interface Format<Schema extends z.ZodType> {
  readonly schema: Schema;
  readonly rules: readonly Rule[];
}

export interface Validation<Output> {
  /** The value, with the values of variables converted to the types that their keys need. */
  readonly tree: unknown;
  /** The value with its defaults; undefined when a single key is wrong. */
  readonly output: Output | undefined;
  readonly findings: readonly Finding[];
}

/** How the values were written; a ConfigDocument knows it. */
export interface Written {
  /** Whether a value contains the value of an environment variable, and so must not be shown. */
  isExpanded(path: Path): boolean;
  /** Whether a value is unknown, so that its problems are not reported. */
  isUnresolved(path: Path): boolean;
}

/** For values that do not come from a file, and so contain no values of variables. */
export const AS_IT_STANDS: Written = { isExpanded: () => false, isUnresolved: () => false };

/**
 * Checks a value against the schema and the rules between keys.
 *
 * The value of an environment variable is validated as a text first. Where the schema refuses the text, it is
 * read as a number or a boolean. So a name or a secret from a variable may consist of digits.
 */
export function validate<Schema extends z.ZodType>(
  { schema, rules }: Format<Schema>,
  value: unknown,
  written: Written,
): Validation<z.output<Schema>> {
  const asText = schema.safeParse(value);
  const wrong = asText.error?.issues.map(({ path }) => toPath(path)) ?? [];
  const expanded = wrong.filter((path) => written.isExpanded(path)).map(formatPath);
  const tree = expanded.length === 0 ? value : retype(value, new Set(expanded));
  const parsed = expanded.length === 0 ? asText : schema.safeParse(tree);
  const issues = parsed.error?.issues ?? [];
  const aboutValues = [
    ...onePerPath(issues.filter(isAboutValue).map((issue) => wrongValue(issue, tree, written))),
    ...applyRules(rules, tree),
  ];
  return {
    tree,
    output: parsed.data,
    findings: [
      ...issues.flatMap((issue) => unknownKeys(issue, schema)),
      ...aboutValues.filter(({ path }) => !written.isUnresolved(path)),
    ],
  };
}

/** Copies `value` with the texts at these paths read as plain scalars. */
function retype(value: unknown, paths: ReadonlySet<string>, path: Path = []): unknown {
  if (typeof value === 'string')
    return paths.has(formatPath(path)) ? readPlainScalar(value) : value;
  if (Array.isArray(value)) return value.map((item, i) => retype(item, paths, [...path, i]));
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, retype(item, paths, [...path, key])]),
  );
}

const isAboutValue = ({ code }: z.core.$ZodIssue): boolean => code !== 'unrecognized_keys';

/** Keeps one finding for each path: all checks of a value give the same `expected`. */
function onePerPath(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((finding) => [formatPath(finding.path), finding])).values()];
}

function wrongValue(issue: z.core.$ZodIssue, tree: unknown, written: Written): Finding {
  const path = toPath(issue.path);
  const value = valueAt(tree, path);
  const section =
    issue.code === 'invalid_type' && (issue.expected === 'object' || issue.expected === 'record');
  const got = section
    ? describeType(value, path)
    : describeValue(value, path, written.isExpanded(path));
  return { path, expected: issue.message, got };
}

function unknownKeys(issue: z.core.$ZodIssue, schema: z.ZodType): readonly Finding[] {
  if (issue.code !== 'unrecognized_keys') return [];
  const section = toPath(issue.path);
  const known = keysOfSection(section, schema);
  return issue.keys.map((key) => {
    const near = nearest(key, known);
    const expected = near ? `a known key, perhaps ${near}` : `one of the keys ${known.join(', ')}`;
    return { path: [...section, key], expected, got: 'an unknown key' };
  });
}

function keysOfSection(path: Path, schema: z.ZodType): readonly string[] {
  let part: unknown = z.toJSONSchema(schema, { io: 'input' });
  for (const step of path) {
    part = valueAt(part, typeof step === 'number' ? ['items'] : ['properties', step]);
  }
  return Object.keys(valueAt(part, ['properties']) ?? {});
}

/** Converts the type only: a value from a file has no symbols as keys. */
const toPath = (path: readonly PropertyKey[]): Path =>
  path.map((step) => (typeof step === 'symbol' ? String(step) : step));
