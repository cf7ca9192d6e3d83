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
      'The values to start from: `documented`, or `live`, the likeliest values of the live API. Without a preset, quirks that are not named keep their values.',
    ),
  ...Object.fromEntries(
    QUIRK_ROWS.map(([name, { takes, does }]) => [written(name), takes.optional().describe(does)]),
  ),
};

/** Reads quirks in scenarios and the control API: a preset, single quirks, or both. */
export const quirkKeys = () => section(KEYS).transform(toQuirks);

/** The quirks that differ from the default, under their names in scenarios. */
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
