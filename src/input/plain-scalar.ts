import { isScalar, parseDocument } from 'yaml';

/** What `text` means in YAML where it stands unquoted: a number, a boolean, or else itself. */
export function readPlainScalar(text: string): unknown {
  const document = parseDocument(text, { schema: 'core' });
  const node = document.contents;
  const plain = document.errors.length === 0 && isScalar(node) && node.type === 'PLAIN';
  return plain ? node.value : text;
}
