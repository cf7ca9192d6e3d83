import escapeHtml from 'escape-html';

/** HTML that may stand in a page as it is. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may be put into HTML: text is escaped, whoever wrote it; nothing is nothing. */
export type Content = Html | string | number | undefined | false | readonly Content[];

/** HTML with things put into it; a text can be neither markup nor leave its attribute's quotes. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Html {
  let text = parts[0] ?? '';
  for (const [index, content] of contents.entries())
    text += render(content) + (parts[index + 1] ?? '');
  return new Html(text);
}

function render(content: Content): string {
  if (content === undefined || content === false) return '';
  if (content instanceof Html) return content.text;
  if (typeof content === 'object') return content.map(render).join('');
  return escapeHtml(String(content));
}

/** A name that somebody else gave: its direction of writing stays its own. */
export function foreign(text: string): Html {
  return html`<bdi>${text}</bdi>`;
}
