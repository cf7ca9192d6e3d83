import { alertFields, fieldLines, type Print, setTexts, title } from './alert-fields.ts';
import type { Words } from './words.ts';

const printed =
  (template: string): Print =>
  (value) =>
    `{{ template "${template}" ${value} }}`;
export const plain = printed('sag_app.plain');
const escaped = printed('sag_app.escaped');
const linkTarget = printed('sag_app.url');

const PARAGRAPH = '{{ "\\n\\n" }}';

export function plainTextTemplates(words: Words): string {
  const chat: Chat = {
    words,
    print: plain,
    strong: (text) => text,
    lineBreak: '{{ "\\n" }}',
    runbook: (value) => `${words.runbook}${words.colon}${plain(value)}`,
    link: `${words.allAlerts}${words.colon}{{ template "sag_app.link" . }}`,
  };
  return `${alertTemplate('sag_app.text_alert', chat, { summary: 240, description: 600 })}

{{ define "sag_app.text" }}{{ template "sag_app.title" . }}${PARAGRAPH}
${alertsAndLinks('sag_app.text_alert', chat, 2048)}
{{- end }}`;
}

export function markdownTemplates(words: Words): string {
  const chat: Chat = {
    words,
    print: escaped,
    strong: (text) => `**${text}**`,
    // DingTalk joins two lines unless the first ends with two spaces.
    lineBreak: '{{ "  \\n" }}',
    // A runbook without an address is a path in the repository.
    runbook: (value) =>
      `{{ if eq (printf "%.4s" ${value}) "http" }}[${words.runbook}](${linkTarget(value)})` +
      `{{ else }}${words.runbook}${words.colon}${escaped(value)}{{ end }}`,
    link: `[${words.allAlerts}]({{ template "sag_app.link" . }})`,
  };
  // An escaped character has five bytes, so that no message is longer than 20000.
  const bytes = 4000;
  return `${alertTemplate('sag_app.markdown_alert', chat, { summary: 600, description: 1500 })}

{{ define "sag_app.markdown" }}
${alertsAndLinks('sag_app.markdown_alert', chat, bytes)}
{{- end }}`;
}

/** DingTalk shows the title of a message only in the list of chats. */
export const markdownWithTitle = (words: Words): string =>
  `{{ define "sag_app.titled_markdown" }}**${title(words, escaped)}**${PARAGRAPH}
{{- template "sag_app.markdown" . }}{{ end }}`;

/** How a kind of text is written. */
interface Chat {
  readonly words: Words;
  readonly print: Print;
  readonly strong: (text: string) => string;
  readonly lineBreak: string;
  readonly runbook: (value: string) => string;
  /** The link to Alertmanager. */
  readonly link: string;
}

function alertTemplate(
  name: string,
  { words, print, strong, lineBreak }: Chat,
  longest: Parameters<typeof setTexts>[0],
): string {
  const fields = fieldLines(
    alertFields(words, '$description'),
    ({ label, value }) => `${lineBreak}${label}${words.colon}${value(print)}`,
  );
  return `{{ define "${name}" }}
${setTexts(longest)}
{{- template "sag_app.alert_mark" . }} ${strong('{{ template "sag_app.severity" . }}')}${words.colon}${print('$summary')}
${fields}
{{- end }}`;
}

/**
 * Renders the firing alerts and then the resolved alerts, as many as there is room for, and at least one.
 * `$left` has a character for each alert that is left out.
 *
 * The values are measured before they are escaped, because Go cannot take the output of a template as a
 * value. `html`, which is a function, makes a value at least as long as it is in plain text.
 */
function alertsAndLinks(template: string, chat: Chat, bytes: number): string {
  const { words, print, lineBreak, runbook, link } = chat;
  const values = '.Annotations.summary .Annotations.description .Labels.name .Labels.instance_id';
  const loop = (alerts: string, wordsOfAlert: number): string => `{{- range ${alerts} }}
  {{- $account := "" }}{{ if ne .Labels.account $.CommonLabels.account }}{{ $account = .Labels.account }}{{ end }}
  {{- $runbook := "" }}
  {{- if ne .Annotations.runbook_url $.CommonAnnotations.runbook_url }}{{ $runbook = .Annotations.runbook_url }}{{ end }}
  {{- $next := printf "%s%${wordsOfAlert}s%s" $used "" (html ${values} .Labels.instance $account $runbook) }}
  {{- if and $shown (gt (len $next) ${bytes}) }}{{ $left = printf "%s." $left }}
  {{- else }}{{ if $shown }}${PARAGRAPH}{{ end }}{{ $used = $next }}{{ $shown = true }}
    {{- template "${template}" . }}
    {{- if $account }}${lineBreak}${words.account}${words.colon}${print('$account')}{{ end }}
    {{- if $runbook }}${lineBreak}${runbook('$runbook')}{{ end }}
  {{- end }}
{{- end }}`;
  return `{{- $used := printf "%200s%s%s%[3]s%s" "" .ExternalURL .CommonLabels.alertname (html .CommonLabels.account .CommonAnnotations.runbook_url) }}
{{- $shown := false }}{{ $left := "" }}
${loop('.Alerts.Firing', bytesOfWords(words, 'firing'))}
${loop('.Alerts.Resolved', bytesOfWords(words, 'resolved'))}
{{- if $left }}${PARAGRAPH}${words.notShown('{{ len $left }}')}{{ end }}
{{- if .CommonAnnotations.runbook_url }}${PARAGRAPH}${runbook('.CommonAnnotations.runbook_url')}{{ end }}
{{- "\\n\\n" }}${link}`;
}

/** The size of an alert without its values. */
function bytesOfWords(words: Words, status: 'firing' | 'resolved'): number {
  const TIME = '2006-01-02 15:04:05 (UTC+08:00)...';
  const labels = [words.critical, words.details, words.instance, words.exporter, words.since];
  const sample = [...labels, ...(status === 'resolved' ? [words.until, TIME] : [])]
    .map((label) => `${label}${words.colon}**\n`)
    .join('');
  return Buffer.byteLength(`\n\n🔴 ${sample}${words.brackets.join('')}${TIME}`);
}
