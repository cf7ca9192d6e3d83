import type { z } from 'zod';
import { oneOf, section } from '../../../input/values.ts';
import {
  DEFAULT_QUIRKS,
  QUIRK_PRESETS,
  QUIRK_ROWS,
  type QuirkPreset,
  type Quirks,
} from './table.ts';

const PRESETS = Object.keys(QUIRK_PRESETS) as QuirkPreset[];

const KEYS: Readonly<Record<string, z.ZodType>> = {
  preset: oneOf(PRESETS)
    .optional()
    .describe(
      'What to begin with: `documented`, or `live`, which is likeliest of the live API; without one, what is not named stays.',
    ),
  ...Object.fromEntries(
    QUIRK_ROWS.map(([name, { takes, does }]) => [written(name), takes.optional().describe(does)]),
  ),
};

/** Quirks as people write them: a preset, single ones, or both; read into those that were given. */
export const quirkKeys = () => section(KEYS).transform(toQuirks);

/** The quirks that are not as the documents have them, as people write them. */
export function writtenQuirks(quirks: Quirks): Readonly<Record<string, unknown>> {
  const names = QUIRK_ROWS.map(([name]) => name);
  return Object.fromEntries(
    names
      .filter((name) => quirks[name] !== DEFAULT_QUIRKS[name])
      .map((name) => [written(name), quirks[name]]),
  );
}

/** The name of a quirk in scenarios and the control API. */
export function written(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function toQuirks(keys: Readonly<Record<string, unknown>>): Partial<Quirks> {
  const preset = keys['preset'] as QuirkPreset | undefined;
  const given = QUIRK_ROWS.map(([name]) => [name, keys[written(name)]] as const).filter(
    ([, value]) => value !== undefined,
  );
  // Each value has passed the schema of its row.
  const single = Object.fromEntries(given) as Partial<Quirks>;
  return { ...(preset !== undefined && QUIRK_PRESETS[preset]), ...single };
}
