import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { alertmanagerFiles } from '../../scripts/alertmanager/index.ts';
import { PROJECT, projectFile } from '../../scripts/generated-file.ts';
import { GENERATED_FOLDERS } from '../../scripts/generators.ts';

const FILES = alertmanagerFiles();
const TEMPLATES = FILES.filter(({ path }) => path.endsWith('.tmpl'));

/** Functions of Go's own template language. */
const FUNCTIONS = 'and eq gt html le len lt ne not or printf urlquery'.split(' ');
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
    const using = files.flatMap((name) => {
      const text = projectFile(`config/alertmanager/${name}`);
      const [file] = namesIn(text, /^ +- \S*?([\w.-]+\.tmpl)$/gm);
      const used = namesIn(text, /template "([^"]+)"/g);
      expect(file === undefined, name).toBe(used.length === 0);
      if (file === undefined) return [];
      const defined = definedIn(projectFile(`config/alertmanager/templates/${file}`));
      expect(used.filter((each) => !defined.includes(each))).toEqual([]);
      return [name];
    });
    expect(using.sort()).toEqual(['dingtalk-adapter.yml', 'email.yml', 'wecom.yml']);
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
  const byPath = new Map(TEMPLATES.map(({ path, text }) => [basename(path), text]));

  it.each(['sag-app', 'dingtalk'])('of %s have the same names in both languages', (name) => {
    const [english, chinese] = ['tmpl', 'zh-CN.tmpl'].map((extension) =>
      definedIn(byPath.get(`${name}.${extension}`) ?? ''),
    );
    expect(english?.length).toBeGreaterThan(10);
    expect(chinese).toEqual(english);
  });

  it.each(TEMPLATES)('$path uses only functions that its programs have', ({ path, text }) => {
    const actions = text.replaceAll(/\{\{-? \/\*.*?\*\/ -?\}\}/gs, '').match(/\{\{.*?\}\}/gs) ?? [];
    const words = actions.flatMap((action) =>
      namesIn(action.replaceAll(/"(?:[^"\\]|\\.)*"/g, ''), /(?<![\w.$])([a-z]\w*)/gi),
    );
    // Sprig, the library of DingTalk's adapter, has another function with the name `slice`.
    const substring = basename(path).startsWith('dingtalk') ? 'substr' : 'slice';
    const known = [...FUNCTIONS, substring, ...KEYWORDS, 'true', 'false'];
    expect([...new Set(words)].filter((word) => !known.includes(word))).toEqual([]);
  });

  it('in English have no Chinese words', () => {
    for (const name of ['sag-app.tmpl', 'dingtalk.tmpl']) {
      expect(byPath.get(name)).not.toMatch(/\p{Script=Han}/u);
    }
  });
});

/** The first groups of all matches. */
const namesIn = (text: string, pattern: RegExp): readonly string[] =>
  Array.from(text.matchAll(pattern), ([, name = '']) => name);
const definedIn = (text: string): readonly string[] => namesIn(text, /define "([^"]+)"/g);
