import type { Words } from './words.ts';

/** Makes a template action that prints the value of a Go expression. */
export type Print = (value: string) => string;

/** A line of a message about an alert. */
interface AlertField {
  /** A Go expression. */
  readonly shownIf: string;
  readonly label: string;
  readonly value: (print: Print) => string;
}

/** The longest texts that a message shows whole, in bytes of UTF-8. */
interface LongestTexts {
  readonly summary: number;
  readonly description: number;
}

/** Sets `$summary` and `$description` of an alert, cut to the size for which a message has room. */
export const setTexts = ({ summary, description }: LongestTexts): string =>
  `{{- $summary := or .Annotations.summary .Labels.alertname }}
${cut('$summary', summary)}
{{- $description := .Annotations.description }}
${cut('$description', description)}`;

/** Cuts to a third of the number in characters, because a Chinese character has three bytes. */
const cut = (variable: string, bytes: number): string =>
  `{{- if gt (len ${variable}) ${bytes} }}{{ ${variable} = printf "%.${bytes / 3}s…" ${variable} }}{{ end }}`;

/** What a message tells about an alert below its summary, in the order of the lines. */
export function alertFields(words: Words, description: string): readonly AlertField[] {
  const [open, close] = words.brackets;
  const present = (label: string, name: string): AlertField => ({
    shownIf: name,
    label,
    value: (print) => print(name),
  });
  return [
    present(words.details, description),
    {
      shownIf: 'or .Labels.name .Labels.instance_id',
      label: words.instance,
      value: (print) =>
        `${print('(or .Labels.name .Labels.instance_id)')}` +
        '{{ if and .Labels.name .Labels.instance_id (ne .Labels.name .Labels.instance_id) }}' +
        `${open}${print('.Labels.instance_id')}${close}{{ end }}`,
    },
    present(words.exporter, '.Labels.instance'),
    {
      shownIf: '.StartsAt',
      label: words.since,
      value: () => '{{ template "sag_app.time" .StartsAt }}',
    },
    {
      shownIf: 'eq .Status "resolved"',
      label: words.until,
      value: () => '{{ template "sag_app.time" .EndsAt }}',
    },
  ];
}

/** Renders the fields, each only where it is shown. */
export const fieldLines = (
  fields: readonly AlertField[],
  line: (field: AlertField) => string,
): string => fields.map((field) => `{{- if ${field.shownIf} }}${line(field)}{{ end }}`).join('\n');

/** A line on a group of alerts: how many are firing and resolved, and the name and account they share. */
export function title(words: Words, print: Print): string {
  const shared = (label: string): string =>
    `{{- if .CommonLabels.${label} }} · ${print(`.CommonLabels.${label}`)}{{ end }}`;
  return `{{ template "sag_app.mark" . }} SAG APP${words.colon}{{ if .Alerts.Firing }}${words.firing('{{ len .Alerts.Firing }}')}{{ end }}
  {{- if and .Alerts.Firing .Alerts.Resolved }}${words.comma}{{ end }}
  {{- if .Alerts.Resolved }}${words.resolvedCount('{{ len .Alerts.Resolved }}')}{{ end }}
  ${shared('alertname')}
  ${shared('account')}`;
}
