import { describe, expect, it } from 'vitest';
import { changelogSection, type Release, releaseProblems } from '../../scripts/release-problems.ts';

const CHANGELOG = `# Changelog

## [Unreleased]

## [1.2.0] - 2026-11-30

### Added

- One thing.

## [1.1.0] - 2026-11-01

- Another.
`;

const RELEASE: Release = {
  tag: 'v1.2.0',
  version: '1.2.0',
  lockedVersion: '1.2.0',
  changelog: CHANGELOG,
  chart: { version: '0.5.0', appVersion: '1.2.0' },
  previousChart: { version: '0.4.0', appVersion: '1.1.0' },
  repository: 'acme/sag-app-exporter',
  namedRepository: 'acme/sag-app-exporter',
};

describe('a release', () => {
  it('is made when tag, versions and CHANGELOG agree', () => {
    expect(releaseProblems(RELEASE)).toEqual([]);
  });

  it('can be a prerelease, whose chart is a prerelease too', () => {
    const prerelease = {
      ...RELEASE,
      tag: 'v1.2.0-rc.1',
      version: '1.2.0-rc.1',
      lockedVersion: '1.2.0-rc.1',
      changelog: CHANGELOG.replace('[1.2.0]', '[1.2.0-rc.1]'),
    };
    const appVersion = '1.2.0-rc.1';
    expect(
      releaseProblems({ ...prerelease, chart: { version: '0.5.0-rc.1', appVersion } }),
    ).toEqual([]);
    expect(releaseProblems({ ...prerelease, chart: { version: '0.5.0', appVersion } })).toEqual([
      expect.stringMatching(
        /^Chart\.yaml has version 0\.5\.0, but the release has version 1\.2\.0-rc\.1/,
      ),
    ]);
  });

  it('can be the first one', () => {
    expect(releaseProblems({ ...RELEASE, previousChart: undefined })).toEqual([]);
  });

  it.each<[string, Partial<Release>, string]>([
    ['another tag', { tag: 'v1.2.1' }, 'The tag is v1.2.1, but package.json has version 1.2.0.'],
    [
      'an old lock file',
      { lockedVersion: '1.1.0' },
      'package-lock.json has version 1.1.0; run: npm install --package-lock-only',
    ],
    [
      'a heading without a date',
      { changelog: CHANGELOG.replace(' - 2026-11-30', '') },
      'CHANGELOG.md needs the heading "## [1.2.0] - YEAR-MONTH-DAY".',
    ],
    [
      'no heading',
      { changelog: CHANGELOG.replace('[1.2.0]', '[1.3.0]') },
      'CHANGELOG.md needs the heading "## [1.2.0] - YEAR-MONTH-DAY".',
    ],
    [
      'an empty section',
      { changelog: CHANGELOG.replace('### Added\n\n- One thing.\n', '') },
      'CHANGELOG.md has nothing under the heading of 1.2.0.',
    ],
    [
      'entries that are left under Unreleased',
      { changelog: CHANGELOG.replace('[Unreleased]\n', '[Unreleased]\n\n- Left.\n') },
      'CHANGELOG.md still has entries under "Unreleased"; move them under 1.2.0.',
    ],
    [
      'a chart that installs another image',
      { chart: { version: '0.5.0', appVersion: '1.1.0' } },
      'Chart.yaml has appVersion 1.1.0; it must be 1.2.0, the tag of the image.',
    ],
    [
      'a version of the chart that is published already',
      { chart: { version: '0.4.0', appVersion: '1.2.0' } },
      'Chart.yaml has version 0.4.0, which the release before has too; raise it.',
    ],
    [
      'a prerelease of the chart alone',
      { chart: { version: '0.5.0-rc.1', appVersion: '1.2.0' } },
      'Chart.yaml has version 0.5.0-rc.1, but the release has version 1.2.0. The chart of a prerelease must be a prerelease too, such as 1.1.0-rc.1, and other charts must not be.',
    ],
    [
      'another repository',
      { repository: 'fork/sag-app-exporter' },
      'package.json names the repository acme/sag-app-exporter, but this is fork/sag-app-exporter. npm refuses such a package.',
    ],
  ])('is refused with %s', (_, change, problem) => {
    expect(releaseProblems({ ...RELEASE, ...change })).toEqual([problem]);
  });
});

it('the notes of a release are its section of the CHANGELOG', () => {
  expect(changelogSection(CHANGELOG, '1.2.0')).toBe('### Added\n\n- One thing.');
  expect(changelogSection(CHANGELOG, '1.1.0')).toBe('- Another.');
  expect(changelogSection(CHANGELOG, '1.0.0')).toBeUndefined();
});
