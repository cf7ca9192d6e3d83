/** The `code` of a system error, such as `ECONNREFUSED`; empty when the error has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

const WRITE_FAILURES: Readonly<Record<string, string>> = {
  EACCES: 'no permission to write in its folder',
  EEXIST: 'a file is in the place of a directory',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'it would exceed the size limit of the file system or the process',
  EISDIR: 'it is a directory',
  ENOENT: 'its folder does not exist',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a file is in the place of a directory',
  EROFS: 'the file system is read-only',
};

/** Why a file cannot be written, for people; undefined when the error's code does not tell. */
export function writeFailureOf(error: unknown): string | undefined {
  return WRITE_FAILURES[codeOf(error)];
}
