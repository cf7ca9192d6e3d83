import escapeHtml from 'escape-html';
import { isList, type Reply, type Value } from './reply.ts';

/** Characters that XML 1.0 cannot contain, even when escaped: most control characters, and lone surrogates. */
const IMPOSSIBLE = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/**
 * Writes a reply as XML under its root element. Each item of a list becomes an element with the name of the
 * list, so `{"Users":{"User":[…]}}` is `<Users><User>…</User><User>…</User></Users>`, as in the samples.
 */
export function writeXml(root: string, reply: Reply, omit: ReadonlySet<string>): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${element(root, reply, omit)}`;
}

function element(name: string, value: Value, omit: ReadonlySet<string>): string {
  if (value === undefined) return '';
  if (typeof value !== 'object') return `<${name}>${text(value)}</${name}>`;
  if (isList(value)) return value.map((item) => element(name, item, omit)).join('');
  const fields = Object.entries(value)
    .filter(([field]) => !omit.has(field))
    .map(([field, content]) => element(field, content, omit));
  return `<${name}>${fields.join('')}</${name}>`;
}

function text(value: string | number | bigint | boolean): string {
  return escapeHtml(String(value).replace(IMPOSSIBLE, '\u{FFFD}'));
}
