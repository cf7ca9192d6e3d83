import escapeHtml from 'escape-html';

/** A piece of HTML that needs no escaping. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Content of HTML. Texts are escaped; undefined and false are left out. */
export type Content = Html | string | number | undefined | false | readonly Content[];

/** A template tag that escapes the texts in it, so they can neither add markup nor end an attribute. */
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

/**
 * Puts contents, such as links and times, in the places of the parameters of a message.
 *
 * @param message makes a text of texts, in the order of its language
 */
export function filled(
  message: (...texts: string[]) => string,
  ...contents: readonly Content[]
): Content {
  // A message has no NUL, so each NUL of the text is the border of a place.
  const text = message(...contents.map((_, index) => `\0${index}\0`));
  return text.split('\0').map((part, at) => (at % 2 === 1 ? contents[Number(part)] : part));
}

/**
 * Isolates a text that comes from outside, so that right-to-left characters in it cannot reorder the text
 * around it.
 */
export function foreign(text: string): Html {
  return html`<bdi>${text}</bdi>`;
}
