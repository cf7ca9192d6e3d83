/** The `code` of a system error, such as `ECONNREFUSED`; empty when the error has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
