import { systemClock } from '../clock.ts';
import { createSimulator, DEFAULT_KEY } from '../simulator/index.ts';
import { type ListenAddress, listen } from '../web/listen.ts';
import { type CommonFlags, logOf } from './flags.ts';
import { EXIT, type Host } from './host.ts';
import { untilEnding } from './until-ending.ts';

/** Flags of simulate. */
export interface SimulateFlags extends CommonFlags {
  readonly 'web.listenAddress': ListenAddress;
  readonly seed: number;
}

/** The API simulator alone: runs until the process is asked to end. */
export async function simulate(flags: SimulateFlags, host: Host): Promise<number> {
  const log = logOf(host, flags);
  const simulator = createSimulator({ clock: systemClock, log, seed: flags.seed });
  const listener = await listen(simulator.app, flags['web.listenAddress']);
  log.info({ address: listener.address, accessKeyId: DEFAULT_KEY.accessKeyId }, 'listening');
  await untilEnding(host.ending, log, [() => listener.stop(), async () => simulator.close()]);
  return EXIT.done;
}
