import { alertFields, fieldLines, title } from './alert-fields.ts';
import type { Words } from './words.ts';

const MOST_ALERTS = 50;
const LABEL_STYLE = 'padding:2px 12px 2px 0;color:#666;white-space:nowrap;vertical-align:top';

/** Alertmanager renders it with Go's html/template, which escapes each value as its place requires. */
export function emailTemplates(words: Words): string {
  const print = (value: string): string => `{{ ${value} }}`;
  const row = (label: string, value: string): string => `
    <tr><td style="${LABEL_STYLE}">${label}</td><td>${value}</td></tr>`;
  const fields = fieldLines(alertFields(words, '.Annotations.description'), ({ label, value }) =>
    row(label, value(print)),
  );
  const loop = (alerts: string): string => `{{- range $index, $alert := ${alerts} }}
{{- if lt $index ${MOST_ALERTS} }}{{ template "sag_app.email_alert" . }}{{ else }}{{ $left = printf "%s." $left }}{{ end }}
{{- end }}`;
  return `{{ define "sag_app.email_alert" }}
  <table style="border-left:4px solid {{ if eq .Status "resolved" }}#2e7d32{{ else if eq .Labels.severity "warning" }}#ef6c00{{ else }}#c62828{{ end }};padding-left:12px;margin:0 0 16px">
    <tr><td colspan="2"><strong>{{ template "sag_app.severity" . }}${words.colon}{{ or .Annotations.summary .Labels.alertname }}</strong></td></tr>
${fields}
{{- if .Labels.account }}${row(words.account, '{{ .Labels.account }}')}{{ end }}
{{- if eq (printf "%.4s" .Annotations.runbook_url) "http" }}
    <tr><td colspan="2"><a href="{{ .Annotations.runbook_url }}">${words.runbook}</a></td></tr>
{{- else if .Annotations.runbook_url }}${row(words.runbook, '{{ .Annotations.runbook_url }}')}{{ end }}
  </table>
{{- end }}

{{ define "sag_app.email" }}<!DOCTYPE html>
<html lang="${words.language}">
<head><meta charset="utf-8"></head>
<body style="font-family:sans-serif;font-size:14px">
<h2 style="font-size:16px">${title(words, print)}</h2>
{{- $left := "" }}
${loop('.Alerts.Firing')}
${loop('.Alerts.Resolved')}
{{- if $left }}
<p>${words.notShown('{{ len $left }}')}</p>{{ end }}
<p><a href="{{ template "sag_app.link" . }}">${words.allAlerts}</a></p>
</body>
</html>
{{ end }}`;
}
