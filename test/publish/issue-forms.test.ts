import { existsSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { PROJECT, projectFile } from '../../scripts/generated-file.ts';
import { REPOSITORY_URL } from '../../scripts/project.ts';
import { filesUnder } from '../support/markdown.ts';

const text = { type: 'string', minLength: 1 };
const object = (required: readonly string[], properties: object) => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
});
const LABELLED = { label: text, description: text };
const VALIDATIONS = object([], { required: { type: 'boolean' } });
const field = (type: string, required: readonly string[], attributes: object) =>
  object(['type', 'id', 'attributes'], {
    type: { const: type },
    id: { type: 'string', pattern: '^[\\w-]+$' },
    attributes: object(required, { ...LABELLED, ...attributes }),
    validations: VALIDATIONS,
  });

/** GitHub's syntax for issue forms, but with an id required, so that links can fill in a field. */
const FORM = object(['name', 'description', 'body'], {
  name: text,
  description: text,
  title: text,
  labels: { type: 'array', items: text },
  body: {
    type: 'array',
    minItems: 1,
    items: {
      type: 'object',
      discriminator: { propertyName: 'type' },
      required: ['type'],
      oneOf: [
        object(['type', 'attributes'], {
          type: { const: 'markdown' },
          attributes: object(['value'], { value: text }),
        }),
        field('textarea', ['label'], { placeholder: text, value: text, render: text }),
        field('input', ['label'], { placeholder: text, value: text }),
        field('dropdown', ['label', 'options'], {
          multiple: { type: 'boolean' },
          default: { type: 'integer' },
          options: { type: 'array', minItems: 1, uniqueItems: true, items: text },
        }),
        field('checkboxes', ['label', 'options'], {
          options: {
            type: 'array',
            minItems: 1,
            items: object(['label'], { label: text, required: { type: 'boolean' } }),
          },
        }),
      ],
    },
  },
});
const CONFIG = object(['blank_issues_enabled'], {
  blank_issues_enabled: { type: 'boolean' },
  contact_links: {
    type: 'array',
    items: object(['name', 'url', 'about'], {
      name: text,
      url: { type: 'string', pattern: '^https://' },
      about: text,
    }),
  },
});

interface Form {
  readonly name: string;
  readonly body: readonly {
    readonly type: string;
    readonly id?: string;
    readonly attributes: { readonly label?: string; readonly render?: string };
    readonly validations?: { readonly required?: boolean };
  }[];
}

const FILES = filesUnder('.github/ISSUE_TEMPLATE');
const FORMS = FILES.filter(({ path }) => !path.endsWith('/config.yml')).map(
  ({ path, text: source }) => [path, parse(source) as Form] as const,
);
const ajv = new Ajv({ discriminator: true, allErrors: true });

describe('the issue forms', () => {
  const isForm = ajv.compile(FORM);

  it.each(FORMS)('%s follows the syntax of GitHub', (_, form) => {
    isForm(form);
    expect(isForm.errors).toBeNull();
  });

  it.each(FORMS)('%s has each identifier and each label once', (_, { body }) => {
    const ids = body.flatMap(({ id }) => id ?? []);
    const labels = body.flatMap(({ attributes: { label } }) => label ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(labels).size).toBe(labels.length);
  });

  it('have different names', () => {
    expect(new Set(FORMS.map(([, { name }]) => name)).size).toBe(FORMS.length);
    expect(FORMS).toHaveLength(3);
  });

  it.each([
    ['an unknown type', { type: 'text', id: 'a', attributes: { label: 'A' } }],
    ['a field without label', { type: 'input', id: 'a', attributes: {} }],
    ['validations of Markdown', { type: 'markdown', attributes: { value: 'a' }, validations: {} }],
    [
      'a choice twice',
      { type: 'dropdown', id: 'a', attributes: { label: 'A', options: ['x', 'x'] } },
    ],
    [
      'a choice that is no text',
      { type: 'dropdown', id: 'a', attributes: { label: 'A', options: [true] } },
    ],
  ])('would be refused with %s', (_, item) => {
    expect(isForm({ name: 'a', description: 'a', body: [item] })).toBe(false);
  });

  it.each(FILES.map(({ path, text: source }) => [path, source]))(
    '%s links to pages of this repository that exist',
    (_, source) => {
      const files = Array.from(
        source.matchAll(/github\.com\/[\w-]+\/[\w-]+\/blob\/main\/([\w./-]+)/g),
        ([, file = '']) => file,
      );
      expect(files.filter((file) => !existsSync(new URL(file, PROJECT)))).toEqual([]);
    },
  );

  it('ask with a bug, and for the live API, for the report of doctor as a file', () => {
    for (const path of ['1-bug.yml', '2-live-api.yml']) {
      const form = parse(projectFile(`.github/ISSUE_TEMPLATE/${path}`)) as Form;
      const report = form.body.find(({ id }) => id === 'report');
      expect(JSON.stringify(report)).toContain(
        'sag-app-exporter doctor --config.file=config.yml --report=report.json',
      );
      expect(report?.validations?.required).toBe(true);
      // A field that is rendered as a block takes no files.
      expect(report?.attributes.render).toBeUndefined();
    }
  });
});

it('the chooser of issues sends vulnerabilities to the private form', () => {
  const config = parse(projectFile('.github/ISSUE_TEMPLATE/config.yml')) as {
    readonly contact_links: readonly { readonly url: string }[];
  };
  const isConfig = ajv.compile(CONFIG);
  isConfig(config);
  expect(isConfig.errors).toBeNull();
  const urls = config.contact_links.map(({ url }) => url);
  const form = `${REPOSITORY_URL}/security/advisories/new`;
  expect(urls).toContain(form);
  expect(projectFile('SECURITY.md')).toContain(form);
});
