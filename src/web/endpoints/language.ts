import type { Request } from 'express';
import type { Language } from '../messages/index.ts';

/**
 * The tags that a browser or a URL may name. `zh` stands for every kind of Chinese, since a reader of Chinese
 * can rather read simplified Chinese than English.
 */
const TAGS: ReadonlyMap<string, Language> = new Map([
  ['en', 'en'],
  ['zh-cn', 'zh-CN'],
  ['zh', 'zh-CN'],
]);

/**
 * The language of a page: that of the parameter `lang`, else the one that the browser prefers, else English.
 * An unknown `lang` counts as absent.
 */
export function languageOf(
  request: Request,
  parameters: URLSearchParams,
): { readonly language: Language; readonly isAsked: boolean } {
  const asked = TAGS.get(parameters.get('lang')?.toLowerCase() ?? '');
  if (asked !== undefined) return { language: asked, isAsked: true };
  const preferred = request.acceptsLanguages([...TAGS.keys()]);
  return { language: TAGS.get(preferred || '') ?? 'en', isAsked: false };
}
