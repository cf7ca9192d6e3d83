import { createLog, type Log } from '../../log.ts';
import type { CommonFlags } from '../flags.ts';
import { describeDefect } from './defect.ts';
import { environmentWarnings } from './environment-warnings.ts';
import type { Host } from './host.ts';
import { logSink } from './log-sink.ts';

/** The log of a daemon. Its first lines warn of settings that weaken the program. */
export function daemonLog(host: Host, flags: CommonFlags): Log {
  const log = commandLog(host, flags);
  for (const warning of environmentWarnings(host)) log.warn(warning);
  return log;
}

/**
 * The log that the flags configure. It goes to stderr, so that stdout carries only the command's output.
 * A defect that ends the process is logged too.
 */
export function commandLog(
  host: Pick<Host, 'env' | 'stderr' | 'onDefect'>,
  flags: CommonFlags,
): Log {
  const isTerminal = host.stderr.isTTY === true;
  const log = createLog({
    level: flags['log.level'],
    format: flags['log.format'] ?? (isTerminal ? 'pretty' : 'json'),
    destination: logSink(host.stderr, (lines) =>
      log.warn({ lines }, 'log lines were lost: stderr was not read fast enough'),
    ),
    colour: isTerminal && host.env['NO_COLOR'] === undefined,
  });
  host.onDefect((error) => {
    log.fatal({ cause: describeDefect(error) }, 'a defect ends the process');
  });
  return log;
}
