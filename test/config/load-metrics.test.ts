// biome-ignore-all lint/suspicious/noTemplateCurlyInString: configurations refer to variables in this way.

import { describe, expect, it } from 'vitest';
import { loadMetricsSection } from '../../src/config/load-metrics.ts';
import { loadText } from './load-text.ts';

/** Loads the section of `text` as the file `config.yml`; of other files, only `key` exists. */
function load(text: string, env: Readonly<Record<string, string>> = {}) {
  const files: Readonly<Record<string, string>> = { 'config.yml': text, key: 'hush' };
  return loadMetricsSection({
    file: 'config.yml',
    env,
    readFile: async (path) => {
      const content = files[path];
      if (content === undefined) throw Object.assign(new Error(), { code: 'ENOENT' });
      return content;
    },
  });
}

describe('the section of the metrics alone', () => {
  it.each([
    '',
    'metrics:',
    'metrics: { user_name: hash, hash_key_file: key, max_user_series: 3 }',
    'metrics: { user_name: omit, detail: instances }',
  ])('is read as by the exporter from %j', async (text) => {
    expect(await load(text)).toEqual((await loadText(text)).metrics);
  });

  it('needs no credentials, and ignores what is wrong with other sections', async () => {
    const text = `
accounts:
  - credentials: { access_key_id: '\${UNSET}', access_key_secret_file: /missing }
polling: { page_size: 0, more: 1 }
history: 3
metrics: { user_name: '\${NAMES}', hash_key_file: key }
`;
    expect(await load(text, { NAMES: 'hash' })).toMatchObject({
      userName: 'hash',
      hashKeyFile: 'key',
    });
  });

  it.each([
    ['metrics: [', 'config.yml:1:'],
    ['- metrics', 'config.yml:1:1: expected a mapping of keys'],
    ['metric: { user_name: hash }', 'metric: expected a known key, perhaps metrics'],
    ['metrics: { user_name: hash }', 'metrics.hash_key_file: expected a key file'],
    ['metrics: { user_name: hash, hash_key_file: none }', 'got no such file'],
    ['metrics: { user_name: "${UNSET}" }', 'variable UNSET to be set'],
    ['metrics: { user_name: hashed }', 'metrics.user_name: expected plain, hash or omit'],
  ])('is refused in %j', async (text, problem) => {
    await expect(load(text)).rejects.toThrow(problem);
  });
});
