import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** The content of an element: its text, or its children by name. Several children of one name are a list. */
export type XmlContent = string | readonly XmlContent[] | { readonly [name: string]: XmlContent };

/** Reads a document with a parser that is not ours. @throws when it is not well-formed */
export function readXml(text: string): { readonly root: string; readonly content: XmlContent } {
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new Error(`${valid.err.msg} in ${text}`);
  const parser = new XMLParser({
    parseTagValue: false,
    ignoreDeclaration: true,
    htmlEntities: true,
    trimValues: false,
  });
  const document = parser.parse(text) as Record<string, XmlContent>;
  const [root = '', ...others] = Object.keys(document);
  if (others.length > 0) throw new Error(`More than one root: ${others.join(', ')}`);
  return { root, content: document[root] ?? '' };
}

/**
 * Turns a JSON reply into what XML shows: values are texts, empty lists are missing, a list of one element is that
 * element.
 */
export function inXml(value: unknown): XmlContent {
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = Object.entries(value).flatMap(([name, field]): [string, XmlContent][] => {
    if (!Array.isArray(field)) return [[name, inXml(field)]];
    const items = field.map(inXml);
    if (items.length > 1) return [[name, items]];
    return items[0] === undefined ? [] : [[name, items[0]]];
  });
  return fields.length === 0 ? '' : Object.fromEntries(fields);
}
