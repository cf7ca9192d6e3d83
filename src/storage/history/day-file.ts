import { readdir } from 'node:fs/promises';
import { codeOf } from '../../system-error.ts';

/** Names of history files: one for each day in UTC, such as `2026-11-28.jsonl`. */
const NAME = /^(\d{4}-\d{2}-\d{2})\.jsonl$/;

/** The day in UTC that a moment belongs to, such as `2026-11-28`. @param ms since the epoch */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

export function dayFileName(day: string): string {
  return `${day}.jsonl`;
}

/**
 * The days that have a history file, in order. There is a file for each day on which the history was recorded,
 * also when no session ended on it.
 *
 * @throws Error with the system's code when the directory exists and cannot be read
 */
export async function recordedDays(directory: string): Promise<readonly string[]> {
  try {
    const names = await readdir(directory);
    return names.flatMap((name) => NAME.exec(name)?.[1] ?? []).sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
