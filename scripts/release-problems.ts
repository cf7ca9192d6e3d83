interface Chart {
  readonly version: string;
  readonly appVersion: string;
}

/** What must agree before anything is published. */
export interface Release {
  readonly tag: string;
  /** Of package.json. */
  readonly version: string;
  /** Of package-lock.json. */
  readonly lockedVersion: string;
  readonly changelog: string;
  readonly chart: Chart;
  /** Chart of the release before, unless there is none. */
  readonly previousChart: Chart | undefined;
  /** `owner/name` of the repository in which the release is made, and of package.json. */
  readonly repository: string;
  readonly namedRepository: string;
}

/** The text under the heading of a version, or undefined without that heading. */
export function changelogSection(changelog: string, version: string): string | undefined {
  const sections = changelog.split(/^## (?=\[)/m);
  const section = sections.find((text) => text.startsWith(`[${version}]`));
  return section?.replace(/^.*\n/, '').trim();
}

/** Why a release cannot be made. Versions that are published cannot be replaced, so everything is checked first. */
export function releaseProblems(release: Release): readonly string[] {
  const { tag, version, lockedVersion, changelog, chart, previousChart } = release;
  const heading = changelog
    .match(/^## \[.*$/gm)
    ?.find((line) => line.startsWith(`## [${version}]`));
  const checks: readonly (readonly [boolean, string])[] = [
    [tag === `v${version}`, `The tag is ${tag}, but package.json has version ${version}.`],
    [
      lockedVersion === version,
      `package-lock.json has version ${lockedVersion}; run: npm install --package-lock-only`,
    ],
    [
      /^## \[[^\]]+\] - \d{4}-\d\d-\d\d$/.test(heading ?? ''),
      `CHANGELOG.md needs the heading "## [${version}] - YEAR-MONTH-DAY".`,
    ],
    [
      changelogSection(changelog, version) !== '',
      `CHANGELOG.md has nothing under the heading of ${version}.`,
    ],
    [
      !changelogSection(changelog, 'Unreleased'),
      `CHANGELOG.md still has entries under "Unreleased"; move them under ${version}.`,
    ],
    [
      chart.appVersion === version,
      `Chart.yaml has appVersion ${chart.appVersion}; it must be ${version}, the tag of the image.`,
    ],
    [
      chart.version !== previousChart?.version,
      `Chart.yaml has version ${chart.version}, which the release before has too; raise it.`,
    ],
    [
      version.includes('-') === chart.version.includes('-'),
      `Chart.yaml has version ${chart.version}, but the release has version ${version}. The chart of a prerelease must be a prerelease too, such as 1.1.0-rc.1, and other charts must not be.`,
    ],
    [
      release.repository === release.namedRepository,
      `package.json names the repository ${release.namedRepository}, but this is ${release.repository}. npm refuses such a package.`,
    ],
  ];
  return checks.filter(([isRight]) => !isRight).map(([, problem]) => problem);
}
