import type { z } from 'zod';

/** How certain it is that the live API sometimes differs from the default. */
export type Certainty = keyof typeof CERTAINTIES;

/** The legend of docs/simulator.md. */
export const CERTAINTIES = {
  high: "Several of Alibaba's own pages or SDKs show it.",
  medium: 'One source shows it, and nothing contradicts it.',
  low: 'No source shows it. It follows from a gap or a mistake in the pages.',
} as const;

/** A switch between the readings of one doubtful fact of the API. */
export interface Quirk<Schema extends z.ZodType> {
  /** The readings. */
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
