/* Runs a server of bench/scrape in a process of its own, and measures that process. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { sleep, systemClock } from '../src/clock.ts';
import { exporter, type FleetSize, promClient, staticBuffer } from './scrape-servers.ts';

const SERVERS = {
  exporter: () => exporter(true),
  'exporter, no age': () => exporter(false),
  'static Buffer': () => staticBuffer(true),
  'static Buffer, no age': () => staticBuffer(false),
  'prom-client': promClient,
} as const;
export type ServerName = keyof typeof SERVERS;
export const SERVER_NAMES = Object.keys(SERVERS) as ServerName[];

type Command =
  | { readonly name: 'fill'; readonly size: FleetSize }
  | { readonly name: 'change' | 'figures' | 'settle' };

/** Figures of a server's process, in milliseconds and bytes. */
export interface Figures {
  /** The longest time for which the event loop was blocked since the last command. */
  readonly longestBlock: number;
  /** Processor time of all threads since the process started. */
  readonly processorTime: number;
  readonly rss: number;
  readonly peak: number;
}

export class ServerProcess {
  readonly #process: ChildProcess;
  readonly port: number;

  private constructor(process: ChildProcess, port: number) {
    this.#process = process;
    this.port = port;
  }

  static async start(name: ServerName): Promise<ServerProcess> {
    const child = fork(fileURLToPath(import.meta.url), [name], {
      execArgv: ['--expose-gc', '--import', 'tsx'],
    });
    const [port] = (await once(child, 'message')) as [number];
    return new ServerProcess(child, port);
  }

  async run(command: Command): Promise<Figures> {
    const answered = once(this.#process, 'message');
    this.#process.send(command);
    const [figures] = (await answered) as [Figures];
    return figures;
  }

  stop(): void {
    this.#process.disconnect();
  }
}

async function serveAs(name: ServerName): Promise<void> {
  const server = SERVERS[name]();
  const port = await server.listen();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  process.on('message', async (command: Command) => {
    if (command.name === 'fill') await server.fill(command.size);
    if (command.name === 'change') server.change?.();
    if (command.name === 'settle') await settle();
    const { user, system } = process.cpuUsage();
    const figures: Figures = {
      longestBlock: delay.max / 1e6,
      processorTime: (user + system) / 1e3,
      rss: process.memoryUsage().rss,
      peak: process.resourceUsage().maxRSS * 1024,
    };
    // The command itself blocked the event loop too, so the measurement starts again after it.
    setTimeout(() => delay.reset(), 10);
    process.send?.(figures);
  });
  process.once('disconnect', () => process.exit());
  process.send?.(port);
}

/** Collects garbage. Another thread frees memory outside the heap a moment later, hence the second time. */
async function settle(): Promise<void> {
  globalThis.gc?.();
  await sleep(systemClock, 100);
  globalThis.gc?.();
}

const served = SERVER_NAMES.find((name) => name === process.argv[2]);
if (served !== undefined && process.send) await serveAs(served);
