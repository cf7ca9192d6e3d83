// Checks that a tag can be released, writes the notes of the release, and tells the workflow what to publish:
// `tsx scripts/release.ts TAG NOTES_FILE`.
import { spawnSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import { PROJECT, projectFile } from './generated-file.ts';
import { CHARTS, IMAGE, NAME, REPOSITORY, VERSION } from './project.ts';
import { changelogSection, releaseProblems } from './release-problems.ts';

const CHART = 'config/kubernetes/sag-app-exporter/Chart.yaml';

const [tag, notesFile] = process.argv.slice(2);
if (!tag || !notesFile) throw new Error('usage: release TAG NOTES_FILE');

const changelog = projectFile('CHANGELOG.md');
const chart = chartOf(projectFile(CHART));
const problems = releaseProblems({
  tag,
  version: VERSION,
  lockedVersion: (JSON.parse(projectFile('package-lock.json')) as { readonly version: string })
    .version,
  changelog,
  chart,
  previousChart: previousChart(),
  repository: process.env['GITHUB_REPOSITORY'] ?? REPOSITORY,
  namedRepository: REPOSITORY,
});
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);

writeFileSync(notesFile, `${changelogSection(changelog, VERSION)}\n`);
const outputs = {
  version: VERSION,
  // A prerelease does not become what people get who name no version.
  'npm-tag': VERSION.includes('-') ? 'next' : 'latest',
  image: IMAGE,
  charts: CHARTS,
  chart: `${CHARTS}/${NAME}`,
};
const lines = Object.entries(outputs).map(([key, value]) => `${key}=${value}\n`);
const output = process.env['GITHUB_OUTPUT'];
if (output) appendFileSync(output, lines.join(''));
else console.log(lines.join(''));

function chartOf(text: string): { readonly version: string; readonly appVersion: string } {
  return parse(text) as { readonly version: string; readonly appVersion: string };
}

/** The chart of the release before, or undefined if this is the first. */
function previousChart() {
  const git = (...args: readonly string[]) =>
    spawnSync('git', args, { cwd: PROJECT, encoding: 'utf8' });
  const previous = git('describe', '--tags', '--abbrev=0', '--match=v*', 'HEAD^');
  if (previous.status !== 0) return undefined;
  const { status, stdout } = git('show', `${previous.stdout.trim()}:${CHART}`);
  return status === 0 ? chartOf(stdout) : undefined;
}
