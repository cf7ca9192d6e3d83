import { isUtf8 } from 'node:buffer';

/** A file exists and cannot be used. The message follows "got" and does not quote the file. */
export class UnusableFileError extends Error {
  override readonly name = 'UnusableFileError';
  /** Named like the codes of system errors, because messages show both. */
  readonly code: 'NOT_A_FILE' | 'NO_ANSWER' | 'TOO_LARGE' | 'NOT_UTF8';

  constructor(code: UnusableFileError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

const LINE_END = 0x0a;

/**
 * Decodes a file in UTF-8 and removes its byte order mark. Other encodings are refused: decoded as UTF-8,
 * they would give names that look right and are wrong.
 *
 * @throws UnusableFileError
 */
export function textOfBytes(bytes: Buffer): string {
  // A text in UTF-16 begins with one of two marks. Without a mark, each of its ASCII letters has a zero byte.
  const mark = bytes.subarray(0, 2).toString('hex');
  if (mark === 'fffe' || mark === 'feff' || bytes.includes(0)) {
    throw new UnusableFileError(
      'NOT_UTF8',
      'a file in UTF-16, or not a text file; save it as UTF-8',
    );
  }
  if (!isUtf8(bytes)) {
    const line = firstWrongLine(bytes);
    throw new UnusableFileError(
      'NOT_UTF8',
      `a file that is not UTF-8 (line ${line}); save it as UTF-8`,
    );
  }
  return new TextDecoder().decode(bytes);
}

/** The number of the first line that is not UTF-8; line numbers start at 1. */
function firstWrongLine(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(LINE_END, start);
    const next = end === -1 ? bytes.length : end + 1;
    if (!isUtf8(bytes.subarray(start, next))) return line;
    start = next;
  }
  return line;
}
