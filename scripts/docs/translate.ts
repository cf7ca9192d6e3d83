/** Gives the text of a generated page for the same text in English. */
export type Translate = (english: string) => string;

export const inEnglish: Translate = (english) => english;

/**
 * Generates a text in Chinese.
 *
 * @param texts the Chinese texts by their English texts, so that a changed English text needs a new Chinese one
 * @throws Error that names the English texts without a Chinese one, and the Chinese texts that were not used
 */
export function inChinese(
  texts: Readonly<Record<string, string>>,
  generate: (translate: Translate) => string,
): string {
  const unused = new Set(Object.keys(texts));
  const missing = new Set<string>();
  const generated = generate((english) => {
    unused.delete(english);
    const chinese = texts[english];
    if (chinese === undefined) missing.add(english);
    return chinese ?? english;
  });
  const problems = [
    ...Array.from(missing, (english) => `no Chinese text for: ${english}`),
    ...Array.from(unused, (english) => `Chinese text that is not used: ${english}`),
  ];
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return generated;
}
