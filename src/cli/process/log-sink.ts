import type { LogDestination } from '../../log.ts';
import type { Output } from './host.ts';

/**
 * Maximum bytes of log lines that wait for the reader of a pipe. When the reader has stopped, the daemon must
 * neither wait for it nor fill its own memory.
 */
const MOST_WAITING_BYTES = 2 ** 20;

/**
 * Writes log lines to an output, and drops lines while too many bytes wait for the reader.
 *
 * @param onLost called with the number of dropped lines when there is room again; may log
 */
export function logSink(output: Output, onLost: (lines: number) => void): LogDestination {
  let lost = 0;
  return {
    write(line) {
      if ((output.writableLength ?? 0) > MOST_WAITING_BYTES) {
        lost++;
        return;
      }
      output.write(line);
      if (lost === 0) return;
      const lines = lost;
      lost = 0;
      // `onLost` may log, which is not possible during a write of the same log.
      queueMicrotask(() => onLost(lines));
    },
  };
}
