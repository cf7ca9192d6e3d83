import { INSTANCE_QUIRKS } from './instances.ts';
import { PROTOCOL_QUIRKS } from './protocol.ts';
import type { Quirk } from './quirk.ts';
import { REPLY_QUIRKS } from './replies.ts';
import { USER_QUIRKS } from './users.ts';

/**
 * Every doubtful fact of the API. The documents contradict each other or the live API about it, or do not
 * mention it.
 */
const QUIRKS = {
  ...INSTANCE_QUIRKS,
  ...USER_QUIRKS,
  ...REPLY_QUIRKS,
  ...PROTOCOL_QUIRKS,
};

export type Quirks = {
  readonly [Name in QuirkName]: (typeof QUIRKS)[Name]['byDefault'];
};

export type QuirkName = keyof typeof QUIRKS;

export const QUIRK_ROWS = Object.entries(QUIRKS) as readonly (readonly [
  name: QuirkName,
  row: Quirk<unknown>,
])[];

// The cast is safe: `quirk` has checked that each row's readings have the row's own type.
const readings = (of: (row: Quirk<unknown>) => unknown): Quirks =>
  Object.fromEntries(QUIRK_ROWS.map(([name, row]) => [name, of(row)])) as Quirks;

/** For each quirk, the reading that the documents give most often. */
export const DEFAULT_QUIRKS: Quirks = readings(({ byDefault }) => byDefault);

export const QUIRK_PRESETS = {
  documented: DEFAULT_QUIRKS,
  /** The likeliest readings of the live API, judged by public evidence. */
  live: readings(({ live, byDefault }) => live ?? byDefault),
} as const satisfies Readonly<Record<string, Quirks>>;

export type QuirkPreset = keyof typeof QUIRK_PRESETS;
