import { z } from 'zod';

/** Text of a state file. It is repaired like all text that comes in, because the file may have been changed. */
export const text = z.string().overwrite((value) => value.toWellFormed());

export const number = z.number();

/** Empty also where a number was not finite: JSON has null in its place. */
export const optionalNumber = number.nullish();

/** See StageData. */
export const stageData = z.object({
  startedAt: number.exactOptional(),
  lastSuccess: number.exactOptional(),
  lastDuration: number.exactOptional(),
  ended: z.enum(['never', 'well', 'badly']),
});

type PresentFields<Fields> = { [Key in keyof Fields]?: NonNullable<Fields[Key]> };

/** Copies the fields that are neither undefined nor null. */
export function presentFields<Fields extends object>(fields: Fields): PresentFields<Fields> {
  const entries = Object.entries(fields).filter(([, value]) => value != null);
  return Object.fromEntries(entries) as PresentFields<Fields>;
}
