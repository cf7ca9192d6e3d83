import { createLog, type Log, type LogDestination } from '../../log.ts';
import type { CommonFlags } from '../flags.ts';
import { describeDefect } from './defect.ts';
import { environmentWarnings } from './environment-warnings.ts';
import type { Host } from './host.ts';
import { logSink } from './log-sink.ts';

/** The log of a daemon. Its first lines warn of settings that weaken the program. */
export async function daemonLog(host: Host, flags: CommonFlags): Promise<Log> {
  const log = await commandLog(host, flags);
  for (const warning of environmentWarnings(host)) log.warn(warning);
  return log;
}

/**
 * The log that the flags configure. It goes to stderr, so that stdout carries only the command's output.
 * A defect that ends the process is logged too.
 */
export async function commandLog(
  host: Pick<Host, 'env' | 'stderr' | 'onDefect'>,
  flags: CommonFlags,
): Promise<Log> {
  const isTerminal = host.stderr.isTTY === true;
  const level = flags['log.level'];
  const format = flags['log.format'] ?? (isTerminal ? 'pretty' : 'json');
  const sink = logSink(host.stderr, (lines) =>
    log.warn({ lines }, 'log lines were lost: stderr was not read fast enough'),
  );
  const log = createLog(
    format === 'pretty'
      ? { level, format: 'json', destination: await prettyTo(sink, host) }
      : { level, format, destination: sink },
  );
  host.onDefect((error) => {
    log.fatal({ cause: describeDefect(error) }, 'a defect ends the process');
  });
  return log;
}

/** Loads its code only when it is needed, because the code makes the start slower. */
async function prettyTo(
  sink: LogDestination,
  { env, stderr }: Pick<Host, 'env' | 'stderr'>,
): Promise<LogDestination> {
  const { prettyLines } = await import('../terminal/pretty-lines.ts');
  return prettyLines(sink, { colour: stderr.isTTY === true && env['NO_COLOR'] === undefined });
}
