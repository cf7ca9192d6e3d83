import { stackOf } from '../../source-positions.ts';

/**
 * Describes an unhandled error by its stack and those of its causes. Other fields of an error, such as a
 * request, may hold secrets and are left out. src/main.ts catches such errors and ends the process.
 */
export function describeDefect(error: unknown): string {
  if (!(error instanceof Error)) return `a value that is no Error was thrown (${typeof error})`;
  const stack = stackOf(error);
  return error.cause === undefined ? stack : `${stack}\ncaused by ${describeDefect(error.cause)}`;
}
