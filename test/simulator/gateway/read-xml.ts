import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** An element's content: its text, or its children by name; several of one name as a list. */
export type XmlContent = string | readonly XmlContent[] | { readonly [name: string]: XmlContent };

/** Reads a document with somebody else's parser. Throws where it is not well-formed. */
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

/** What a JSON reply is in XML: all texts, lists of none left out, lists of one as their element. */
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
