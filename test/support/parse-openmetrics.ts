import { type ParsedFamily, parseExposition } from './parse-exposition.ts';

const END = '# EOF\n';
const HEADER = /^# (HELP|TYPE) (\S+) (.*)$/;
/** Types of OpenMetrics that the exporter has. */
const TYPES = ['counter', 'gauge', 'histogram'];
const CANONICAL_BOUND = /^(?:\+Inf|\d+\.\d+(?:e[+-]\d+)?)$/;

/**
 * Reads OpenMetrics text 1.0.0 as far as the exporter uses it, by its own rules: one end, no blank
 * lines, counters named without `_total`, canonical bounds, no `_created`. Gives the families as the
 * text format would name them.
 *
 * @throws Error at the first violation
 */
export function parseOpenMetrics(text: string): readonly ParsedFamily[] {
  if (!text.endsWith(END)) throw new Error('no # EOF at the end');
  const body = text.slice(0, -END.length);
  if (body !== '' && !body.endsWith('\n')) throw new Error('# EOF does not begin a line');
  const lines = body.split('\n').slice(0, -1);
  const counters = new Set(
    lines.flatMap((line) => {
      const [, keyword, name, rest = ''] = HEADER.exec(line) ?? [];
      if (keyword !== 'TYPE' || name === undefined) return [];
      if (!TYPES.includes(rest)) throw new Error(`unknown type: ${line}`);
      if (name.endsWith('_total')) throw new Error(`a family with a sample's name: ${line}`);
      return rest === 'counter' ? [name] : [];
    }),
  );
  const asText = lines.map((line) => {
    if (!line.startsWith('#')) {
      if (line.trim() !== line || line === '') throw new Error(`blanks: ${line}`);
      if (/^\w+_created[{ ]/.test(line)) throw new Error(`nobody asked for: ${line}`);
      const bound = /^\w+_bucket\{.*le="([^"]*)"/.exec(line)?.[1];
      if (bound !== undefined && !CANONICAL_BOUND.test(bound)) throw new Error(`bound: ${line}`);
      return line.replace(/(?<=^\w+_bucket\{.*le="\d+)\.0(?=")/, '');
    }
    const [, keyword, name = '', rest = ''] = HEADER.exec(line) ?? [];
    if (keyword === undefined) throw new Error(`neither sample nor header: ${line}`);
    const family = counters.has(name) ? `${name}_total` : name;
    // Only OpenMetrics escapes quotes in a help text.
    return `# ${keyword} ${family} ${keyword === 'HELP' ? rest.replaceAll('\\"', '"') : rest}`;
  });
  return parseExposition(asText.map((line) => `${line}\n`).join(''));
}
