import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesUnder, pages } from '../support/markdown.ts';
import { headingsOf, isInside, linksOf } from '../support/page-links.ts';

const PROJECT = new URL('../../', import.meta.url);
const PAGES = [...pages(), ...filesUnder('config').filter(({ path }) => path.endsWith('.md'))];
const ANCHORS = new Map(
  PAGES.map(({ path, text }) => [path, new Set(headingsOf(text).map(({ anchor }) => anchor))]),
);

/** The links of a page to files of the project and to headings. */
function linksInside(text: string): readonly string[] {
  return linksOf(text).filter(isInside);
}

describe('the links', () => {
  it('of the pages are found', () => {
    expect(PAGES.flatMap(({ text }) => linksInside(text)).length).toBeGreaterThan(200);
  });

  it.each(PAGES.map(({ path, text }) => [path, text] as const))(
    'of %s lead to files and headings that exist',
    (path, text) => {
      const broken = linksInside(text).filter((link) => {
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
  const linked = new Set(linksInside(index?.text ?? '').map((link) => link.replace(/#.*/, '')));
  const listed = PAGES.map(({ path }) => path)
    .filter((path) => /^docs\/(?:[\w-]+|runbooks\/README)\.md$/.test(path))
    .filter((path) => path !== 'docs/README.md');
  expect(listed.filter((path) => !linked.has(path.replace('docs/', '')))).toEqual([]);
});
