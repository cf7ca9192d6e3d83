import { type Clock, SECOND, sleep } from '../clock.ts';
import type { NotedFiles } from '../config/noted-files.ts';

/**
 * How often the files are looked at. They are read, not watched: mounted ConfigMaps change by a
 * symbolic link, and network file systems tell nothing.
 */
const LOOKS = 2 * SECOND;

/**
 * Calls `onChange` when files read otherwise than before, and the same twice in a row: one that is
 * just being written is not taken. Ends when the signal aborts.
 *
 * @param files as they were when they were last used, well or not
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
      await sleep(clock, LOOKS, signal);
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
