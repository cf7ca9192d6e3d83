import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { blocksOf } from './page-blocks.ts';

const PROJECT = new URL('../../', import.meta.url);

/** The pages for people: those at the root of the project and all of docs/. */
export function pages(): readonly { readonly path: string; readonly text: string }[] {
  const docs = readdirSync(new URL('docs/', PROJECT), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/${path}`);
  const root = readdirSync(PROJECT).filter(
    (path) => path.endsWith('.md') && path !== 'THIRD-PARTY-LICENSES.md',
  );
  return [...root, ...docs]
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

/** The queries of a page: each fenced block of `promql` is one query. */
export function promqlBlocks(text: string): readonly string[] {
  return blocksOf({ path: '', text })
    .filter(({ language }) => language === 'promql')
    .map((block) => block.text.trim());
}
