import { expect, it } from 'vitest';
import { projectFile } from '../../scripts/generated-file.ts';
import { thirdPartyLicenses } from '../../scripts/third-party/licenses.ts';

it('names the packages without a licence text: those whose authors put none into them', () => {
  expect(projectFile('THIRD-PARTY-LICENSES.md')).toMatch(
    /^@alicloud\/pop-core, @alicloud\/tea-typescript, httpx\.$/m,
  );
});

it('THIRD-PARTY-LICENSES.md is what `npm run third-party` writes', async () => {
  expect(projectFile('THIRD-PARTY-LICENSES.md')).toBe(await thirdPartyLicenses());
});
