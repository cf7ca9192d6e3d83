import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { run } from '../../src/cli/run.ts';
import { BLOCKS_NOT_RUN } from '../support/blocks-not-run.ts';
import { FakeHost } from '../support/fake-host.ts';
import { filesUnder, pages } from '../support/markdown.ts';
import { blocksOf, type PageBlock } from '../support/page-blocks.ts';
import { readPromql } from '../support/promql.ts';

const CHART_PAGES = filesUnder('config/kubernetes/sag-app-exporter').filter(({ path }) =>
  path.endsWith('.md'),
);
const BLOCKS = [...pages(), ...CHART_PAGES].flatMap(blocksOf);
/** simulator-example.test.ts runs `ts`. Samples of output have no language. */
const LANGUAGES = ['sh', 'promql', 'yaml', 'json', 'ts', ''];

const named = (language: string): readonly (readonly [string, PageBlock])[] =>
  BLOCKS.filter((block) => block.language === language).map((block) => [
    `${block.path}:${block.line}`,
    block,
  ]);

it('the pages have only blocks of known languages', () => {
  expect(BLOCKS.length).toBeGreaterThan(100);
  expect(BLOCKS.filter(({ language }) => !LANGUAGES.includes(language))).toEqual([]);
});

describe('a shell block', () => {
  it.each(named('sh'))('%s can be parsed by bash', (_, { text }) => {
    const { status, stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' });
    expect(status, stderr).toBe(0);
  });

  it.each(named('sh'))('%s names only existing flags and files', async (_, { text }) => {
    const lines = text.replaceAll('\\\n', ' ').split('\n');
    for (const line of lines) {
      const [, words] =
        /(?:node dist\/main\.js|\bsag-app-exporter(?= [a-z-]))(.*)/.exec(line) ?? [];
      if (
        words !== undefined &&
        !/^\s*(?:docker|helm|kubectl|npm trust|systemctl|install)\b/.test(line)
      ) {
        const known = await flagsOf(/^ +([a-z][a-z-]*)/.exec(words)?.[1] ?? 'serve');
        const given = words.match(/(?<=\s)--[\w.-]+/g) ?? [];
        expect(
          given.filter((flag) => !known.has(flag)),
          line,
        ).toEqual([]);
      }
    }
    const files = text.match(/(?<![\w/$.])config\/[\w./-]+\.\w+/g) ?? [];
    expect(files.filter((file) => !existsSync(new URL(`../../${file}`, import.meta.url)))).toEqual(
      [],
    );
  });

  it.each(BLOCKS_NOT_RUN.map((row) => [`${row.path}: ${row.begins}`, row] as const))(
    'that is not run is there, once: %s',
    (_, { path, begins }) => {
      const found = BLOCKS.filter((block) => block.path === path && block.text.startsWith(begins));
      expect(found.map(({ language }) => language)).toEqual(['sh']);
    },
  );
});

async function flagsOf(command: string): Promise<ReadonlySet<string>> {
  const host = new FakeHost();
  expect(await run([command, '--help'], host), `${command} --help`).toBe(0);
  return new Set(host.out.match(/(?<=^ {2})--[\w.-]+/gm));
}

it.each(named('promql'))('%s is one query', (_, { text }) => {
  expect(readPromql(text).errors).toEqual([]);
});

it.each(named('json'))('%s is JSON', (_, { text }) => {
  expect(() => JSON.parse(text)).not.toThrow();
});

it.each(named('yaml'))('%s is YAML', (_, { text }) => {
  expect(parseDocument(text).errors).toEqual([]);
});
