/** Names of history files: one for each day in UTC, such as `2026-11-28.jsonl`. */
const NAME = /^(\d{4}-\d{2}-\d{2})\.jsonl$/;

/** The day in UTC that a moment belongs to, such as `2026-11-28`. @param ms since the epoch */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

export function dayFileName(day: string): string {
  return `${day}.jsonl`;
}

/** The day of a history file; undefined for a file of another kind. */
export function dayOfFile(name: string): string | undefined {
  return NAME.exec(name)?.[1];
}
