/**
 * Bytes of memory that are reckoned for a user: its entry in a list, once more while the next list is
 * read, its clients and sessions, its series; with names of usual length it takes a third of that.
 */
const BYTES_PER_USER = 2048;

/**
 * How many users all instances together may have, so that an API whose lists do not end cannot take
 * more memory than there is.
 *
 * @param heapLimit of the process, in bytes
 */
export function mostUsers(heapLimit: number): number {
  return Math.floor(heapLimit / BYTES_PER_USER);
}
