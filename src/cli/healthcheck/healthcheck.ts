import { SECOND } from '../../clock.ts';
import { codeOf } from '../../system-error.ts';
import { joined, type ListenAddress, parseListenAddress } from '../../web/server/listen-address.ts';
import { DEFAULT_ADDRESSES } from '../flags.ts';
import { CommandError, EXIT, type Host } from '../process/host.ts';
import { runningServers } from './running-servers.ts';
import { signOfLife } from './sign-of-life.ts';

export interface HealthcheckFlags {
  /** When absent, the address of the running process is looked up. */
  readonly 'web.listenAddress'?: ListenAddress;
}

/** Longest wait for the whole answer. Shorter than the timeout of the container's health check. */
const PATIENCE = 5 * SECOND;

/**
 * Checks that the exporter or simulator on this machine answers.
 *
 * @throws CommandError when it does not answer, or when several run
 */
export async function healthcheck(flags: HealthcheckFlags, host: Host): Promise<number> {
  const address = flags['web.listenAddress'] ?? (await findAddress(host.mainFile));
  if (address.port === 0) {
    throw unhealthy(
      'it listens on a port of its own choice (port 0): name the port with --web.listen-address',
    );
  }
  const server = { host: reachable(address.host), port: address.port };
  try {
    const sign = await signOfLife(server, AbortSignal.timeout(PATIENCE));
    host.stdout.write(`healthy: ${joined(server.host, server.port)} ${sign}\n`);
  } catch (error) {
    throw unhealthy(`${joined(server.host, server.port)}: ${reasonOf(error)}`);
  }
  return EXIT.done;
}

async function findAddress(mainFile: string): Promise<ListenAddress> {
  const [server, ...others] = await runningServers(mainFile);
  if (others.length > 0) {
    const pids = [server, ...others].map((running) => running?.pid).join(', ');
    throw unhealthy(
      `several exporters or simulators run here (processes ${pids}): name one with --web.listen-address`,
    );
  }
  // Processes cannot be read on every system; then the default address is the best guess.
  return server?.address ?? parseListenAddress(DEFAULT_ADDRESSES.serve);
}

/** The host to connect to for a server that listens on `host`. */
function reachable(host: string | undefined): string {
  if (host === undefined || host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${PATIENCE / SECOND} s`;
  return codeOf(error) || error.message;
}

const unhealthy = (reason: string): CommandError =>
  new CommandError(`unhealthy: ${reason}`, EXIT.failed);
