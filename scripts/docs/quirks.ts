import { z } from 'zod';
import { written } from '../../src/simulator/rules/quirks/keys.ts';
import { CERTAINTIES } from '../../src/simulator/rules/quirks/quirk.ts';
import { QUIRK_ROWS } from '../../src/simulator/rules/quirks/table.ts';

/** The list of quirks in docs/simulator.md. */
export function quirkReference(): string {
  const legend = Object.entries(CERTAINTIES).map(([word, means]) => `- **${word}**: ${means}`);
  const rows = QUIRK_ROWS.map(([name, { takes, byDefault, live, does, source, certainty }]) => {
    const cells = [
      `\`${written(name)}\``,
      does,
      readingsOf(takes),
      code(byDefault),
      live === undefined ? '' : code(live),
      source,
      certainty,
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return `${legend.join('\n')}

| quirk | what it changes | readings | default | \`live\` | source of the other readings | how sure |
|---|---|---|---|---|---|---|
${rows.join('\n')}`;
}

/** The words that a quirk accepts, or the kind of its value. */
function readingsOf(takes: z.ZodType): string {
  const { type, enum: words, items, minimum, maximum } = z.toJSONSchema(takes, { io: 'input' });
  if (words !== undefined) return words.map(code).join(', ');
  switch (type) {
    case 'array': {
      const of = typeof items === 'object' && !Array.isArray(items) ? items.enum : undefined;
      return of === undefined ? 'a list of texts' : `a list of ${of.map(code).join(', ')}`;
    }
    case 'boolean':
      return '`true`, `false`';
    case 'integer':
    case 'number':
      return maximum === undefined || maximum === Number.MAX_SAFE_INTEGER
        ? `${minimum} or more`
        : `${minimum} to ${maximum}`;
    case 'object':
      return 'a mapping of codes to statuses';
    default:
      return 'a text';
  }
}

/** A value as it is written in a scenario. */
function code(value: unknown): string {
  if (typeof value === 'string')
    return `\`${value.trim() === value && value !== '' ? value : `'${value}'`}\``;
  return Array.isArray(value) ? `\`[${value.join(', ')}]\`` : `\`${JSON.stringify(value)}\``;
}
