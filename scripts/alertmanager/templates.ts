import type { GeneratedFile } from '../generated-file.ts';
import { title } from './alert-fields.ts';
import {
  markdownTemplates,
  markdownWithTitle,
  plain,
  plainTextTemplates,
} from './chat-templates.ts';
import { emailTemplates } from './email-template.ts';
import {
  type Dialect,
  escapeTemplate,
  GO,
  MARKDOWN_ENTITIES,
  PLAIN_TEXT,
  SPRIG,
  URL_ESCAPES,
} from './escapes.ts';
import { LANGUAGES, type Words } from './words.ts';

/**
 * The message templates: in each language a file for Alertmanager and alertmanager-webhook-adapter, and a
 * file for prometheus-webhook-dingtalk. Each program adds functions of its own to Go's template language,
 * and refuses a file with a function that it does not know.
 */
export function templateFiles(): readonly GeneratedFile[] {
  return LANGUAGES.flatMap((words) => [
    {
      path: `config/alertmanager/templates/sag-app.${words.extension}`,
      text: templateFile('Alertmanager and alertmanager-webhook-adapter', [
        ...commonTemplates(words, GO),
        '{{- /* Plain text of at most 2048 bytes, for WeCom. */ -}}',
        plainTextTemplates(words),
        '{{- /* Markdown for a card of Feishu, which takes 20 KB. */ -}}',
        markdownTemplates(words),
        '{{- /* HTML for e-mail. */ -}}',
        emailTemplates(words),
        '{{- /* The names that alertmanager-webhook-adapter looks for. */ -}}',
        '{{ define "prom.title" }}{{ template "sag_app.title" . }}{{ end }}',
        '{{ define "prom.text" }}{{ template "sag_app.text" . }}{{ end }}',
        '{{ define "prom.markdown" }}{{ template "sag_app.markdown" . }}{{ end }}',
      ]),
    },
    {
      path: `config/alertmanager/templates/dingtalk.${words.extension}`,
      text: templateFile('prometheus-webhook-dingtalk', [
        ...commonTemplates(words, SPRIG),
        '{{- /* Markdown for DingTalk, which takes 20000 bytes. */ -}}',
        markdownTemplates(words),
        markdownWithTitle(words),
      ]),
    },
  ]);
}

const templateFile = (program: string, templates: readonly string[]): string => `{{- /*
Messages about the alerts of sag-app-exporter, for ${program}.
docs/notifications.md says how to use this file. \`npm run alertmanager\` writes it from scripts/alertmanager.
*/ -}}

${templates.join('\n\n').replaceAll('*/ -}}\n\n{{ define', '*/ -}}\n{{ define')}
`;

const commonTemplates = (words: Words, dialect: Dialect): readonly string[] => [
  `{{- /* ${words.timeComment} */ -}}`,
  `{{ define "sag_app.time" }}${words.time}{{ end }}`,

  '{{- /* The page of Alertmanager that shows the alerts of this name. */ -}}',
  `{{ define "sag_app.link" }}{{ .ExternalURL }}/#/alerts
  {{- with .CommonLabels.alertname }}?filter={{ printf "{alertname=%q}" . | urlquery }}{{ end }}{{ end }}`,

  '{{- /* A colour for a group of alerts, and for an alert. */ -}}',
  colour('sag_app.mark', '.CommonLabels.severity'),
  colour('sag_app.alert_mark', '.Labels.severity'),

  `{{ define "sag_app.severity" }}{{ if eq .Status "resolved" }}${words.resolved}
  {{- else if eq .Labels.severity "critical" }}${words.critical}
  {{- else if eq .Labels.severity "warning" }}${words.warning}
  {{- else }}${words.alert}{{ end }}{{ end }}`,

  '{{- /* Three escapes: the first byte of a text or its replacement, and then the same for the rest. */ -}}',
  escapeTemplate('sag_app.plain', PLAIN_TEXT, dialect),
  escapeTemplate('sag_app.escaped', MARKDOWN_ENTITIES, dialect),
  escapeTemplate('sag_app.url', URL_ESCAPES, dialect),

  '{{- /* One line: the subject of an e-mail, the head of a card. */ -}}',
  `{{ define "sag_app.title" }}${title(words, plain)}{{ end }}`,
];

const colour = (name: string, severity: string): string =>
  `{{ define "${name}" }}{{ if eq .Status "resolved" }}🟢
  {{- else if eq ${severity} "warning" }}🟠{{ else }}🔴{{ end }}{{ end }}`;
