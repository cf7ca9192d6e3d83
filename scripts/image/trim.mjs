// Removes files from the image's node_modules that no program reads: those for compilers, debuggers and people.
// Licence texts stay, although THIRD-PARTY-LICENSES.md contains them too.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Endings of files that are removed. */
const NEEDLESS = /\.(?:[cm]?ts|map|md|markdown|flow|gyp|cc|cpp|h|o|yml|tsbuildinfo)$/i;

/** Files that are always kept. */
const KEPT = /^(?:licen[cs]e|copying|notice)/i;

/** Folders that are removed where they are directly in a package. */
const NEEDLESS_FOLDERS = new Set([
  '.github',
  'benchmark',
  'benchmarks',
  'docs',
  'example',
  'examples',
  'test',
  'tests',
]);

/** More paths of single packages: sources of compiled files, and files for other platforms. */
const NEEDLESS_PATHS = [
  '@types',
  'undici-types',
  'bcrypt/src',
  'node-addon-api',
  'yaml/browser',
  'zod/src',
];

const root = process.argv[2] ?? 'node_modules';

for (const modules of [...modulesFolders(root)]) {
  for (const path of NEEDLESS_PATHS) rmSync(join(modules, path), { recursive: true, force: true });
}
for (const modules of [...modulesFolders(root)]) {
  for (const folder of packagesIn(modules)) {
    for (const name of NEEDLESS_FOLDERS)
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}
for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
  const isNeedless = NEEDLESS.test(entry.name) && !KEPT.test(entry.name);
  if (entry.isFile() && isNeedless) rmSync(join(entry.parentPath, entry.name));
}
const prebuilds = join(root, 'bcrypt/prebuilds');
for (const platform of readdirSync(prebuilds)) {
  if (platform === `${process.platform}-${process.arch}`) continue;
  rmSync(join(prebuilds, platform), { recursive: true });
}

/** Trims the packages in a folder, and those nested in them. */
function* modulesFolders(folder) {
  if (!existsSync(folder)) return;
  yield folder;
  for (const inside of packagesIn(folder)) yield* modulesFolders(join(inside, 'node_modules'));
}

function packagesIn(folder) {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@')
        ? readdirSync(join(folder, name)).map((inner) => join(folder, name, inner))
        : [join(folder, name)],
    );
}
