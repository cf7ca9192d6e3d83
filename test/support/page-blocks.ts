/** A fenced block of a page. */
export interface PageBlock {
  /** Path of the page in the project. */
  readonly path: string;
  /** Number of the line with the opening fence. */
  readonly line: number;
  /** The language behind the opening fence; empty for samples of output. */
  readonly language: string;
  /** The block's lines, without the indentation that they share with the fence. */
  readonly text: string;
}

/** The blocks of a page, in order. */
export function blocksOf(page: { readonly path: string; readonly text: string }): PageBlock[] {
  const fences = page.text.matchAll(/^( *)```([^\n]*)\n([\s\S]*?)^\1```$/gm);
  return Array.from(fences, ({ index, 1: indent = '', 2: language = '', 3: text = '' }) => ({
    path: page.path,
    line: page.text.slice(0, index).split('\n').length,
    language,
    text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }));
}
