import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { alertmanagerFiles } from '../../scripts/alertmanager/index.ts';
import { PROJECT, projectFile } from '../../scripts/generated-file.ts';
import { GENERATED_FOLDERS } from '../../scripts/generators.ts';

const FILES = alertmanagerFiles();
const TEMPLATES = FILES.filter(({ path }) => path.endsWith('.tmpl'));

/** Functions of Go's own template language, which Alertmanager and both adapters have. */
const FUNCTIONS = 'and eq gt html le len lt ne not or printf slice urlquery'.split(' ');
const KEYWORDS = ['define', 'else', 'end', 'if', 'range', 'template', 'with'];

describe('the examples for Alertmanager', () => {
  it.each(FILES)('$path is what `npm run alertmanager` writes', ({ path, text }) => {
    expect(projectFile(path)).toBe(text);
  });

  it('have no other templates', () => {
    const [folder = ''] = GENERATED_FOLDERS.alertmanager ?? [];
    expect(
      readdirSync(new URL(folder, PROJECT))
        .map((name) => `${folder}/${name}`)
        .sort(),
    ).toEqual(TEMPLATES.map(({ path }) => path).sort());
  });

  it('name templates that exist', () => {
    const files = readdirSync(new URL('config/alertmanager', PROJECT)).filter((name) =>
      name.endsWith('.yml'),
    );
    const defined = namesIn(TEMPLATES[0]?.text ?? '', /define "([^"]+)"/g);
    const used = files.flatMap((name) =>
      namesIn(projectFile(`config/alertmanager/${name}`), /template "([^"]+)"/g),
    );
    expect(used.length).toBeGreaterThan(5);
    expect(used.filter((name) => !defined.includes(name))).toEqual([]);
    const paths = files.flatMap((name) =>
      namesIn(projectFile(`config/alertmanager/${name}`), /^ +- \S*?([\w.-]+\.tmpl)$/gm),
    );
    expect(new Set(paths)).toEqual(new Set(['sag-app.tmpl']));
  });

  it('has a robot of DingTalk for each receiver of Alertmanager', () => {
    const { targets } = parse(projectFile('config/alertmanager/dingtalk-adapter.yml')) as {
      readonly targets: Readonly<Record<string, object>>;
    };
    const { receivers } = parse(projectFile('config/alertmanager/dingtalk.yml')) as {
      readonly receivers: readonly { readonly name: string }[];
    };
    expect(Object.keys(targets)).toEqual(receivers.map(({ name }) => name));
  });
});

describe('the message templates', () => {
  it('have the same names in both languages', () => {
    const [english, chinese] = TEMPLATES.map(({ text }) => namesIn(text, /define "([^"]+)"/g));
    expect(english?.length).toBeGreaterThan(10);
    expect(chinese).toEqual(english);
  });

  it.each(TEMPLATES)('$path uses only functions that each program has', ({ text }) => {
    const actions = text.replaceAll(/\{\{-? \/\*.*?\*\/ -?\}\}/gs, '').match(/\{\{.*?\}\}/gs) ?? [];
    const words = actions.flatMap((action) =>
      namesIn(action.replaceAll(/"(?:[^"\\]|\\.)*"/g, ''), /(?<![\w.$])([a-z]\w*)/gi),
    );
    const known = [...FUNCTIONS, ...KEYWORDS, 'true', 'false'];
    expect([...new Set(words)].filter((word) => !known.includes(word))).toEqual([]);
  });

  it('in English has no Chinese words', () => {
    expect(TEMPLATES[0]?.text).not.toMatch(/\p{Script=Han}/u);
  });
});

/** The first groups of all matches. */
const namesIn = (text: string, pattern: RegExp): readonly string[] =>
  Array.from(text.matchAll(pattern), ([, name = '']) => name);
