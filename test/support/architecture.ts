import { posix } from 'node:path';

/** Source files by their path below the project, such as `src/metrics/metric.ts`. */
export type Sources = ReadonlyMap<string, string>;

/** An import from one source file of another. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

/*
 * Comments and texts, left to right, so that one inside the other is not mistaken. What a template
 * computes is kept: it is code.
 */
const COMMENT_OR_TEXT =
  /\/\/[^\n]*|\/\*.*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/gs;

const COMPUTED = /\$\{((?:[^{}]|\{[^{}]*\})*)\}/g;

/** Source text without its comments and texts. */
export function codeOf(source: string): string {
  return source.replace(COMMENT_OR_TEXT, (found) => {
    if (!found.startsWith('`')) return ' ';
    return Array.from(found.matchAll(COMPUTED), ([, code = '']) => codeOf(code)).join(' ');
  });
}

const IMPORT = /\b(?:import|export)\b(?:[^'";]*?\bfrom)?\s*\(?\s*(['"])(.*?)\1/g;

/** What a file imports, as it is written there: statically, for its effect, on demand or passed on. */
export function importsOf(source: string): readonly string[] {
  const withoutComments = source.replace(COMMENT_OR_TEXT, (found) =>
    found.startsWith('/') ? ' ' : found,
  );
  return Array.from(withoutComments.matchAll(IMPORT), ([, , target = '']) => target);
}

/** The folder below src that a file is in, or its own name where it is in none. */
export function folderOf(path: string): string {
  const [first = ''] = posix.relative('src', path).split('/');
  return first.replace(/\.ts$/, '');
}

/** Every import of the project's own files. */
function ownImports(sources: Sources): readonly Import[] {
  return [...sources].flatMap(([from, source]) =>
    importsOf(source)
      .filter((target) => target.startsWith('.'))
      .map((target) => ({ from, to: posix.join(posix.dirname(from), target) })),
  );
}

/** Imports that no arrow allows; one's own folder is always allowed. */
export function forbiddenImports(
  sources: Sources,
  arrows: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  return ownImports(sources)
    .filter(({ from, to }) => {
      const [here, there] = [folderOf(from), folderOf(to)];
      if (!to.startsWith('src/')) return true;
      return here !== there && !arrows[here]?.includes(there);
    })
    .map(({ from, to }) => `${from} imports ${to}`);
}

/**
 * Imports that go past the door of a closed module: from outside of its folder, only its index.ts may be
 * imported.
 */
export function importsPastDoors(
  sources: Sources,
  closedModules: readonly string[],
): readonly string[] {
  return closedModules.flatMap((folder) =>
    ownImports(sources)
      .filter(
        ({ from, to }) =>
          to.startsWith(`${folder}/`) &&
          to !== `${folder}/index.ts` &&
          !from.startsWith(`${folder}/`),
      )
      .map(({ from, to }) => `${from} imports ${to}`),
  );
}

/** Folders from which imports lead back to them, each with its way. */
export function folderCycles(sources: Sources): readonly string[] {
  const next = new Map<string, Set<string>>();
  for (const { from, to } of ownImports(sources)) {
    const [here, there] = [folderOf(from), folderOf(to)];
    if (here !== there) next.set(here, (next.get(here) ?? new Set()).add(there));
  }
  const wayBack = (start: string, way: readonly string[]): readonly string[] | undefined => {
    for (const folder of next.get(way.at(-1) ?? start) ?? []) {
      if (folder === start) return [...way, folder];
      if (way.includes(folder)) continue;
      const found = wayBack(start, [...way, folder]);
      if (found) return found;
    }
    return undefined;
  };
  return [...next.keys()].flatMap((folder) => wayBack(folder, [folder])?.join(' -> ') ?? []);
}
