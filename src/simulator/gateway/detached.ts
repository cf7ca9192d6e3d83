/**
 * Copies a part of a request's text that is kept longer than the request. Without the copy, V8 would keep the
 * whole text in memory as long as the part.
 */
export function detached(text: string): string {
  return Buffer.from(text).toString();
}
