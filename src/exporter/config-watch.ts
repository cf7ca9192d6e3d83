import { type Clock, SECOND, sleep } from '../clock.ts';
import type { NotedFiles } from '../config/noted-files.ts';

/**
 * Milliseconds between two reads of the files. They are read, not watched, because a mounted ConfigMap
 * changes through a symbolic link and network file systems do not report changes.
 */
const READ_INTERVAL = 2 * SECOND;

/**
 * Calls `onChange` when a file has changed and two reads in a row give the same text, so that a file is not
 * used while it is being written. Ends when the signal aborts.
 *
 * @param options `files` returns the files as the last load read them, whether it succeeded or not
 */
export async function watchFiles(
  options: {
    readonly clock: Clock;
    readonly files: () => NotedFiles;
    readonly onChange: () => Promise<unknown>;
  },
  signal: AbortSignal,
): Promise<void> {
  const { clock, files, onChange } = options;
  let changed: NotedFiles | undefined;
  while (!signal.aborted) {
    try {
      await sleep(clock, READ_INTERVAL, signal);
    } catch {
      return;
    }
    const now = await files().again();
    if (now.equals(files())) changed = undefined;
    else if (!changed?.equals(now)) changed = now;
    else {
      changed = undefined;
      await onChange();
    }
  }
}
