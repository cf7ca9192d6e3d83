import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesUnder, pages } from '../support/markdown.ts';

const PROJECT = new URL('../../', import.meta.url);
const PAGES = [...pages(), ...filesUnder('config').filter(({ path }) => path.endsWith('.md'))].map(
  ({ path, text }) => ({ path, text: withoutBlocks(text) }),
);
const ANCHORS = new Map(PAGES.map(({ path, text }) => [path, anchorsOf(text)]));

function withoutBlocks(text: string): string {
  return text.replace(/^( *)```[\s\S]*?^\1```$/gm, '');
}

/** The anchors that GitHub gives to the headings of a page. A repeated heading gets a number. */
function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of text.matchAll(/^#{1,6} (.*)$/gm)) {
    const anchor = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    let candidate = anchor;
    for (let n = 1; anchors.has(candidate); n++) candidate = `${anchor}-${n}`;
    anchors.add(candidate);
  }
  return anchors;
}

/** The links of a page to files of the project and to headings. */
function linksOf(text: string): readonly string[] {
  return Array.from(text.matchAll(/\]\(([^)\s]+)\)/g), ([, link = '']) => link).filter(
    (link) => !/^[a-z]+:/.test(link),
  );
}

describe('the links', () => {
  it('of the pages are found', () => {
    expect(PAGES.flatMap(({ text }) => linksOf(text)).length).toBeGreaterThan(200);
  });

  it.each(PAGES.map(({ path, text }) => [path, text] as const))(
    'of %s lead to files and headings that exist',
    (path, text) => {
      const broken = linksOf(text).filter((link) => {
        const [file = '', anchor] = link.split('#');
        const target = file === '' ? path : posix.join(posix.dirname(path), file);
        if (!existsSync(new URL(target, PROJECT))) return true;
        return anchor !== undefined && !ANCHORS.get(target)?.has(anchor);
      });
      expect(broken).toEqual([]);
    },
  );
});

it('docs/README.md lists every page of docs', () => {
  const index = PAGES.find(({ path }) => path === 'docs/README.md');
  const linked = new Set(linksOf(index?.text ?? '').map((link) => link.replace(/#.*/, '')));
  const listed = PAGES.map(({ path }) => path)
    .filter((path) => /^docs\/(?:[\w-]+|runbooks\/README)\.md$/.test(path))
    .filter((path) => path !== 'docs/README.md');
  expect(listed.filter((path) => !linked.has(path.replace('docs/', '')))).toEqual([]);
});
