/**
 * Memory reserved for a user: the entry in the list of users, as much again while the next list is read, and
 * clients, sessions and series. A user whose name has the usual length takes a third of it.
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
