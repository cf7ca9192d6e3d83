/** The text of a page without its fenced blocks, in which `#` and `](` mean something else. */
export function withoutBlocks(text: string): string {
  return text.replace(/^( *)```[\s\S]*?^\1```$/gm, '');
}

export interface Heading {
  /** Number of `#`. */
  readonly level: number;
  readonly title: string;
  /** The anchor that GitHub gives to the heading. A repeated title gets a number. */
  readonly anchor: string;
}

/** The headings of a page, in order. */
export function headingsOf(text: string): readonly Heading[] {
  const anchors = new Set<string>();
  return Array.from(
    withoutBlocks(text).matchAll(/^(#{1,6}) (.*)$/gm),
    ([, { length: level } = '', title = '']) => {
      const plain = title
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-');
      let anchor = plain;
      for (let n = 1; anchors.has(anchor); n++) anchor = `${plain}-${n}`;
      anchors.add(anchor);
      return { level, title, anchor };
    },
  );
}

/** Matches the address of a link or picture, `](…)`, or a bare address, `<https://…>`. */
export const LINK = /(?<=\]\()[^)\s]+(?=\))|(?<=<)https?:[^>\s]+(?=>)/g;

/** The addresses of a page's links and pictures, in order. */
export function linksOf(text: string): readonly string[] {
  return withoutBlocks(text).match(LINK) ?? [];
}

/** Whether an address leads to a file of the project or to a heading. */
export function isInside(link: string): boolean {
  return !/^[a-z]+:/.test(link);
}
