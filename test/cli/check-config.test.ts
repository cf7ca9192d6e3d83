import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { KNOWN_REGIONS } from '../../src/smartag/known-regions.ts';
import { FakeHost } from '../support/fake-host.ts';
import { temporaryFile } from '../support/temporary-files.ts';

const GOOD = 'polling: { users_interval: 1m }\n';
const BAD = 'polling:\n  users_interval: soon\n  page_sise: 50\n';

async function check(...files: readonly string[]) {
  const host = new FakeHost({ SAG_PAGE: '20' });
  const code = await run(['check-config', ...files], host);
  return { code, out: host.out, err: host.err };
}

describe('check-config', () => {
  it('says on stdout that a file is valid and exits with 0', async () => {
    const file = await temporaryFile('good.yml', GOOD);
    expect(await check(file)).toEqual({ code: 0, out: `${file}: valid\n`, err: '' });
  });

  it('expands variables of the environment', async () => {
    const variable = '$' + '{SAG_PAGE}';
    const file = await temporaryFile('good.yml', `polling:\n  page_size: ${variable}\n`);
    expect((await check(file)).code).toBe(0);
  });

  it('prints every problem with its position on stderr and exits with 1', async () => {
    const file = await temporaryFile('bad.yml', BAD);
    const { code, out, err } = await check(file);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err.trim().split('\n')).toEqual([
      expect.stringMatching(/bad\.yml:2:\d+: polling\.users_interval: expected .*; got .*soon/),
      expect.stringMatching(/bad\.yml:3:\d+: polling\.page_sise: expected .*page_size/),
    ]);
  });

  it('checks the other files after a bad one', async () => {
    const bad = await temporaryFile('bad.yml', BAD);
    const good = await temporaryFile('good.yml', GOOD);
    const { code, out, err } = await check(bad, good, bad);
    expect({ code, out }).toEqual({ code: 1, out: `${good}: valid\n` });
    expect(err.trim().split('\n')).toHaveLength(4);
  });

  it('says that a file cannot be read', async () => {
    const file = `${await temporaryFile('good.yml', GOOD)}.gone`;
    const { code, err } = await check(file);
    expect(code).toBe(1);
    expect(err).toBe(`${file}:1:1: expected a readable file; got no such file\n`);
  });

  describe('of a region that is not known', () => {
    const regions = async (text: string, env: Record<string, string> = {}) => {
      const file = await temporaryFile('regions.yml', text);
      const host = new FakeHost(env);
      const code = await run(['check-config', file], host);
      expect({ code, out: host.out }).toEqual({ code: 0, out: `${file}: valid\n` });
      return host.err.replaceAll(file, 'regions.yml');
    };

    it('warns, names the nearest known region, and finds the file valid', async () => {
      const text = `accounts:
  - name: one
    regions: [cn-shanghai, cn-shanghia]
    instances: [{ id: sag-a, region: ap-southeast-11 }, { id: sag-b, region: sa-west-9 }]
`;
      expect(await regions(text)).toBe(
        'regions.yml:3:28: accounts[0].regions[1]: warning: expected a known region, perhaps cn-shanghai; got "cn-shanghia"\n' +
          'regions.yml:4:30: accounts[0].instances[0].region: warning: expected a known region, perhaps ap-southeast-1; got "ap-southeast-11"\n' +
          'regions.yml:4:70: accounts[0].instances[1].region: warning: expected a known region; got "sa-west-9"\n',
      );
    });

    it('does not show a region that comes from a variable', async () => {
      const env = { ALIBABA_CLOUD_REGION_ID: 'cn-shanghia' };
      expect(await regions('accounts: [{ name: one }]\n', env)).toBe(
        'regions.yml:1:12: accounts[0].regions[0]: warning: expected a known region, perhaps cn-shanghai; got <hidden>\n',
      );
      const text = 'accounts: [{ name: one, regions: ["$' + '{ALIBABA_CLOUD_REGION_ID}"] }]\n';
      expect(await regions(text, env)).toContain('perhaps cn-shanghai; got <hidden>');
    });

    it('does not warn about known regions', async () => {
      const all = KNOWN_REGIONS.join(', ');
      expect(await regions(`accounts: [{ name: one, regions: [${all}] }]\n`)).toBe('');
      expect(await regions('polling: { users_interval: 1m }\n')).toBe('');
    });
  });
});
