import { isScalar, parseDocument } from 'yaml';

/** Reads `text` as an unquoted scalar of YAML: a number, a boolean, or the text itself. */
export function readPlainScalar(text: string): unknown {
  const document = parseDocument(text, { schema: 'core' });
  const node = document.contents;
  const plain = document.errors.length === 0 && isScalar(node) && node.type === 'PLAIN';
  return plain ? node.value : text;
}
