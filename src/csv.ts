/**
 * Begins a CSV file that people open in a spreadsheet. Without it, Excel reads the file in the code page of the
 * system: Chinese names become garbage on a Chinese Windows. Programs that read standard output do not expect
 * it.
 */
export const BYTE_ORDER_MARK = '\uFEFF';

/** The media type of CSV, for HTTP. */
export const CSV_TYPE = 'text/csv; charset=utf-8; header=present';

/** Unknown values are empty cells. */
export type CsvCell = string | number | boolean | undefined;

/**
 * Writes a record as RFC 4180 says, with its CRLF. Texts that a spreadsheet would run as a formula are defused.
 * Numbers are not: a negative number is no formula.
 *
 * csv-stringify 6.9 is not used, because it leaves cells with a bare CR or LF unquoted and defuses the beginning
 * of a cell only.
 */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}

/**
 * The places where a spreadsheet may see the beginning of a formula. OWASP lists the characters under "CSV
 * Injection"; the wide ones begin formulas in Chinese and Japanese versions. Google Sheets ignores spaces before
 * a formula. Where the comma is the decimal separator, spreadsheets split lines at semicolons, so a formula may
 * also begin after a semicolon or a line break, even after a quote.
 */
const FORMULAS = /^(?=[\t\r\n])|(?<=^|[;\t\r\n])(?=[ "]*[=+\-@＝＋－＠])/g;

function cellText(cell: CsvCell): string {
  if (cell === undefined) return '';
  if (typeof cell !== 'string') return String(cell);
  // The apostrophe tells a spreadsheet that the rest is text.
  const text = cell.replace(FORMULAS, "'");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
