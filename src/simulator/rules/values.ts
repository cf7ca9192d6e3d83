import { z } from 'zod';
import { duration, integer } from '../../input/values.ts';

export function ratio() {
  const error = 'a number from 0 to 1';
  return z.number({ error }).min(0, { error }).max(1, { error });
}

/** A duration of at least 1 ms. */
export const someTime = () => duration(1);

/** An HTTP status of a final answer. */
export const httpStatus = () => integer(200, 599);

/** `true`, for an effect without a value. */
export const yes = () => z.literal(true, { error: 'true' });
