import { folderOf, LANGUAGES, type Language, type Text, text } from '../../grafana/source/text.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { REPOSITORY_URL } from '../project.ts';
import type { Alert, AlertGroup } from './alert.ts';
import { CAPACITY } from './capacity.ts';
import { EXPORTER } from './exporter.ts';
import { POLLING } from './polling.ts';

const GROUPS: readonly AlertGroup[] = [CAPACITY, POLLING, EXPORTER];

/** The alerts in each language. The files differ only in their comments and annotations. */
export function alertFiles(): readonly GeneratedFile[] {
  return LANGUAGES.map((language) => ({
    path: `config/prometheus/${folderOf(language)}alerts.yml`,
    text: `${commented(HEAD[language])}groups:\n${GROUPS.map((group) => groupText(group, language)).join('\n')}`,
  }));
}

const RUNBOOKS: Text = text('docs/runbooks', 'docs/zh-CN/runbooks');

/** The branch rather than a tag, because files with rules are copied and may stay in use for many versions. */
const RUNBOOKS_URL = (language: Language): string =>
  `${REPOSITORY_URL}/blob/main/${RUNBOOKS[language]}`;

const LINKS_RULE = (language: Language): string => `
  groups:
    - name: sag-app-links
      rules:
        - record: sag_app:runbooks:info
          expr: vector(1)
          labels: { url: 'https://git.example.com/sag-app-exporter/${RUNBOOKS[language]}' }`;

const HEAD: Text = text(
  `Alerts on the SAG APP fleet and its exporter. They need recording-rules.yml and thresholds.yml, and
the job name \`sag-app\` in the scrape configuration. zh-CN/alerts.yml has the same alerts with Chinese
texts: load one of the two files. An alert on an instance has the instance's name as
the label \`name\`, or its id where no name is known. The runbooks, docs/runbooks, say what to do. The
notifications link to them in the project's repository. If you publish your own copy of them, add a rule with its
address to a file of your own beside this one:${LINKS_RULE('en')}

\`npm run alerts\` writes this file from scripts/alerts.
`,
  `SAG APP 实例及其 exporter 的告警。需要同时加载 recording-rules.yml 和 thresholds.yml，抓取配置中的任务名须为
\`sag-app\`。上级目录中的 alerts.yml 是相同的告警，文字为英文：两个文件只加载一个。实例的告警用标签 \`name\` 给出实例名称，
名称未知时给出实例 ID。处理方法见 docs/zh-CN/runbooks 中的处理手册。通知中的链接指向项目仓库中的处理手册。
如果您发布了自己的副本，请在您自己的规则文件中添加一条包含其地址的规则：${LINKS_RULE('zh-CN')}

本文件由 \`npm run alerts\` 根据 scripts/alerts 生成。
`,
);

function groupText({ name, alerts }: AlertGroup, language: Language): string {
  const rules = alerts.map((alert) => alertText(alert, language));
  return `  - name: ${name}\n    rules:\n${rules.join('\n')}`;
}

function alertText(alert: Alert, language: Language): string {
  const page = `{{ with query "sag_app:runbooks:info" }}{{ . | first | label "url" }}{{ else }}${RUNBOOKS_URL(language)}{{ end }}/${alert.runbook}.md`;
  const annotations = `        annotations:
          summary: ${quoted(alert.summary[language])}
          description: ${folded(alert.description[language], language)}
          runbook_url: ${quoted(page)}
`;
  const rules = alert.rules.map(
    (rule) => `      - alert: ${alert.name}
        expr: ${expression(rule.expr)}
${indented(commented(rule.comment?.[language]), 8)}        for: ${rule.for}
        labels: { severity: ${rule.severity} }
${annotations}`,
  );
  return indented(commented(alert.comment?.[language]), 6) + rules.join('');
}

const expression = (expr: string): string =>
  expr.includes('\n') ? `|\n${indented(expr, 10)}` : expr;

/** A text as a scalar of YAML in which a line break is a space; in Chinese the lines are joined instead. */
const folded = (lines: string, language: Language): string =>
  `>-\n${indented(language === 'en' ? lines : lines.replaceAll('\n', ''), 12)}`;

const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** The lines as comments, each with a line break at its end. */
const commented = (lines: string | undefined): string =>
  lines === undefined ? '' : `${lines.trimEnd().replaceAll(/^/gm, '# ').replaceAll(/ $/gm, '')}\n`;

const indented = (lines: string, columns: number): string =>
  lines.replaceAll(/^(?=.)/gm, ' '.repeat(columns));
