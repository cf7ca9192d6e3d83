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

export interface Quirk<Schema extends z.ZodType> {
  readonly takes: Schema;
  /** The reading of the API's pages, or of most of these pages. */
  readonly byDefault: Readonly<z.output<Schema>>;
  /** The reading of the preset `live`. @default `byDefault` */
  readonly live?: Readonly<z.output<Schema>>;
  /** One sentence for the reference: the effect of the switch. */
  readonly does: string;
  /** The source of the other readings. */
  readonly source: string;
  readonly certainty: Certainty;
}

/** Returns the row as it is; the compiler checks it against its own schema. */
export const quirk = <Schema extends z.ZodType>(row: Quirk<Schema>): Quirk<Schema> => row;

/** A quirk with a reading for each word; the first is the default. */
export const choice = <const Words extends readonly [string, ...string[]]>(
  words: Words,
  row: Omit<Quirk<ReturnType<typeof oneOf<Words>>>, 'takes' | 'byDefault'>,
) =>
  // The cast is safe: each word is a reading of its own enumeration.
  quirk({ takes: oneOf(words), byDefault: words[0] as never, ...row });

/** A quirk that is off by default. */
export const toggle = (row: Omit<Quirk<z.ZodBoolean>, 'takes' | 'byDefault'>) =>
  quirk({ takes: flag(), byDefault: false, ...row });
