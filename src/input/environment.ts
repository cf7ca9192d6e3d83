export type Environment = Readonly<Record<string, string | undefined>>;

export interface Expansion {
  readonly text: string;
  readonly expanded: boolean;
  readonly unset: readonly string[];
  /** Whether some `${` is not followed by a name and `}`. */
  readonly malformed: boolean;
}

const REFERENCE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$\{/g;

/**
 * Replaces each `${NAME}` by the value of the variable. `$${` stands for a literal `${`, and the values are
 * not expanded again. Line ends at the end of a value are removed, as a shell does with the output of a
 * command: a mounted secret often ends with one, and no setting does.
 */
export function expand(source: string, env: Environment): Expansion {
  const unset: string[] = [];
  let expanded = false;
  let malformed = false;
  const text = source.replace(REFERENCE, (reference, name: string | undefined) => {
    if (reference === '$${') return '${';
    if (name === undefined) {
      malformed = true;
      return reference;
    }
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (value === undefined) unset.push(name);
    else expanded = true;
    return value?.replace(/[\r\n]+$/, '') ?? reference;
  });
  return { text, expanded, unset, malformed };
}
