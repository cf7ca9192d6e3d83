import { fileURLToPath } from 'node:url';
import { SECOND } from '../../clock.ts';
import { joined, type ListenAddress, parseListenAddress } from '../../web/listen-address.ts';
import { DEFAULT_ADDRESSES } from '../flags.ts';
import { CommandError, EXIT, type Host } from '../process/host.ts';
import { runningServers } from './running-servers.ts';
import { signOfLife } from './sign-of-life.ts';

/** Flags of healthcheck. */
export interface HealthcheckFlags {
  /** Absent: that of what runs here. */
  readonly 'web.listenAddress'?: ListenAddress;
}

/** For the whole answer; less than a container waits for the check. */
const PATIENCE = 5 * SECOND;

/** As it is compiled. */
const MAIN = fileURLToPath(new URL('../../main.js', import.meta.url));

/**
 * Whether the exporter, or simulator, that runs here answers.
 *
 * @throws CommandError when it does not, or it is not clear which is meant
 */
export async function healthcheck(flags: HealthcheckFlags, host: Host): Promise<number> {
  const address = flags['web.listenAddress'] ?? (await addressHere());
  if (address.port === 0) {
    throw unhealthy('it listens on a port that it picked itself: name it by --web.listen-address');
  }
  const reached = { host: reachable(address.host), port: address.port };
  try {
    const sign = await signOfLife(reached, AbortSignal.timeout(PATIENCE));
    host.stdout.write(`healthy: ${joined(reached.host, reached.port)} ${sign}\n`);
  } catch (error) {
    throw unhealthy(`${joined(reached.host, reached.port)}: ${reasonOf(error)}`);
  }
  return EXIT.done;
}

async function addressHere(): Promise<ListenAddress> {
  const [server, ...others] = await runningServers(MAIN);
  if (others.length > 0) {
    const pids = [server, ...others].map((each) => each?.pid).join(', ');
    throw unhealthy(`several run here (processes ${pids}): name one by --web.listen-address`);
  }
  // Where processes cannot be looked at, it is most likely there.
  return server?.address ?? parseListenAddress(DEFAULT_ADDRESSES.serve);
}

/** A host by which whoever listens on `host` can be reached from here. */
function reachable(host: string | undefined): string {
  if (host === undefined || host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${PATIENCE / SECOND} s`;
  return 'code' in error ? String(error.code) : error.message;
}

const unhealthy = (reason: string): CommandError =>
  new CommandError(`unhealthy: ${reason}`, EXIT.failed);
