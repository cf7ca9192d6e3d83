import { SECOND } from '../../clock.ts';
import { codeOf } from '../../system-error.ts';
import { type ListenAddress, parseListenAddress } from '../../web/server/listen-address.ts';
import { type SocketAddress, socketAddressText } from '../../web/server/open-sockets.ts';
import { DEFAULT_ADDRESSES } from '../flags.ts';
import { CommandError, EXIT, type Host } from '../process/host.ts';
import { runningServers } from './running-servers.ts';
import { type ServerAddress, signOfLife } from './sign-of-life.ts';

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
  const address = reachable(flags['web.listenAddress'] ?? (await findAddress(host.mainFile)));
  const text = socketAddressText(address);
  try {
    const sign = await signOfLife(address, AbortSignal.timeout(PATIENCE));
    host.stdout.write(`healthy: ${text} ${sign}\n`);
  } catch (error) {
    throw unhealthy(`${text}: ${reasonOf(error)}`);
  }
  return EXIT.done;
}

async function findAddress(mainFile: string): Promise<SocketAddress> {
  const [server, ...others] = await runningServers(mainFile);
  if (others.length > 0) {
    const pids = [server, ...others].map((running) => running?.pid).join(', ');
    throw unhealthy(
      `several exporters or simulators run here (processes ${pids}): name one with --web.listen-address`,
    );
  }
  // Processes cannot be read on every system; then the default address is the best guess.
  if (!server) return parseListenAddress(DEFAULT_ADDRESSES.serve);
  if (server.address) return server.address;
  throw unhealthy(
    `the address of process ${server.pid} cannot be read, which listens on a socket from systemd: run healthcheck as the user of that process or as root, or name the address with --web.listen-address`,
  );
}

/**
 * The address to connect to for a server that listens on `address`.
 *
 * @throws CommandError when the port is unknown
 */
function reachable(address: SocketAddress): ServerAddress {
  if ('path' in address) return address;
  const { host, port } = address;
  if (port === 0) {
    throw unhealthy(
      'it listens on a port of its own choice (port 0): name the port with --web.listen-address',
    );
  }
  if (host === undefined || host === '0.0.0.0') return { host: '127.0.0.1', port };
  return { host: host === '::' ? '::1' : host, port };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${PATIENCE / SECOND} s`;
  return codeOf(error) || error.message;
}

const unhealthy = (reason: string): CommandError =>
  new CommandError(`unhealthy: ${reason}`, EXIT.failed);
