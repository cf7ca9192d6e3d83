import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accountFileName,
  instanceFileName,
  kindOfStateFile,
} from '../../../src/storage/state/file-names.ts';
import { anyText } from '../../support/any-text.ts';

const anyId = fc.record({ account: anyText, regionId: anyText, instanceId: anyText });

describe('the name of a state file', () => {
  it('tells people what the file is about', () => {
    const id = { account: 'Prod', regionId: 'cn-shanghai', instanceId: 'sag-kzo5dvms3dqii3' };
    expect(instanceFileName(id)).toMatch(
      /^instance-prod_cn-shanghai_sag-kzo5dvms3dqii3-[\da-f]{16}\.json\.gz$/,
    );
    expect(accountFileName('Prod')).toMatch(/^account-prod-[\da-f]{16}\.json\.gz$/);
  });

  it('fits every file system and shows its kind, for any id', () => {
    fc.assert(
      fc.property(anyId, (id) => {
        const names = [instanceFileName(id), accountFileName(id.account)];
        expect(names.map(kindOfStateFile)).toEqual(['instance', 'account']);
        for (const name of names) expect(name).toMatch(/^[a-z\d._-]{1,100}$/);
      }),
    );
    const long = 'x'.repeat(10_000);
    const name = instanceFileName({ account: long, regionId: long, instanceId: long });
    expect(name.length).toBeLessThan(100);
    expect(kindOfStateFile(name)).toBe('instance');
  });

  it('differs for ids that look alike', () => {
    const ids = [
      ['a', 'b', 'c'],
      ['A', 'b', 'c'],
      ['a_b', '', 'c'],
      ['a', 'b_c', ''],
      ['a/', 'b', 'c'],
      ['a.', 'b', 'c'],
    ] as const;
    const names = ids.map(([account, regionId, instanceId]) =>
      instanceFileName({ account, regionId, instanceId }),
    );
    expect(new Set(names).size).toBe(names.length);
    expect(accountFileName('prod')).not.toBe(accountFileName('Prod'));
  });

  it('is not that of any other file', () => {
    const name = accountFileName('prod');
    const others = [`${name}.unreadable`, `${name}.tmp-1234567890abcdef`, `x${name}`, 'lock', ''];
    expect(others.map(kindOfStateFile)).toEqual(others.map(() => undefined));
  });
});
