/** Where a value stands in the configuration: keys of mappings and indexes of lists, from the top. */
export type Path = readonly (string | number)[];

/** A mapping of the configuration file, not yet checked. */
export type Mapping = Readonly<Record<string, unknown>>;

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A path as people write it, such as `accounts[0].regions`; the top is the empty text. */
export function formatPath(path: Path): string {
  return path.map(formatStep).join('').replace(/^\./, '');
}

function formatStep(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`;
  return /^[\w-]{1,60}$/.test(step) ? `.${step}` : `[${JSON.stringify(step.slice(0, 60))}]`;
}

/** A value and where it stands. */
export interface Found {
  readonly path: Path;
  readonly value: unknown;
}

/**
 * Everything that stands at `pattern`, such as `accounts[*].credentials.role_arn`, where `[*]` is
 * every item of a list and the empty pattern is the top. What is absent is not found.
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

/** What stands at `path`, or undefined. */
export function valueAt(tree: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return value[Number(step)];
    return isMapping(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }, tree);
}
