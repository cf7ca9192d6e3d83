// Takes the screenshots in docs/images: the status pages of the demo's fleet, in Chromium.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { SECOND, sleep, systemClock } from '../src/clock.ts';
import { createWorld, demoWorld } from '../src/simulator/index.ts';
import { startBrowser } from '../test/support/start-browser.ts';
import { startExporter } from '../test/support/start-exporter.ts';
import { startSimulator } from '../test/support/start-simulator.ts';

const FOLDER = fileURLToPath(new URL('../docs/images/', import.meta.url));
const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 390, height: 844 };

/** A screenshot: the name of its file, the path of the page, and settings of the browser. */
interface Shot extends BrowserContextOptions {
  readonly name: string;
  readonly path?: string;
}

const INSTANCE = '/instances/prod/cn-shanghai/sag-7f3k2m9q4w1x8z5a';

/** In the language and time zone of most administrators of SAG APP. */
const CHINESE: BrowserContextOptions = { locale: 'zh-CN', timezoneId: 'Asia/Shanghai' };

const GOOD_DAY: readonly Shot[] = [
  { name: 'status-light', viewport: WIDE },
  { name: 'status-dark', viewport: WIDE, colorScheme: 'dark' },
  { name: 'status-narrow', viewport: NARROW },
  { name: 'status-without-script', viewport: WIDE, javaScriptEnabled: false },
  { name: 'instance-light', path: INSTANCE, viewport: WIDE },
  { name: 'instance-dark', path: INSTANCE, viewport: WIDE, colorScheme: 'dark' },
  { name: 'instance-narrow', path: `${INSTANCE}?q=li`, viewport: NARROW, colorScheme: 'dark' },
  { name: 'status-light-zh-CN', viewport: WIDE, ...CHINESE },
  { name: 'status-narrow-zh-CN', viewport: NARROW, ...CHINESE },
  { name: 'instance-light-zh-CN', path: INSTANCE, viewport: WIDE, ...CHINESE },
  { name: 'instance-narrow-zh-CN', path: `${INSTANCE}?q=li`, viewport: NARROW, ...CHINESE },
];

const BAD_DAY: readonly Shot[] = [
  { name: 'status-trouble', viewport: WIDE },
  { name: 'status-trouble-zh-CN', viewport: WIDE, ...CHINESE },
];

async function take(browser: Browser, url: string, { name, path = '/', ...options }: Shot) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(url + path);
  await page.screenshot({ path: `${FOLDER}${name}.png` });
  await context.close();
  console.log(`docs/images/${name}.png`);
}

/** Waits until `count` lines of the exporter's metrics match. */
async function until(count: number, line: RegExp): Promise<void> {
  while (((await exporter.scrape()).match(line)?.length ?? 0) < count) {
    await sleep(systemClock, 0.5 * SECOND);
  }
}

mkdirSync(FOLDER, { recursive: true });
const world = createWorld(demoWorld({ seed: 1, clock: systemClock }));
const api = await startSimulator({ clock: systemClock, world });
const exporter = await startExporter({
  endpoint: api.url,
  account: { name: 'prod' },
  polling: { onlineInterval: 10_000, usersInterval: 20_000, requestsPerSecond: 50 },
});
const browser = await startBrowser();
try {
  const { instances } = demoWorld({ seed: 1, clock: systemClock });
  await until(instances.length, /^sag_app_last_success_timestamp_seconds\{.*stage="sessions"\}/gm);
  for (const shot of GOOD_DAY) await take(browser, exporter.url, shot);
  api.simulator.permissions.deny({ operation: 'DescribeUserOnlineClientStatistics' });
  api.simulator.faults.add({
    match: { instanceId: 'sag-2c8v5b7n1j6h4g0d' },
    effect: { error: { code: 'Forbidden.RAM', message: 'The user is not authorized to operate.' } },
  });
  await until(
    2,
    /^sag_app_(exporter_fallback\{.*\} 1|instance_up\{.*sag-2c8v5b7n1j6h4g0d"\} 0)$/gm,
  );
  for (const shot of BAD_DAY) await take(browser, exporter.url, shot);
} finally {
  await browser.close();
  await exporter.stop();
  await api.stop();
}
