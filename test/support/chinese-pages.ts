import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { PROJECT, withoutGeneratedParts } from '../../scripts/generated-file.ts';
import { BLOCK_WORDS } from './block-words.ts';
import { blocksOf } from './page-blocks.ts';
import { headingsOf, isInside, LINK, linksOf } from './page-links.ts';

/** The texts of all pages, by path. */
export type Pages = ReadonlyMap<string, string>;

/** Last line of a Chinese page: the English text with which its translator has compared it. */
const FINGERPRINT = /^<!-- 英文原文: \S+ sha256 [0-9a-f]+ -->\n?(?![\s\S])/m;

/** The path of the English page that a Chinese page translates; undefined for any other page. */
export function englishPathOf(path: string): string | undefined {
  if (path === 'README.zh-CN.md') return 'README.md';
  return path.startsWith('docs/zh-CN/') ? path.replace('docs/zh-CN/', 'docs/') : undefined;
}

/** The path of the Chinese page or picture that belongs to an English one, if there is one. */
function chinesePathOf(path: string, pages: Pages): string | undefined {
  if (path.endsWith('.png')) {
    const picture = path.replace(/(?<!-zh-CN)\.png$/, '-zh-CN.png');
    return picture !== path && existsSync(new URL(picture, PROJECT)) ? picture : undefined;
  }
  return [...pages.keys()].find((candidate) => englishPathOf(candidate) === path);
}

/** The levels of the headings of a page. */
export function headingLevelsOf(text: string): readonly number[] {
  return headingsOf(text).map(({ level }) => level);
}

/** The blocks of an English page as its Chinese page must have them. */
export function chineseBlocksOf(englishText: string): readonly (readonly [string, string])[] {
  return blocksOf({ path: '', text: englishText }).map(({ language, text }) => [
    language,
    BLOCK_WORDS.reduce((before, [english, chinese]) => before.replaceAll(english, chinese), text),
  ]);
}

/** The addresses of a page, sorted because sentences have another order in Chinese. */
export function sortedLinksOf(path: string, pages: Pages): readonly string[] {
  const partner = englishPathOf(path) ?? chinesePathOf(path, pages);
  return linksOf(pages.get(path) ?? '')
    .filter((link) => !isInside(link) || posix.join(posix.dirname(path), link) !== partner)
    .toSorted();
}

/** The addresses that a Chinese page must have: those of its English page, in Chinese where that exists. */
export function expectedLinksOf(path: string, pages: Pages): readonly string[] {
  const english = englishPathOf(path) ?? path;
  return sortedLinksOf(english, pages)
    .map((link) => chineseLink(link, { from: english, to: path }, pages))
    .toSorted();
}

/**
 * The address in the page `to` that stands for an address in the page `from`. It leads to the Chinese page
 * or picture if there is one, and there to the heading in the same place.
 */
function chineseLink(
  link: string,
  { from, to }: { readonly from: string; readonly to: string },
  pages: Pages,
): string {
  if (!isInside(link)) return link;
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? from : posix.join(posix.dirname(from), file);
  const chinese = chinesePathOf(target, pages);
  const originals = headingsOf(pages.get(target) ?? '');
  const headings = headingsOf(pages.get(chinese ?? '') ?? '');
  // A page that lacks a heading has no heading in the same place.
  const isInStep = anchor === undefined || headings.length === originals.length;
  const path = isInStep ? (chinese ?? target) : target;
  const place = originals.findIndex((heading) => heading.anchor === anchor);
  const translated = path === chinese ? headings[place]?.anchor : undefined;
  const hash = anchor === undefined ? '' : `#${translated ?? anchor}`;
  return path === to && hash !== '' ? hash : `${posix.relative(posix.dirname(to), path)}${hash}`;
}

/** A Chinese page whose links lead to Chinese pages where such pages exist, except the link to its English page. */
export function withChineseLinks(path: string, pages: Pages): string {
  const own = englishPathOf(path);
  return (pages.get(path) ?? '').replace(LINK, (link) => {
    if (isInside(link) && posix.join(posix.dirname(path), link) === own) return link;
    return chineseLink(link, { from: path, to: path }, pages);
  });
}

/** The last line of a Chinese page, which changes with every part of the English page that is written by hand. */
export function fingerprintOf(path: string, pages: Pages): string {
  const english = englishPathOf(path) ?? path;
  const text = withoutGeneratedParts(pages.get(english) ?? '');
  const hash = createHash('sha256').update(text).digest('hex');
  return `<!-- 英文原文: ${english} sha256 ${hash} -->\n`;
}

/** A Chinese page with the newest fingerprint as its last line. */
export function withFingerprint(path: string, pages: Pages): string {
  const text = (pages.get(path) ?? '').replace(FINGERPRINT, '').trimEnd();
  return `${text}\n\n${fingerprintOf(path, pages)}`;
}

/** Whether running the blocks of a Chinese page would repeat those of its English page: only comments differ. */
export function repeatsBlocks(path: string, pages: Pages): boolean {
  const english = englishPathOf(path);
  if (english === undefined) return false;
  const [own, original] = [path, english].map((page) =>
    blocksOf({ path: '', text: pages.get(page) ?? '' })
      .map(({ language, text }) => `${language}\n${text}`)
      .join('')
      .replaceAll(/--comment='[^']*'/g, ''),
  );
  return own === original;
}
