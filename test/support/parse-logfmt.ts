/**
 * Parses a line of logfmt as strictly as github.com/go-logfmt/logfmt, the parser of Loki and go-kit: keys hold no
 * blank, quote or equals sign; an unquoted value holds none either; a quoted value is escaped like a JSON string.
 *
 * @throws Error with the position of the first character that does not belong there
 */
export function parseLogfmt(line: string): readonly (readonly [key: string, value: string])[] {
  const pairs: [string, string][] = [];
  const pair =
    /([^\s="\p{Cc}\ufffd]+)=(?:"((?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*)"|([^\s="\p{Cc}]*))(?: |$)/uy;
  while (pair.lastIndex < line.length) {
    const { lastIndex } = pair;
    const match = pair.exec(line);
    if (!match) throw new Error(`no pair of key and value at position ${lastIndex} of: ${line}`);
    const [, key = '', quoted, plain = ''] = match;
    const value = quoted === undefined ? plain : String(JSON.parse(`"${quoted}"`));
    // Go replaces half a surrogate pair by U+FFFD.
    pairs.push([key, value.toWellFormed()]);
  }
  return pairs;
}
