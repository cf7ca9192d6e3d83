import { type Text, text } from '../../grafana/source/text.ts';

/** The labels that identify an instance. */
const INSTANCE: readonly string[] = ['account', 'region_id', 'instance_id'];

/** Selects the series of a metric that have the alert's values of these labels, which `queryOf` puts in. */
export function selector(metric: string, labels = INSTANCE, matching = ''): string {
  const matchers = [...labels.map((label) => `${label}=%q`), matching];
  return `${metric}{${matchers.filter((matcher) => matcher !== '').join(',')}}`;
}

/** A pipeline of a Go template that runs a query. Each `%q` stands for the alert's value of a label. */
export function queryOf(query: string, labels = INSTANCE): string {
  const values = labels.map((label) => `$labels.${label}`).join(' ');
  return `printf "${query.replaceAll('"', '\\"')}" ${values} | query`;
}

/** Shows the value of the alert's series of a metric, formatted by a pipeline that begins with `value`. */
export const showValue = (metric: string, format = 'value', labels = INSTANCE): string =>
  `{{ with ${queryOf(selector(metric, labels), labels)} }}{{ . | first | ${format} }}{{ end }}`;

/** Shows a threshold of thresholds.yml, formatted by a function such as `humanizePercentage`. */
export const showThreshold = (name: string, format: string): string =>
  `{{ with query "sag_app:threshold:${name}" }}{{ . | first | value | ${format} }}{{ end }}`;

/** The name of the alert's instance, and its place. */
export const WHICH_INSTANCE: Text = text(
  '{{ $labels.name }} ({{ $labels.instance_id }}, account {{ $labels.account }}, {{ $labels.region_id }})',
  '{{ $labels.name }}（{{ $labels.instance_id }}，阿里云账号 {{ $labels.account }}，{{ $labels.region_id }}）',
);
