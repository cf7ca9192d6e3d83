/*
 * Measures whether many scrapers slow polling down. 10,000 users are polled without pauses: one minute without
 * scrapers, and one minute with 50 scrapers that never pause. The simulator and the scrapers run in their own
 * processes. Prints the durations of passes, scrapes, errors, and how long the event loop was blocked.
 *
 *   npm run bench:scrapers [-- --seconds=60]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { HOUR, SECOND, sleep, systemClock } from '../src/clock.ts';
import { startExporter } from '../test/support/start-exporter.ts';
import { startSimulator } from '../test/support/start-simulator.ts';
import { endScrapes, scrape } from './scrape-client.ts';

const USERS = 10_000;
const SCRAPERS = 50;
/** Calls per second: a pass of 10,000 users takes about two seconds. */
const BUDGET = 100;

/** The message of the scrapers' process at its end. */
interface ScrapeCounts {
  readonly scrapes: number;
  readonly errors: number;
}

async function simulate(): Promise<void> {
  const api = await startSimulator({
    clock: systemClock,
    instances: [{ id: 'sag-bench', regionId: 'cn-shanghai', users: USERS, usersLimit: USERS }],
  });
  process.once('disconnect', () => process.exit());
  process.send?.(api.url);
}

async function scrapeFor(port: number, seconds: number): Promise<void> {
  const until = performance.now() + seconds * SECOND;
  let scrapes = 0;
  let errors = 0;
  const scrapeRepeatedly = async (): Promise<void> => {
    while (performance.now() < until) {
      try {
        const { bytes } = await scrape(port, 'gzip');
        if (bytes < USERS) throw new Error(`a body of ${bytes} bytes`);
        scrapes++;
      } catch (error) {
        errors++;
        console.log(`  ${error}`);
      }
    }
  };
  await Promise.all(Array.from({ length: SCRAPERS }, scrapeRepeatedly));
  endScrapes();
  process.send?.({ scrapes, errors } satisfies ScrapeCounts);
  process.disconnect();
}

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    simulate: { type: 'boolean', default: false },
    scrape: { type: 'string' },
  },
});
const seconds = Number(values.seconds);

async function measure(): Promise<void> {
  const self = fileURLToPath(import.meta.url);
  const api = fork(self, ['--simulate']);
  const [endpoint] = (await once(api, 'message')) as [string];
  const exporter = await startExporter({
    endpoint,
    account: { regions: ['cn-shanghai'] },
    polling: {
      strategy: 'batched',
      requestsPerSecond: BUDGET,
      discoveryInterval: HOUR,
      usersInterval: SECOND,
      // Shorter than any pass, so that the next pass begins at once.
      onlineInterval: SECOND,
    },
    random: Math.random,
  });
  while ((await fetch(`${exporter.url}/-/ready`)).status !== 200) await sleep(systemClock, SECOND);
  await exporter.scrape();

  const delay = monitorEventLoopDelay({ resolution: 1 });
  const passesDuring = async (work: () => Promise<void>): Promise<number> => {
    const durations: number[] = [];
    const [record] = exporter.fleet.instances;
    let newestSuccess: number | undefined;
    const watching = setInterval(() => {
      const { lastSuccess, lastDuration } = record?.stages.online ?? {};
      if (lastSuccess === newestSuccess || lastDuration === undefined) return;
      newestSuccess = lastSuccess;
      durations.push(lastDuration);
    }, 50);
    delay.reset();
    delay.enable();
    await work();
    delay.disable();
    clearInterval(watching);
    durations.sort((a, b) => a - b);
    const median = durations[Math.floor(durations.length / 2)] ?? Number.NaN;
    console.log(
      `  ${durations.length} online passes, median ${median.toFixed(3)} s; event loop blocked ${(delay.max / 1e6).toFixed(1)} ms at most, p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms`,
    );
    return median;
  };
  console.log(`${USERS} users, ${BUDGET} calls/s, no scrapers`);
  const alone = await passesDuring(() => sleep(systemClock, seconds * SECOND));
  console.log(`${SCRAPERS} scrapers that never pause`);
  const scraped = await passesDuring(async () => {
    const scrapers = fork(self, [
      '--scrape',
      new URL(exporter.url).port,
      '--seconds',
      String(seconds),
    ]);
    const [{ scrapes, errors }] = (await once(scrapers, 'message')) as [ScrapeCounts];
    console.log(`  ${scrapes} scrapes (${(scrapes / seconds).toFixed(0)}/s), ${errors} errors`);
  });
  console.log(`passes took ${(scraped / alone).toFixed(3)} of the time without scrapers`);
  await exporter.stop();
  api.disconnect();
}

if (values.simulate) await simulate();
else if (values.scrape !== undefined) await scrapeFor(Number(values.scrape), seconds);
else await measure();
