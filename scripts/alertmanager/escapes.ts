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

/** A template that prints a text with its escapes. */
export function escapeTemplate(name: string, escapes: Escapes): string {
  const replaced = Object.entries(escapes).map(
    ([byte, by]) => `if eq $byte ${goString(byte)} }}${by}{{ `,
  );
  return `{{ define "${name}" }}{{ if . }}{{ $byte := slice . 0 1 }}
  {{- ${replaced.join('else ')}else }}{{ $byte }}{{ end }}
  {{- template "${name}" (slice . 1) }}{{ end }}{{ end }}`;
}

const goString = (text: string): string => JSON.stringify(text);
