/**
 * Copies a text of a request that is kept longer than the request. Without the copy, V8 would keep
 * the whole text of the request in memory for the sake of the part.
 */
export function detached(text: string): string {
  return Buffer.from(text).toString();
}
