import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { thirdPartyLicenses } from '../../scripts/third-party/licenses.ts';

it('THIRD-PARTY-LICENSES.md is what the installed packages make it', () => {
  const page = readFileSync(new URL('../../THIRD-PARTY-LICENSES.md', import.meta.url), 'utf8');
  expect(page).toBe(thirdPartyLicenses());
});
