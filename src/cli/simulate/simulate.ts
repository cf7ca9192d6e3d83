import type { ListenAddress } from '../../web/server/listen-address.ts';
import type { CommonFlags } from '../flags.ts';
import { daemonLog } from '../process/command-log.ts';
import { EXIT, type Host } from '../process/host.ts';
import { untilEnding } from '../process/until-ending.ts';
import { type SimulatorFlags, startSimulator } from './simulator.ts';

export interface SimulateFlags extends CommonFlags, SimulatorFlags {
  readonly 'web.listenAddress': readonly ListenAddress[];
}

export async function simulate(flags: SimulateFlags, host: Host): Promise<number> {
  const log = await daemonLog(host, flags);
  const { simulator, listener, stop } = await startSimulator(
    flags,
    flags['web.listenAddress'],
    host,
    log,
  );
  const accessKeyId = simulator.keys.all()[0]?.accessKeyId;
  for (const address of listener.addresses) log.info({ address, accessKeyId }, 'listening');
  await untilEnding(host.ending, log, [stop]);
  return EXIT.done;
}
