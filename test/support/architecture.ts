import { posix } from 'node:path';
import {
  isCallExpression,
  isIdentifier,
  isNewExpression,
  isPropertyAccessExpression,
  isShorthandPropertyAssignment,
  isStringLiteral,
  type Node,
  type SourceFile,
} from 'typescript/unstable/ast';
import { withDescendants } from '../../scripts/parse-typescript.ts';

/** Parsed source files by their path in the project, such as `src/metrics/metric.ts`. */
export type Sources = ReadonlyMap<string, SourceFile>;

/** An import of a file of the project, by its path, or of a package, by its name. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

/** A closed module: who may import its inside; everything else enters by its index.ts. */
export type ClosedModules = Readonly<Record<string, readonly string[]>>;

/** Everything that is imported: statically, on demand, for its types, for its effect or to export it. */
export function importsOf(sources: Sources): readonly Import[] {
  return [...sources].flatMap(([from, file]) =>
    file.imports.filter(isStringLiteral).map(({ text: target }) => {
      const to = target.startsWith('.') ? posix.join(posix.dirname(from), target) : target;
      return { from, to };
    }),
  );
}

/**
 * The names that the code of a file uses: variables (`process`), properties of them (`Date.now`), and
 * the current time (`new Date()`, `Date()`). A name of a property or a declaration is not a use.
 */
export function namesUsed(file: SourceFile): ReadonlySet<string> {
  const used = new Set<string>();
  for (const node of withDescendants(file)) {
    if (isPropertyAccessExpression(node)) {
      if (isIdentifier(node.expression)) used.add(`${node.expression.text}.${node.name.text}`);
    } else if (isNewExpression(node) || isCallExpression(node)) {
      const isDate = isIdentifier(node.expression) && node.expression.text === 'Date';
      if (isDate && !node.arguments?.length)
        used.add(isNewExpression(node) ? 'new Date()' : 'Date()');
    } else if (isIdentifier(node) && !isName(node)) {
      used.add(node.text);
    }
  }
  return used;
}

/** Whether an identifier names a property or a declaration. `{ process }` uses the variable. */
function isName(node: Node): boolean {
  const { parent } = node;
  return 'name' in parent && parent.name === node && !isShorthandPropertyAssignment(parent);
}

/** The folder below src that a file is in, or the file's own name where it is directly in src. */
export function folderOf(path: string): string {
  const [first = ''] = posix.relative('src', path).split('/');
  return first.replace(/\.ts$/, '');
}

const isIn = (path: string, places: readonly string[]): boolean =>
  places.some((place) => path === place || path.startsWith(`${place}/`));

const written = ({ from, to }: Import): string => `${from} imports ${to}`;

/** Imports between folders of src that no arrow allows. A folder may always import itself. */
export function forbiddenImports(
  imports: readonly Import[],
  arrows: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  return imports
    .filter(({ from, to }) => isIn(from, ['src']) && isIn(to, ['src']))
    .filter(({ from, to }) => {
      const [here, there] = [folderOf(from), folderOf(to)];
      return here !== there && !arrows[here]?.includes(there);
    })
    .map(written);
}

/** Imports from one root of the project into another that the first may not import. */
export function importsAcrossRoots(
  imports: readonly Import[],
  roots: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  const isOwn = ({ to }: Import): boolean => Object.keys(roots).includes(to.split('/', 1).join(''));
  return imports
    .filter((each) => isOwn(each))
    .filter(({ from, to }) => {
      const root = from.split('/', 1).join('');
      return !isIn(to, [root, ...(roots[root] ?? [])]);
    })
    .map(written);
}

/** Imports of a closed module's inside from a file that may use only its index.ts. */
export function importsPastDoors(
  imports: readonly Import[],
  closedModules: ClosedModules,
): readonly string[] {
  return Object.entries(closedModules).flatMap(([folder, insiders]) =>
    imports
      .filter(
        ({ from, to }) =>
          isIn(to, [folder]) && to !== `${folder}/index.ts` && !isIn(from, [folder, ...insiders]),
      )
      .map(written),
  );
}

/**
 * The cycles of imports in src, each with its way, once for every place in it.
 *
 * @param placeOf the place that counts: the folder of a file, or the file itself
 */
export function cycles(
  imports: readonly Import[],
  placeOf: (path: string) => string,
): readonly string[] {
  const importedBy = new Map<string, Set<string>>();
  for (const { from, to } of imports) {
    if (!isIn(from, ['src']) || !isIn(to, ['src'])) continue;
    const [here, there] = [placeOf(from), placeOf(to)];
    if (here !== there) importedBy.set(here, (importedBy.get(here) ?? new Set()).add(there));
  }
  // A breadth-first search finds the shortest way from each place back to itself.
  const wayBack = (start: string): readonly string[] | undefined => {
    const reached = new Set<string>();
    const ways: (readonly string[])[] = [[start]];
    for (const way of ways) {
      for (const next of importedBy.get(way.at(-1) ?? start) ?? []) {
        if (next === start) return [...way, start];
        if (reached.has(next)) continue;
        reached.add(next);
        ways.push([...way, next]);
      }
    }
    return undefined;
  };
  return [...importedBy.keys()].flatMap((place) => wayBack(place)?.join(' -> ') ?? []);
}
