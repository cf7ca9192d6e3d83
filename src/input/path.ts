/** The keys of mappings and indexes of lists that lead from the top of a document to a value. */
export type Path = readonly (string | number)[];

/** A mapping of a file, not yet validated. */
export type Mapping = Readonly<Record<string, unknown>>;

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Writes a path as `accounts[0].regions`. The path of the top is the empty text. */
export function formatPath(path: Path): string {
  return path.map(formatStep).join('').replace(/^\./, '');
}

function formatStep(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`;
  return /^[\w-]{1,60}$/.test(step) ? `.${step}` : `[${JSON.stringify(step.slice(0, 60))}]`;
}

export interface Found {
  readonly path: Path;
  readonly value: unknown;
}

/**
 * Finds the values that match `pattern`, such as `accounts[*].credentials.role_arn`. `[*]` matches every item
 * of a list, and the empty pattern matches the top. Undefined values are not found.
 */
export function find(tree: unknown, pattern: string): readonly Found[] {
  const steps = pattern.replaceAll('[*]', '.*').split('.').filter(Boolean);
  return steps.reduce<readonly Found[]>(
    (found, step) => found.flatMap((parent) => children(parent, step)),
    [{ path: [], value: tree }],
  );
}

function children({ path, value }: Found, step: string): readonly Found[] {
  if (step === '*') {
    return Array.isArray(value)
      ? value.map((item, index) => ({ path: [...path, index], value: item }))
      : [];
  }
  const child = isMapping(value) ? value[step] : undefined;
  return child === undefined ? [] : [{ path: [...path, step], value: child }];
}

export function valueAt(tree: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return value[Number(step)];
    return isMapping(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }, tree);
}
