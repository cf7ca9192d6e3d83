/**
 * Whether the text of a file is the beginning of its earlier text, cut within a line. A person who shortens a
 * file removes whole lines; a full disk or an unfinished write does not.
 */
export function isCutShort(before: string, next: string): boolean {
  if (next.length >= before.length || !before.startsWith(next)) return false;
  return next !== '' && !next.endsWith('\n') && !/^\r?\n/.test(before.slice(next.length));
}
