import { z } from 'zod';
import { ERROR_KINDS, type ErrorKind } from '../../model/api-error.ts';

/** Text of a state file. It is repaired like all text that comes in, because the file may have been changed. */
export const text = z.string().overwrite((value) => value.toWellFormed());

export const number = z.number();

/** Empty also where a number was not finite: JSON has null in its place. */
export const optionalNumber = number.nullish();

/** See StageData. */
export const stageData = z.object({
  startedAt: number.exactOptional(),
  lastSuccess: number.exactOptional(),
  staleFrom: number,
  lastDuration: number.exactOptional(),
  ended: z.enum(['never', 'well', 'badly']),
  failure: z
    .object({
      kind: z.enum(Object.keys(ERROR_KINDS) as ErrorKind[]),
      operation: text,
      code: text.exactOptional(),
      requestId: text.exactOptional(),
      httpStatus: number.exactOptional(),
    })
    .exactOptional(),
});

type PresentFields<Fields> = { [Key in keyof Fields]?: NonNullable<Fields[Key]> };

/** Copies the fields that are neither undefined nor null. */
export function presentFields<Fields extends object>(fields: Fields): PresentFields<Fields> {
  const entries = Object.entries(fields).filter(([, value]) => value != null);
  return Object.fromEntries(entries) as PresentFields<Fields>;
}
