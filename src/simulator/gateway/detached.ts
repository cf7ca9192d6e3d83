/**
 * A copy of a text that came with a request, for what is kept longer than the request: a part of
 * the request's text would keep the whole text in memory.
 */
export function detached(text: string): string {
  return Buffer.from(text).toString();
}
