import { dashboardFiles } from '../grafana/source/index.ts';
import { folderOf, LANGUAGES } from '../grafana/source/text.ts';
import { plainManifests } from '../test/support/plain-manifests.ts';
import { alertmanagerFiles } from './alertmanager/index.ts';
import { alertFiles } from './alerts/index.ts';
import { CHART_FOLDERS, chartFiles } from './chart/chart-files.ts';
import { configReference } from './docs/configuration.ts';
import { errorKindReference } from './docs/error-kinds.ts';
import { metricReference } from './docs/metrics.ts';
import { quirkReference } from './docs/quirks.ts';
import { scenarioReference } from './docs/scenarios.ts';
import { errorReference } from './docs/simulator-errors.ts';
import { statusReference } from './docs/status.ts';
import { inChinese } from './docs/translate.ts';
import { CONFIGURATION_IN_CHINESE } from './docs/zh-CN/configuration.ts';
import { METRICS_IN_CHINESE, METRICS_INTRODUCTION } from './docs/zh-CN/metrics.ts';
import { STATUS_IN_CHINESE } from './docs/zh-CN/status.ts';
import { type GeneratedFile, withGeneratedPart, withoutGeneratedParts } from './generated-file.ts';
import { MIXIN_FOLDERS, mixinFiles } from './mixin/mixin-files.ts';
import { filesWithOwner } from './owner.ts';
import { thirdPartyLicenses } from './third-party/licenses.ts';

/** Everything in the repository that is generated, by the npm script that generates it. */
export const GENERATORS = {
  docs: () => [
    { path: 'docs/metrics.md', text: metricReference() },
    { path: 'docs/simulator-errors.md', text: errorReference() },
    withGeneratedPart('docs/configuration.md', configReference()),
    withGeneratedPart('docs/design.md', errorKindReference()),
    withGeneratedPart('docs/scenarios.md', scenarioReference()),
    withGeneratedPart('docs/simulator.md', quirkReference()),
    withGeneratedPart('docs/status.md', statusReference()),
    withGeneratedPart(
      'docs/zh-CN/configuration.md',
      inChinese(CONFIGURATION_IN_CHINESE, configReference),
    ),
    {
      path: 'docs/zh-CN/metrics.md',
      text: inChinese(METRICS_IN_CHINESE, (translate) =>
        metricReference(METRICS_INTRODUCTION, translate),
      ),
    },
    withGeneratedPart('docs/zh-CN/status.md', inChinese(STATUS_IN_CHINESE, statusReference)),
  ],
  dashboards: () =>
    dashboardFiles().map(({ path, text }) => ({ path: `grafana/dashboards/${path}`, text })),
  alerts: alertFiles,
  alertmanager: alertmanagerFiles,
  chart: chartFiles,
  mixin: mixinFiles,
  /** Renders the chart with helm, which `.ci/kubernetes/install` installs. */
  manifests: () => [{ path: 'config/kubernetes/manifests.yaml', text: plainManifests() }],
  /** Puts the owner's name of package.json into the files that repeat it. */
  owner: filesWithOwner,
  'third-party': async () => [
    { path: 'THIRD-PARTY-LICENSES.md', text: await thirdPartyLicenses() },
  ],
} as const satisfies Readonly<Record<string, Generator>>;

type Generator = () => readonly GeneratedFile[] | Promise<readonly GeneratedFile[]>;

/** Folders that hold nothing but generated files, so that any other file in them is left over. */
export const GENERATED_FOLDERS: Readonly<
  Partial<Record<keyof typeof GENERATORS, readonly string[]>>
> = {
  dashboards: LANGUAGES.map((language) => `grafana/dashboards/${folderOf(language)}`),
  alertmanager: ['config/alertmanager/templates'],
  chart: CHART_FOLDERS,
  mixin: MIXIN_FOLDERS,
};

/** The pages of docs/ that are generated from their first line to their last. */
export function generatedPages(): ReadonlySet<string> {
  const whole = GENERATORS.docs().filter(({ text }) => withoutGeneratedParts(text) === text);
  return new Set(whole.map(({ path }) => path));
}
