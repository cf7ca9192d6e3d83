import { parse } from 'yaml';
import { dashboardFiles } from '../../grafana/source/index.ts';
import { folderOf, LANGUAGES } from '../../grafana/source/text.ts';
import { type GeneratedFile, projectFile } from '../generated-file.ts';

const FILES = 'sag-app-mixin/files';

/** The folders of the mixin that hold nothing but copies, for each language. */
export const MIXIN_FOLDERS: readonly string[] = LANGUAGES.flatMap((language) =>
  ['rules', 'dashboards'].map((name) => `${FILES}/${name}/${folderOf(language)}`),
);

/**
 * The rules and dashboards in the folder of the mixin. Jsonnet's package manager installs only that folder. The rules
 * are JSON, because Jsonnet 0.18 cannot read their YAML: it fails at texts of several lines.
 */
export function mixinFiles(): readonly GeneratedFile[] {
  const rules = [
    'thresholds',
    'recording-rules',
    ...LANGUAGES.map((language) => `${folderOf(language)}alerts`),
  ];
  return [
    ...rules.map((name) => ({
      path: `${FILES}/rules/${name}.json`,
      text: `${JSON.stringify(parse(projectFile(`config/prometheus/${name}.yml`)), null, 2)}\n`,
    })),
    ...dashboardFiles().map(({ path, text }) => ({ path: `${FILES}/dashboards/${path}`, text })),
  ];
}
