/**
 * An error nobody handled, with where it came from. Only its stack is told: other fields of an
 * error, a request for instance, may hold secrets.
 */
export function describeDefect(error: unknown): string {
  if (!(error instanceof Error)) return `something that is no Error was thrown (${typeof error})`;
  const stack = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause === undefined ? stack : `${stack}\ncaused by ${describeDefect(error.cause)}`;
}
