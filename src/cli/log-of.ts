import { createLog, type Log } from '../log.ts';
import { describeDefect } from './defect.ts';
import type { CommonFlags } from './flags.ts';
import type { Host } from './host.ts';

/**
 * The log a command's flags ask for; on stderr, so that stdout carries only a command's output. A
 * defect that ends the process is its last line.
 */
export function logOf(host: Pick<Host, 'env' | 'stderr' | 'onDefect'>, flags: CommonFlags): Log {
  const isTerminal = host.stderr.isTTY === true;
  const log = createLog({
    level: flags['log.level'],
    format: flags['log.format'] ?? (isTerminal ? 'pretty' : 'json'),
    destination: host.stderr,
    colour: isTerminal && host.env['NO_COLOR'] === undefined,
  });
  host.onDefect((error) => {
    log.fatal({ cause: describeDefect(error) }, 'a defect ends the process');
  });
  return log;
}
