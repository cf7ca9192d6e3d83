import type { DestinationStream } from 'pino';
import type { Output } from './host.ts';

/**
 * Most bytes of log that wait for their reader. A pipe whose reader has stopped takes nothing, and the
 * daemon must neither wait for it nor fill its memory.
 */
const MOST_WAITING = 2 ** 20;

/**
 * Writes log lines to an output. While too many bytes wait for its reader, lines are dropped.
 *
 * @param onLost called with how many lines were dropped, as soon as there is room again; may write
 */
export function logSink(output: Output, onLost: (lines: number) => void): DestinationStream {
  let lost = 0;
  return {
    write(line) {
      if ((output.writableLength ?? 0) > MOST_WAITING) {
        lost++;
        return;
      }
      output.write(line);
      if (lost === 0) return;
      const lines = lost;
      lost = 0;
      // The log cannot be written to while it is writing.
      queueMicrotask(() => onLost(lines));
    },
  };
}
