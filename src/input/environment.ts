/** Environment variables, as they are handed in. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A text with its variables put in, and what could not be. */
export interface Expansion {
  readonly text: string;
  /** Whether anything came from the environment. */
  readonly expanded: boolean;
  /** Names of variables that are not set. */
  readonly unset: readonly string[];
  /** Whether a `${` is not followed by a name and `}`. */
  readonly malformed: boolean;
}

const REFERENCE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$\{/g;

/**
 * Puts variables in for `${NAME}`; `$${` stands for a literal `${`. What is put in is not looked at
 * again. Line ends at the end of a variable are left out, as a shell does with the output of a command:
 * no setting ends with one, and a mounted secret often does.
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
