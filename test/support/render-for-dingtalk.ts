import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { helm } from './helm.ts';

/** What Alertmanager sends to a webhook. */
export interface WebhookMessage {
  readonly version: string;
  readonly status: 'firing' | 'resolved';
  readonly externalURL: string;
  readonly commonLabels: Readonly<Record<string, string>>;
  readonly commonAnnotations: Readonly<Record<string, string>>;
  readonly alerts: readonly WebhookAlert[];
}

interface WebhookAlert {
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
}

/** Turns times into values of Go's type, and writes the texts as YAML. */
const MANIFEST = `{{- range concat .Values.message.Alerts.Firing .Values.message.Alerts.Resolved }}
{{- $_ := set . "StartsAt" (toDate "2006-01-02T15:04:05Z07:00" .StartsAt) }}
{{- $_ := set . "EndsAt" (toDate "2006-01-02T15:04:05Z07:00" .EndsAt) }}
{{- end }}
{{- range list "title" "titled_markdown" }}
{{ . }}: {{ include (printf "sag_app.%s" .) $.Values.message | toJson }}
{{- end }}
`;

/**
 * Renders the title and the text of a message for DingTalk. prometheus-webhook-dingtalk cannot be had here;
 * helm renders templates with the same libraries, Go's text/template and Sprig.
 *
 * @param template the path of the template file
 * @param timeZone the zone of the process, as in the variable TZ
 */
export function renderForDingTalk(
  template: string,
  message: WebhookMessage,
  timeZone: string,
): { readonly title: string; readonly text: string } {
  const chart = mkdtempSync(join(tmpdir(), 'dingtalk-'));
  try {
    mkdirSync(join(chart, 'templates'));
    writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: dingtalk\nversion: 1.0.0\n');
    writeFileSync(join(chart, 'values.yaml'), JSON.stringify({ message: asAdapterHasIt(message) }));
    copyFileSync(template, join(chart, 'templates/_messages.tpl'));
    writeFileSync(join(chart, 'templates/manifest.yaml'), MANIFEST);
    const { status, output } = helm(['template', 'dingtalk', chart], { TZ: timeZone });
    if (status !== 0) throw new Error(output);
    const texts = parse(output) as { readonly title: string; readonly titled_markdown: string };
    return { title: texts.title, text: texts.titled_markdown };
  } finally {
    rmSync(chart, { recursive: true });
  }
}

/** The message with the names of the adapter's types. A missing label is an empty text there. */
function asAdapterHasIt(message: WebhookMessage): object {
  const labels = { severity: '', account: '', name: '', instance_id: '', instance: '' };
  const annotations = { summary: '', description: '', runbook_url: '' };
  const alertsThatAre = (status: string): readonly object[] =>
    message.alerts
      .filter((alert) => alert.status === status)
      .map((alert) => ({
        Status: alert.status,
        Labels: { ...labels, ...alert.labels },
        Annotations: { ...annotations, ...alert.annotations },
        StartsAt: alert.startsAt,
        EndsAt: alert.endsAt,
      }));
  return {
    Status: message.status,
    ExternalURL: message.externalURL,
    CommonLabels: { alertname: '', ...labels, ...message.commonLabels },
    CommonAnnotations: { ...annotations, ...message.commonAnnotations },
    Alerts: { Firing: alertsThatAre('firing'), Resolved: alertsThatAre('resolved') },
  };
}
