// Draws docs/images/dashboard-*.png: the committed dashboards with what their queries give on a real
// Prometheus that has scraped the exporter through a simulated day of ten minutes. With
// --prometheus.url the Prometheus is another one, and nothing is started but the browser.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { dashboardsInFolder } from '../test/support/dashboards.ts';
import { startBrowser } from '../test/support/start-browser.ts';
import { choicesFor } from './previews/choices.ts';
import { pageOf, WIDTH } from './previews/page.ts';
import { Prometheus } from './previews/prometheus.ts';
import { SCRAPE_INTERVAL, startStage } from './previews/stage.ts';

const { values } = parseArgs({
  options: {
    'prometheus.url': { type: 'string' },
    /** The end of the pictures, seconds since the epoch. */
    end: { type: 'string' },
  },
});

/** A day and half an hour of the simulated fleet, in seconds. */
const DURATION = (24.5 * 3600) / 144;
const IMAGES = fileURLToPath(new URL('../docs/images/', import.meta.url));
/** The instance to show where one is shown. */
const LARGEST = 'shanghai-headquarters';
const LABEL = 'Preview drawn by this project, not by Grafana';

const stage = values['prometheus.url'] === undefined ? await startStage() : undefined;
try {
  if (stage) {
    console.log(`The simulated day takes ${Math.ceil(DURATION / 60)} minutes: ${stage.prometheus}`);
    await new Promise((resolve) => setTimeout(resolve, DURATION * 1000));
  }
  const url = stage?.prometheus ?? values['prometheus.url'] ?? '';
  await draw(
    new Prometheus(url),
    values.end === undefined ? Date.now() / 1000 : Number(values.end),
  );
} finally {
  await stage?.stop();
}

async function draw(prometheus: Prometheus, end: number): Promise<void> {
  const to = Math.floor(end / SCRAPE_INTERVAL) * SCRAPE_INTERVAL;
  const from = to - Math.floor(DURATION / SCRAPE_INTERVAL) * SCRAPE_INTERVAL;
  const browser = await startBrowser();
  try {
    mkdirSync(IMAGES, { recursive: true });
    for (const { file, dashboard } of dashboardsInFolder()) {
      const page = await browser.newPage({ viewport: { width: WIDTH, height: 900 } });
      await page.setContent(
        await pageOf({
          dashboard,
          prometheus,
          range: { from, to, step: SCRAPE_INTERVAL },
          rateInterval: `${4 * SCRAPE_INTERVAL}s`,
          choices: await choicesFor(dashboard, prometheus, to, LARGEST),
          label: LABEL,
        }),
      );
      const path = `${IMAGES}${file.replace(/^sag-app-(.*)\.json$/, 'dashboard-$1.png')}`;
      await page.screenshot({ path, fullPage: true });
      await page.close();
      console.log(path);
    }
  } finally {
    await browser.close();
  }
}
