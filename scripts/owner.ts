import { readdirSync } from 'node:fs';
import { filesUnder } from '../test/support/markdown.ts';
import { type GeneratedFile, PROJECT, projectFile } from './generated-file.ts';
import { NAME, OWNER, REGISTRY } from './project.ts';

/** Where a name ends. */
const END = '(?![\\w-])';

/** Where a text repeats the name of the owner as GitHub writes it. */
const ON_GITHUB = new RegExp(
  [
    `(?<=github\\.com/)[\\w.-]+(?=/${NAME}${END})`,
    `(?<=--repo )[\\w.-]+(?=/${NAME}${END})`,
    '(?<=@)[\\w.-]+(?=/maintainers)',
  ].join('|'),
  'g',
);

/** Where a text repeats it in an address of the registry, which has no upper-case letters. */
const IN_REGISTRY = new RegExp(`(?<=${REGISTRY}/)[\\w.-]+(?=/(?:${NAME}|charts)${END})`, 'g');

/** Puts the name of an owner wherever a text repeats it. */
export function withOwner(text: string, owner: string): string {
  return text.replaceAll(ON_GITHUB, owner).replaceAll(IN_REGISTRY, owner.toLowerCase());
}

/** The files that repeat the name of the owner, with the name that package.json has. */
export function filesWithOwner(): readonly GeneratedFile[] {
  const root = readdirSync(PROJECT, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== '.git')
    .map(({ name }) => ({ path: name, text: projectFile(name) }));
  return [...root, ...['.github', 'config', 'docs', 'sag-app-mixin'].flatMap(filesUnder)]
    .filter(({ text }) => withOwner(text, '') !== text)
    .map(({ path, text }) => ({ path, text: withOwner(text, OWNER) }));
}
