// Records that Chinese pages say the same as their English pages: `npm run looked-at -- docs/zh-CN/X.md …`.
// In all Chinese pages, it also lets links lead to Chinese pages that are new.
import { writeFileSync } from 'node:fs';
import {
  englishPathOf,
  type Pages,
  withChineseLinks,
  withFingerprint,
} from '../test/support/chinese-pages.ts';
import { pages } from '../test/support/markdown.ts';
import { PROJECT } from './generated-file.ts';
import { generatedPages } from './generators.ts';

// `npm run docs` writes generated pages in both languages, so they need not be compared.
const generated = generatedPages();
const lookedAt = process.argv.slice(2).filter((path) => !generated.has(path));
const before: Pages = new Map(pages().map(({ path, text }) => [path, text]));
for (const path of lookedAt) {
  const english = englishPathOf(path);
  if (english === undefined || !before.has(path) || !before.has(english)) {
    throw new Error(`${path} is not the path of a Chinese page with an English one`);
  }
}
for (const path of before.keys()) {
  if (englishPathOf(path) === undefined || generated.has(path)) continue;
  const linked = new Map(before).set(path, withChineseLinks(path, before));
  const text = lookedAt.includes(path) ? withFingerprint(path, linked) : linked.get(path);
  if (text !== undefined) writeFileSync(new URL(path, PROJECT), text);
}
