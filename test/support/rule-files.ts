import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { folderOf, type Language } from '../../grafana/source/text.ts';

const FOLDER = new URL('../../config/prometheus/', import.meta.url);

/** The rule files that the example prometheus.yml names, in its order. */
export const RULE_FILES = ['thresholds.yml', 'recording-rules.yml', 'alerts.yml'] as const;

/** The file of the alerts in a language. */
export const alertFileOf = (language: Language): string => `${folderOf(language)}alerts.yml`;

/** A recorded series that alerts use and that only a user's own rules produce. */
export const LINKS_RECORD = 'sag_app:runbooks:info';

/** A recording rule. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** An alerting rule. */
export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface RuleFile {
  readonly groups: readonly { readonly rules: readonly (RecordingRule | AlertingRule)[] }[];
}

/** The text of a file in config/prometheus. */
export function ruleFileText(file: string): string {
  return readFileSync(new URL(file, FOLDER), 'utf8');
}

function rules(files: readonly string[]): readonly (RecordingRule | AlertingRule)[] {
  return files.flatMap((file) => {
    const { groups } = parse(ruleFileText(file)) as RuleFile;
    return groups.flatMap((group) => group.rules);
  });
}

export function recordingRules(): readonly RecordingRule[] {
  return rules(RULE_FILES).filter((rule) => 'record' in rule);
}

export function alertingRules(language: Language = 'en'): readonly AlertingRule[] {
  return rules([alertFileOf(language)]).filter((rule) => 'alert' in rule);
}

/** The delivered value of a threshold, which its rule writes as a product such as `vector(7 * 24 * 3600)`. */
export function deliveredThreshold(name: string, severity?: string): number {
  const rule = recordingRules().find(
    ({ record, labels }) =>
      record === `sag_app:threshold:${name}` && labels?.['severity'] === severity,
  );
  const [, product = ''] = /^vector\(([\d. *]+)\)$/.exec(rule?.expr ?? '') ?? [];
  return product.split('*').reduce((value, factor) => value * Number(factor), 1);
}

/** The path of an alert's runbook in the project, without the address before it. */
export function runbookOf({ annotations }: AlertingRule): string {
  const [, page] = /\/([a-z-]+\.md)$/.exec(annotations['runbook_url'] ?? '') ?? [];
  return `docs/runbooks/${page}`;
}

/** The queries in an alert's annotations, with a value in place of each label. */
export function queriesInAnnotations({ annotations }: AlertingRule): readonly string[] {
  return Object.values(annotations)
    .flatMap((text) => [...text.matchAll(/(?:printf|query) "((?:[^"\\]|\\.)*)"/g)])
    .map(([, written = '']) => written.replaceAll('\\"', '"').replaceAll('%q', '"x"'))
    .filter((query) => !query.startsWith('%'));
}
