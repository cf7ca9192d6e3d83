import { parse as parseIni } from 'ini';
import picomatch from 'picomatch';
import { describe, expect, it } from 'vitest';
import {
  type GeneratedFile,
  projectFile,
  withoutGeneratedParts,
} from '../../scripts/generated-file.ts';
import { GENERATORS } from '../../scripts/generators.ts';

describe('.editorconfig', () => {
  const sections = projectFile('.editorconfig').split(/^(?=\[)/m);
  const settings = (title: string) =>
    parseIni(
      sections.find((section) => section.startsWith(`[${title}]\n`))?.replace(/^.*\n/, '') ?? '',
    );
  const all = settings('*');
  const code = settings('*.{ts,mjs,js,json}');
  const { formatter } = JSON.parse(projectFile('biome.json')) as {
    readonly formatter: Readonly<Record<string, string | number>>;
  };

  it('agrees with the formatter', () => {
    expect({
      indentStyle: all['indent_style'],
      indentWidth: Number(all['indent_size']),
    }).toEqual({
      indentStyle: formatter['indentStyle'],
      indentWidth: formatter['indentWidth'],
    });
    expect(Number(code['max_line_length'])).toBe(formatter['lineWidth']);
  });
});

describe('.gitattributes', () => {
  const patterns = Array.from(
    projectFile('.gitattributes').matchAll(/^(\S+) linguist-generated$/gm),
    ([, pattern = '']) => pattern,
  );
  const isGenerated = picomatch(patterns);
  /** Written by hand, with generated parts. */
  const PARTLY = /README|Chart\.yaml/;

  it('marks the files that are generated from their first line to their last', async () => {
    const {
      docs,
      dashboards,
      alerts,
      alertmanager,
      chart,
      mixin,
      'third-party': licenses,
    } = GENERATORS;
    const files: readonly GeneratedFile[] = [
      ...[docs, dashboards, alerts, alertmanager, chart, mixin].flatMap((generate) => [
        ...generate(),
      ]),
      ...(await licenses()),
    ];
    const whole = files.filter(
      ({ path, text }) => withoutGeneratedParts(text) === text && !PARTLY.test(path),
    );
    expect(whole.map(({ path }) => path).filter((path) => !isGenerated(path))).toEqual([]);
  });
});
