import { describe, expect, it } from 'vitest';
import { projectFile } from '../../scripts/generated-file.ts';
import { GENERATORS } from '../../scripts/generators.ts';
import { withOwner } from '../../scripts/owner.ts';
import { CHARTS, IMAGE, NAME, OWNER, REPOSITORY } from '../../scripts/project.ts';

describe('the name of the owner', () => {
  it.each(GENERATORS.owner())('stands in $path as `npm run owner` writes it', ({ path, text }) => {
    expect(projectFile(path)).toBe(text);
  });

  it('is found in every file that has to repeat it', () => {
    const paths = GENERATORS.owner().map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        'package.json',
        'SECURITY.md',
        'CODE_OF_CONDUCT.md',
        'docs/releasing.md',
        'sag-app-mixin/files/rules/alerts.json',
        '.github/CODEOWNERS',
        '.github/ISSUE_TEMPLATE/config.yml',
      ]),
    );
  });

  it('is read from package.json for the image and the chart', () => {
    expect(REPOSITORY).toBe(`${OWNER}/${NAME}`);
    expect(IMAGE).toBe(`ghcr.io/${OWNER.toLowerCase()}/${NAME}`);
    expect(CHARTS).toBe(`oci://ghcr.io/${OWNER.toLowerCase()}/charts`);
  });

  it('is replaced wherever it belongs to this project, in lower case in the registry', () => {
    const text = `https://github.com/old/sag-app-exporter/issues @old/maintainers --repo old/sag-app-exporter
ghcr.io/old/sag-app-exporter:1 oci://ghcr.io/old/charts/sag-app-exporter
https://github.com/prometheus/exporter-toolkit ghcr.io/other/charts-of-others`;
    expect(withOwner(text, 'Acme')).toBe(
      `https://github.com/Acme/sag-app-exporter/issues @Acme/maintainers --repo Acme/sag-app-exporter
ghcr.io/acme/sag-app-exporter:1 oci://ghcr.io/acme/charts/sag-app-exporter
https://github.com/prometheus/exporter-toolkit ghcr.io/other/charts-of-others`,
    );
  });
});
