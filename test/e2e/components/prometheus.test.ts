import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { createWorld, demoWorld } from '../../../src/simulator/index.ts';
import { type StartedPrometheus, startPrometheus } from '../../support/start-prometheus.ts';
import { type StartedServe, startServe } from '../../support/start-serve.ts';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';
import { samplesOfScrape, samplesOfWorld } from '../../support/world-samples.ts';

const PATIENCE = { timeout: 60_000, interval: 250 };

let api: StartedSimulator;
let exporter: StartedServe;
let prometheus: StartedPrometheus;

/** An exporter process between a simulator in which nothing changes and a real Prometheus. */
beforeAll(async () => {
  const spec = { ...demoWorld({ seed: 1, clock: systemClock }), activity: 'still' as const };
  api = await startSimulator({ clock: systemClock, world: createWorld(spec) });
  exporter = await startServe({
    endpoint: api.url,
    polling: { requests_per_second: 200, online_interval: '5s', users_interval: '5s' },
  });
  prometheus = await startPrometheus(exporter.address);
});

afterAll(async () => {
  await prometheus?.stop();
  await exporter?.stop();
  await api?.stop();
});

describe('a real Prometheus scraping the exporter', () => {
  it('is up and holds the users of each instance, as the simulator does', async () => {
    const { world } = api.simulator;
    const expected = Object.fromEntries(
      world.instances().map(({ id }) => [id, world.users(id).length]),
    );
    await vi.waitFor(async () => {
      expect(await prometheus.query('up{job="sag-app"}')).toMatchObject([{ value: 1 }]);
      const users = await prometheus.query('sum by (instance_id) (sag_app_users)');
      expect(
        Object.fromEntries(users.map(({ metric, value }) => [metric['instance_id'], value])),
      ).toEqual(expected);
    }, PATIENCE);
  });

  it('stores every sample of the scrape', async () => {
    const scraped = await prometheus.query('scrape_samples_scraped{job="sag-app"}');
    const text = await (await fetch(`${exporter.url}/metrics`)).text();
    const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
    // The exporter's own histograms and counters may have grown a series since.
    expect(scraped[0]?.value).toBeGreaterThan(samples - 20);
    expect(samplesOfScrape(text)).toEqual(samplesOfWorld(api.simulator.world));
  });
});

describe('the gzip body', () => {
  const url = () => `${exporter.url}/metrics`;
  const run = (command: string): string => {
    const { stdout, stderr, status } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    return stdout;
  };

  it('is read whole by curl and by gzip', async () => {
    const plain = run(`curl -sS ${url()}`);
    expect(samplesOfScrape(plain)).toEqual(samplesOfWorld(api.simulator.world));
    const piped = run(`curl -sS -H 'Accept-Encoding: gzip' ${url()} | gzip -dc`);
    for (const text of [run(`curl -sS --compressed ${url()}`), piped]) {
      expect(samplesOfScrape(text)).toEqual(samplesOfScrape(plain));
    }
  });

  it('is OpenMetrics with its end mark if the request accepts what Prometheus accepts', () => {
    const accept =
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
    const answer = run(`curl -sS -i --compressed -H 'Accept: ${accept}' ${url()}`);
    expect(answer).toMatch(/^content-type: application\/openmetrics-text; version=1\.0\.0/im);
    expect(answer.endsWith('\n# EOF\n')).toBe(true);
  });
});

describe('promtool check metrics', () => {
  it('finds no problem', async () => {
    const input = await (await fetch(`${exporter.url}/metrics`)).text();
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input,
      encoding: 'utf8',
    });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});
