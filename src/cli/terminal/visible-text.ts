/**
 * What a terminal does not show as a character of its own: controls, formats (among them those that
 * turn the direction of writing), separators of lines, halves of characters, what Unicode has not
 * assigned, and characters that are ignored, so that two names that differ look different.
 */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Foreign text for a terminal: on one line, and unable to command it. */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) => `\\u{${codePoint(character).toString(16)}}`);
}

/** The value as indented JSON that is the same to a parser and harmless to a terminal. */
export function visibleJson(value: unknown): string {
  // JSON itself escapes only the controls below 0x20; its own line breaks must stay.
  return JSON.stringify(value, undefined, 2).replace(HIDDEN, (character) =>
    character === '\n' ? character : jsonEscape(character),
  );
}

/** A character beyond 16 bits is two escapes. */
function jsonEscape(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0;
}
