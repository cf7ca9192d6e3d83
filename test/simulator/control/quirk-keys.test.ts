import { describe, expect, it } from 'vitest';
import { QUIRK_KEYS, toQuirks } from '../../../src/simulator/control/quirk-keys.ts';
import { DEFAULT_QUIRKS } from '../../../src/simulator/quirks.ts';

describe('quirks as they are written', () => {
  it('are all there are, under the names of the code', () => {
    const written = Object.fromEntries(Object.keys(QUIRK_KEYS).map((key) => [key, key]));
    expect(Object.keys(toQuirks(written)).sort()).toEqual(Object.keys(DEFAULT_QUIRKS).sort());
  });

  it('leave alone what is not given', () => {
    expect(toQuirks({ total_count: 'page', omit: undefined })).toEqual({ totalCount: 'page' });
  });
});
