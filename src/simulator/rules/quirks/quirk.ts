import type { z } from 'zod';
import { flag, oneOf } from '../../../input/values.ts';

/** How certain it is that the live API sometimes differs from the default. */
export type Certainty = keyof typeof CERTAINTIES;

/** The legend of docs/simulator.md. */
export const CERTAINTIES = {
  high: "Several of Alibaba's own pages or SDKs show it.",
  medium: 'One source shows it, and nothing contradicts it.',
  low: 'No source shows it. It follows from a gap or a mistake in the pages.',
} as const;

export interface Quirk<Reading> {
  readonly takes: z.ZodType<Reading>;
  /** The reading of the API's pages, or of most of these pages. */
  readonly byDefault: Readonly<Reading>;
  /** The reading of the preset `live`. @default `byDefault` */
  readonly live?: Readonly<Reading>;
  /** One sentence for the reference: the effect of the switch. */
  readonly does: string;
  /** The source of the other readings. */
  readonly source: string;
  readonly certainty: Certainty;
}

/** Returns the row as it is; the compiler checks that its readings have the type that its schema gives. */
export const quirk = <Reading>(row: Quirk<Reading>): Quirk<Reading> => row;

/** A quirk with a reading for each word; the first is the default. */
export const choice = <const Words extends readonly [string, ...string[]]>(
  words: Words,
  row: Omit<Quirk<Words[number]>, 'takes' | 'byDefault'>,
): Quirk<Words[number]> =>
  // The cast is safe: each word is a reading.
  ({ takes: oneOf(words), byDefault: words[0] as never, ...row });

/** A quirk that is off by default. */
export const toggle = (row: Omit<Quirk<boolean>, 'takes' | 'byDefault'>): Quirk<boolean> => ({
  takes: flag(),
  byDefault: false,
  ...row,
});
