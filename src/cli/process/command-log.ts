import { createLog, type Log } from '../../log.ts';
import type { CommonFlags } from '../flags.ts';
import { describeDefect } from './defect.ts';
import { environmentWarnings } from './environment-warnings.ts';
import type { Host } from './host.ts';
import { logSink } from './log-sink.ts';

/** The log of a command that runs until it is asked to end; it begins with what weakens the program. */
export function daemonLog(host: Host, flags: CommonFlags): Log {
  const log = logOf(host, flags);
  for (const warning of environmentWarnings(host)) log.warn(warning);
  return log;
}

/**
 * The log a command's flags ask for; on stderr, so that stdout carries only a command's output. A
 * defect that ends the process is its last line.
 */
export function logOf(host: Pick<Host, 'env' | 'stderr' | 'onDefect'>, flags: CommonFlags): Log {
  const isTerminal = host.stderr.isTTY === true;
  const log = createLog({
    level: flags['log.level'],
    format: flags['log.format'] ?? (isTerminal ? 'pretty' : 'json'),
    destination: logSink(host.stderr, (lines) =>
      log.warn({ lines }, 'log lines were lost: the reader of stderr did not take them in time'),
    ),
    colour: isTerminal && host.env['NO_COLOR'] === undefined,
  });
  host.onDefect((error) => {
    log.fatal({ cause: describeDefect(error) }, 'a defect ends the process');
  });
  return log;
}
