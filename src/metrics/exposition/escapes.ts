const SPECIAL = /[\\"\n]/g;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

/** Escapes a text that is written between quotes, such as the value of a label. */
export function quotable(text: string): string {
  return text.replace(SPECIAL, (char) => ESCAPES[char] ?? char);
}

/** Escapes a help text for the text format, which leaves quotes as they are, unlike OpenMetrics. */
export function helpText(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
