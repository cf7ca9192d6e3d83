import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { projectFile } from '../../scripts/generated-file.ts';
import { mixinFiles } from '../../scripts/mixin/mixin-files.ts';

const FILES = 'sag-app-mixin/files';

it.each(mixinFiles())('$path is what `npm run mixin` writes', ({ path, text }) => {
  expect(projectFile(path)).toBe(text);
});

it('the mixin imports every one of its files, and holds no other', () => {
  const paths = mixinFiles().map(({ path }) => path);
  const held = readdirSync(new URL(`../../${FILES}`, import.meta.url), {
    recursive: true,
    encoding: 'utf8',
  }).filter((path) => path.endsWith('.json'));
  expect(held.map((path) => `${FILES}/${path}`).sort()).toEqual([...paths].sort());
  const imported = projectFile('sag-app-mixin/mixin.libsonnet').matchAll(/import '(.*?)'/g);
  expect(Array.from(imported, ([, path]) => `sag-app-mixin/${path}`).sort()).toEqual(
    [...paths].sort(),
  );
});
