/**
 * Memory reserved for a user: the entry in the list of users, the same again while the next list is read,
 * clients, sessions and series. With names of usual length a user takes a third of it.
 */
const BYTES_PER_USER = 2048;

/**
 * The limit of the users of all instances together, which protects the memory from lists that do not end.
 *
 * @param heapLimit of the process, in bytes
 */
export function mostUsers(heapLimit: number): number {
  return Math.floor(heapLimit / BYTES_PER_USER);
}
