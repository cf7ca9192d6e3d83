import type { z } from 'zod';
import { INSTANCE_QUIRKS } from './instances.ts';
import { PROTOCOL_QUIRKS } from './protocol.ts';
import type { Quirk } from './quirk.ts';
import { REPLY_QUIRKS } from './replies.ts';
import { USER_QUIRKS } from './users.ts';

/** Every doubtful fact of the API: the documents contradict each other, or the live API. */
const QUIRKS = {
  ...INSTANCE_QUIRKS,
  ...USER_QUIRKS,
  ...REPLY_QUIRKS,
  ...PROTOCOL_QUIRKS,
};

/** A reading of each. */
export type Quirks = {
  readonly [Name in QuirkName]: Readonly<z.output<(typeof QUIRKS)[Name]['takes']>>;
};

export type QuirkName = keyof typeof QUIRKS;

/** The rows of all quirks, without their own types. */
export const QUIRK_ROWS = Object.entries(QUIRKS) as readonly (readonly [
  name: QuirkName,
  row: Quirk<z.ZodType>,
])[];

// Made from the rows, of which the compiler knows that each has a reading of its own type.
const readings = (of: (row: Quirk<z.ZodType>) => unknown): Quirks =>
  Object.fromEntries(QUIRK_ROWS.map(([name, row]) => [name, of(row)])) as Quirks;

/** What the documents say most often. */
export const DEFAULT_QUIRKS: Quirks = readings(({ byDefault }) => byDefault);

/** Combinations of readings, by name. */
export const QUIRK_PRESETS = {
  documented: DEFAULT_QUIRKS,
  /** What is likeliest of the live API, as far as public evidence goes. */
  live: readings(({ live, byDefault }) => live ?? byDefault),
} as const satisfies Readonly<Record<string, Quirks>>;

export type QuirkPreset = keyof typeof QUIRK_PRESETS;
