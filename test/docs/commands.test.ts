import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { FakeHost } from '../support/fake-host.ts';

const PAGE = readFileSync(new URL('../../docs/commands.md', import.meta.url), 'utf8');

/** The text of each section by its title, and the text before the first section. */
const [intro = '', ...rest] = PAGE.split(/^## /m);
const SECTIONS = new Map(
  rest.map((section) => [section.slice(0, section.indexOf('\n')), section] as const),
);

async function help(...command: readonly string[]): Promise<string> {
  const host = new FakeHost();
  expect(await run([...command, '--help'], host)).toBe(0);
  return host.out;
}

const commandsOf = (text: string): readonly string[] =>
  Array.from(text.matchAll(/^ {2}([a-z][\w-]*)(?=[ |])/gm), ([, name = '']) => name);

const flagsOf = (text: string): readonly string[] =>
  Array.from(text.matchAll(/^ {2}(?:-\w, )?(--[\w.-]+)/gm), ([, flag = '']) => flag);

describe('docs/commands.md', () => {
  it('has a section for each command, and no other', async () => {
    expect([...SECTIONS.keys()].sort()).toEqual([...commandsOf(await help())].sort());
  });

  it.each([...SECTIONS])('names every flag of %s', async (command, section) => {
    const flags = flagsOf(await help(command));
    expect(flags.length).toBeGreaterThan(0);
    expect(flags.filter((flag) => !`${intro}${section}`.includes(flag))).toEqual([]);
  });

  it.each([...SECTIONS])('names no flag that %s does not have', async (command, section) => {
    const known = new Set(flagsOf(await help(command)));
    const named = section.match(/(?<![\w-])--[a-z][\w.-]*\w/g) ?? [];
    expect(named.filter((flag) => !known.has(flag))).toEqual([]);
  });
});
