import { expect } from 'vitest';

/** The text of a piece of HTML, as a person reads it. */
export const read = (html: string): string =>
  html
    .replaceAll('<wbr>', '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** The rows of the table of that label, each the texts of its cells. */
export function rows(page: string, label: string): readonly (readonly string[])[] {
  const from = page.indexOf(`aria-label="${label}"`);
  expect(from).toBeGreaterThan(0);
  const body = /<tbody[^>]*>(.*?)<\/tbody>/s.exec(page.slice(from))?.[1] ?? '';
  return [...body.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t([hd])[^>]*>(.*?)<\/t\1>/gs)].map(([, , cell = '']) => read(cell)),
  );
}
