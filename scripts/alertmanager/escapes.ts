/** What stands for a byte in a message. The other bytes stand for themselves. */
type Escapes = Readonly<Record<string, string>>;

/** A line break in a value would look like the end of that value. */
const ONE_LINE: Escapes = { '\n': ' ', '\r': ' ', '\t': ' ' };

const entities = (characters: string): Escapes =>
  Object.fromEntries([...characters].map((each) => [each, `&#${each.charCodeAt(0)};`]));

/** WeCom makes a link of `<a>` in a plain text, and a mention of `<@user>`. */
export const PLAIN_TEXT: Escapes = { ...ONE_LINE, '<': '＜' };

/** Everything that means something in the Markdown of DingTalk or Feishu. */
export const MARKDOWN_ENTITIES: Escapes = { ...ONE_LINE, ...entities('&<>*_~`[]#|\\') };

/** What would end the target of a Markdown link. */
export const URL_ESCAPES: Escapes = {
  ...Object.fromEntries(
    [...' ()<>"\\'].map((each) => [each, `%${each.charCodeAt(0).toString(16).toUpperCase()}`]),
  ),
  '\n': '',
  '\r': '',
  '\t': '',
};

/** The expressions that take a text apart. No function for it means the same in all programs. */
export interface Dialect {
  /** The first byte of the dot. */
  readonly first: string;
  /** The other bytes of the dot. */
  readonly rest: string;
}

/** Go's own function, in Alertmanager and alertmanager-webhook-adapter. */
export const GO: Dialect = { first: 'slice . 0 1', rest: 'slice . 1' };
/** The library Sprig, in prometheus-webhook-dingtalk. Its `slice` takes no text. */
export const SPRIG: Dialect = { first: 'substr 0 1 .', rest: 'substr 1 -1 .' };

/** A template that prints a text with its escapes: the first byte, and then, by calling itself, the rest. */
export function escapeTemplate(name: string, escapes: Escapes, { first, rest }: Dialect): string {
  const replaced = Object.entries(escapes).map(
    ([byte, by]) => `if eq $byte ${JSON.stringify(byte)} }}${by}{{ `,
  );
  return `{{ define "${name}" }}{{ if . }}{{ $byte := ${first} }}
  {{- ${replaced.join('else ')}else }}{{ $byte }}{{ end }}
  {{- template "${name}" (${rest}) }}{{ end }}{{ end }}`;
}
