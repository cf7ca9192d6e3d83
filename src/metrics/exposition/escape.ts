const IN_VALUE = /[\\"\n]/g;
const IN_HELP = /[\\\n]/g;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

const escaped = (char: string): string => ESCAPES[char] ?? char;

/** A label value as it stands between quotes. */
export function labelValue(value: string): string {
  return value.replace(IN_VALUE, escaped);
}

/** A help text as it stands behind `# HELP`. */
export function helpText(help: string): string {
  return help.replace(IN_HELP, escaped);
}

/** The same in OpenMetrics, where quotes are escaped too. */
export function quotedHelpText(help: string): string {
  return help.replace(IN_VALUE, escaped);
}

/** A sample's value in the text formats. */
export function sampleValue(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}
