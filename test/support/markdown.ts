import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = new URL('../../', import.meta.url);

/** The pages for people: the README, the change log and all of docs/. */
export function pages(): readonly { readonly path: string; readonly text: string }[] {
  const docs = readdirSync(new URL('docs/', PROJECT), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/${path}`);
  return ['README.md', 'CHANGELOG.md', ...docs]
    .toSorted()
    .map((path) => ({ path, text: readFileSync(new URL(path, PROJECT), 'utf8') }));
}

/** Every file under a folder of the project, by its path. */
export function filesUnder(
  folder: string,
): readonly { readonly path: string; readonly text: string }[] {
  const root = new URL(`${folder}/`, PROJECT);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((file) => ({
      path: `${folder}/${relative(fileURLToPath(root), file)}`,
      text: readFileSync(file, 'utf8'),
    }));
}

/** The queries of a page: its blocks of promql, an empty line between two queries of a block. */
export function promqlBlocks(text: string): readonly string[] {
  return [...text.matchAll(/^( *)```promql\n([\s\S]*?)^ *```$/gm)].flatMap(([, , block = '']) =>
    block
      .split(/\n\s*\n/)
      .map((query) => query.trim())
      .filter((query) => query !== ''),
  );
}
