import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Bundle, NOT_BUNDLED } from './bundle.ts';
import { PROJECT } from './folders.ts';

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string | undefined;
  readonly folder: string;
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** The packages of the program: those with code or files in the bundle, and those installed beside it. By name. */
export function bundledPackages(bundle: Bundle): readonly BundledPackage[] {
  const folders = new Set(
    bundle
      .flatMap((file) =>
        file.type === 'chunk' ? usedModules(file.modules) : file.originalFileNames,
      )
      .filter((path) => path.includes('/node_modules/'))
      .map(folderOfPackage),
  );
  // The bundler adds a few functions of its own.
  folders.add(join(PROJECT, 'node_modules/rolldown'));
  for (const name of NOT_BUNDLED) addInstalled(join(PROJECT, 'node_modules', name), folders);
  // npm may install the same version in several places.
  const once = new Map([...folders].map(packageIn).map((each) => [keyOf(each), each]));
  return [...once.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** A module of which nothing is left in the bundle needs no licence. */
function usedModules(modules: Readonly<Record<string, { readonly renderedLength: number }>>) {
  return Object.entries(modules)
    .filter(([, { renderedLength }]) => renderedLength > 0)
    .map(([path]) => path);
}

/** The folder of the package, which holds its licence. Folders inside it may have a package.json too. */
function folderOfPackage(path: string): string {
  let folder = dirname(path);
  while (!/\/node_modules\/(?:@[^/]+\/)?[^/]+$/.test(folder)) folder = dirname(folder);
  return folder;
}

/** Adds a package and its dependencies, which npm installs. */
function addInstalled(folder: string, folders: Set<string>): void {
  folders.add(folder);
  for (const name of Object.keys(manifestIn(folder)?.dependencies ?? {})) {
    const nested = join(folder, 'node_modules', name);
    addInstalled(existsSync(nested) ? nested : join(PROJECT, 'node_modules', name), folders);
  }
}

function packageIn(folder: string): BundledPackage {
  const { name, version, license } = manifestIn(folder) ?? {};
  if (name === undefined || version === undefined) {
    throw new Error(`${folder}/package.json: expected a name and a version`);
  }
  return { name, version, license, folder };
}

function manifestIn(folder: string): Manifest | undefined {
  const file = join(folder, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Manifest) : undefined;
}

const keyOf = ({ name, version }: BundledPackage): string => `${name} ${version}`;
