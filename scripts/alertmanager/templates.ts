import type { GeneratedFile } from '../generated-file.ts';
import { title } from './alert-fields.ts';
import { markdownTemplates, plain, plainTextTemplates } from './chat-templates.ts';
import { emailTemplates } from './email-template.ts';
import { escapeTemplate, MARKDOWN_ENTITIES, PLAIN_TEXT, URL_ESCAPES } from './escapes.ts';
import { LANGUAGES, type Words } from './words.ts';

/**
 * The message templates, one file for each language. Alertmanager and both adapters parse the same files.
 * Each of the three programs adds functions of its own to Go's template language, and refuses a file with
 * a function that it does not know. So the templates use only functions that Go itself has.
 */
export function templateFiles(): readonly GeneratedFile[] {
  return LANGUAGES.map((words) => ({
    path: `config/alertmanager/templates/${words.file}.tmpl`,
    text: templateFile(words),
  }));
}

const templateFile = (words: Words): string => `{{- /*
Messages about the alerts of sag-app-exporter, for Alertmanager and for the adapters of chat programs.
docs/notifications.md says how to use this file. \`npm run alertmanager\` writes it from scripts/alertmanager.
*/ -}}

{{- /* ${words.timeComment} */ -}}
{{ define "sag_app.time" }}${words.time}{{ end }}

{{- /* The page of Alertmanager that shows the alerts of this name. */ -}}
{{ define "sag_app.link" }}{{ .ExternalURL }}/#/alerts
  {{- with .CommonLabels.alertname }}?filter={{ printf "{alertname=%q}" . | urlquery }}{{ end }}{{ end }}

{{- /* A colour for a group of alerts, and for an alert. */ -}}
{{ define "sag_app.mark" }}{{ if eq .Status "resolved" }}🟢
  {{- else if eq .CommonLabels.severity "warning" }}🟠{{ else }}🔴{{ end }}{{ end }}
{{ define "sag_app.alert_mark" }}{{ if eq .Status "resolved" }}🟢
  {{- else if eq .Labels.severity "warning" }}🟠{{ else }}🔴{{ end }}{{ end }}

{{ define "sag_app.severity" }}{{ if eq .Status "resolved" }}${words.resolved}
  {{- else if eq .Labels.severity "critical" }}${words.critical}
  {{- else if eq .Labels.severity "warning" }}${words.warning}
  {{- else }}${words.alert}{{ end }}{{ end }}

{{- /*
Three escapes. Each prints the first byte of a text, or the replacement of that byte, and then calls itself
with the rest. A function that replaces parts of a text has another name in each program, or is missing.
*/ -}}
${escapeTemplate('sag_app.plain', PLAIN_TEXT)}
${escapeTemplate('sag_app.escaped', MARKDOWN_ENTITIES)}
${escapeTemplate('sag_app.url', URL_ESCAPES)}

{{- /* One line: the subject of an e-mail, the head of a card. */ -}}
{{ define "sag_app.title" }}${title(words, plain)}{{ end }}

{{- /* Plain text of at most 2048 bytes, for WeCom. */ -}}
${plainTextTemplates(words)}

{{- /* Markdown for DingTalk, and for a card of Feishu; each takes 20 KB. */ -}}
${markdownTemplates(words)}

{{- /* HTML for e-mail. */ -}}
${emailTemplates(words)}

{{- /* The names that alertmanager-webhook-adapter looks for. */ -}}
{{ define "prom.title" }}{{ template "sag_app.title" . }}{{ end }}
{{ define "prom.text" }}{{ template "sag_app.text" . }}{{ end }}
{{ define "prom.markdown" }}{{ template "sag_app.markdown" . }}{{ end }}
`;
