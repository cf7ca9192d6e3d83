import type { z } from 'zod';

/** How sure it is that the live API can be met in another value than the default; see the legend. */
export type Certainty = keyof typeof CERTAINTIES;

/** The legend of docs/simulator.md. */
export const CERTAINTIES = {
  high: "Several of Alibaba's own pages or SDKs show it.",
  medium: 'One source shows it, and nothing contradicts it.',
  low: 'It is concluded from a gap or a slip in the pages; no source shows it.',
} as const;

/** One doubtful fact of the API: a switch between its readings. */
export interface Quirk<Schema extends z.ZodType> {
  /** The readings. */
  readonly takes: Schema;
  /** The reading of the API's pages, or of most of them. */
  readonly byDefault: Readonly<z.output<Schema>>;
  /** The reading of the preset `live`. @default the default */
  readonly live?: Readonly<z.output<Schema>>;
  /** What the switch changes, in a sentence for people. */
  readonly does: string;
  /** Where the other readings come from. */
  readonly source: string;
  readonly certainty: Certainty;
}

/** Checks a row of the table against its own schema. */
export const quirk = <Schema extends z.ZodType>(row: Quirk<Schema>): Quirk<Schema> => row;
