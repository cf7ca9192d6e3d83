import type { Build } from '../../metrics/self-metrics.ts';
import type { Language, Messages } from '../messages/index.ts';

/** What every part of a page needs besides its data. */
export interface PageContext {
  /** Relative path from the page to the exporter's root, so that a proxy may add any prefix. */
  readonly root: string;
  readonly telemetryPath: string;
  readonly build: Build;
  /** A part of the addresses of style and script, so that browsers do not use the files of another build. */
  readonly assetsVersion: string;
  readonly language: Language;
  readonly messages: Messages;
  /** Whether the URL names the language. Then the links to other pages name it too. */
  readonly isLanguageAsked: boolean;
  /** The parameters of the URL of the page. */
  readonly parameters: URLSearchParams;
}

/** Adds the language to the parameters of a link if the URL of the page names it. */
export function withLanguage(
  { language, isLanguageAsked }: PageContext,
  parameters = new URLSearchParams(),
): URLSearchParams {
  if (isLanguageAsked) parameters.set('lang', language);
  return parameters;
}

/**
 * The address of another page.
 *
 * @param path relative to the exporter's root
 */
export function pageAddress(
  context: PageContext,
  path: string,
  parameters?: Readonly<Record<string, string>>,
): string {
  const query = withLanguage(context, new URLSearchParams(parameters)).toString();
  return `${context.root}${path}${query === '' ? '' : `?${query}`}`;
}
