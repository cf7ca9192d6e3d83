import { isUtf8 } from 'node:buffer';

/** A file exists and cannot be used. The message completes "got ..." and quotes nothing of the file. */
export class UnusableFileError extends Error {
  override readonly name = 'UnusableFileError';
  /** Named like the codes of system errors, since messages show either. */
  readonly code: 'NOT_A_FILE' | 'NO_ANSWER' | 'TOO_LARGE' | 'NOT_UTF8';

  constructor(code: UnusableFileError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

const LINE_END = 0x0a;

/**
 * The text of a file in UTF-8, without a byte order mark. Other encodings are refused: decoded as
 * UTF-8 they would give keys and names that look right and are not.
 *
 * @throws UnusableFileError
 */
export function textOfBytes(bytes: Buffer): string {
  // Texts in UTF-16 begin with one of two marks. Without a mark every ASCII letter has a zero byte.
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

/** The number of the first line that is not UTF-8; the first line of the file is 1. */
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
