import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts';
import { createLog } from '../../src/log.ts';
import { DEFAULT_KEY } from '../../src/simulator/index.ts';
import { isComplaint, type LogLine } from '../support/fake-host.ts';
import { ManualClock } from '../support/manual-clock.ts';
import {
  type ExporterWishes,
  exporterConfig,
  type StartedExporter,
  startExporter,
} from '../support/start-exporter.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';
import { temporaryFolder } from '../support/temporary-files.ts';
import { samplesOfScrape, samplesOfWorld } from '../support/world-samples.ts';

const clock = new ManualClock();
let api: StartedSimulator;
let exporter: StartedExporter;
let lines: LogLine[];

beforeEach(async () => {
  lines = [];
  api = await startSimulator({ clock });
});

afterEach(async () => {
  await exporter.stop();
  await api.stop();
  vi.unstubAllEnvs();
});

async function start(wishes: Partial<ExporterWishes> = {}): Promise<void> {
  const log = createLog({
    level: 'info',
    format: 'json',
    destination: { write: (line) => void lines.push(JSON.parse(line) as LogLine) },
  });
  exporter = await startExporter({ endpoint: api.url, clock, log, ...wishes });
}

/** The allowed rate of each operation. */
async function budgets(): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${exporter.url}/metrics`)).text();
  const lines = text.matchAll(
    /^sag_app_exporter_api_budget_requests_per_second\{.*operation="(\w+)"\} (.*)$/gm,
  );
  return new Map(Array.from(lines, ([, operation = '', rate]) => [operation, Number(rate)]));
}

async function ready(): Promise<{ code: number; text: string }> {
  const response = await fetch(`${exporter.url}/-/ready`);
  return { code: response.status, text: await response.text() };
}

/** Advances the clock in steps until the condition holds. Answers over sockets take no time of this clock. */
async function advanceUntil(check: () => Promise<void>): Promise<void> {
  await vi.waitFor(
    async () => {
      await clock.advance(SECOND);
      await check();
    },
    { timeout: 20_000, interval: 10 },
  );
}

const untilReady = () => advanceUntil(async () => expect((await ready()).code).toBe(200));

const untilLogged = (text: string) =>
  advanceUntil(async () => {
    await exporter.scrape();
    expect(lines.map(({ msg }) => msg)).toContainEqual(expect.stringContaining(text));
  });

/** Advances the clock until a scrape is complete. Sessions may come after readiness. */
const untilComplete = () =>
  advanceUntil(async () => {
    expect(samplesOfScrape(await exporter.scrape())).toEqual(samplesOfWorld(api.simulator.world));
  });

const problems = () => lines.filter(isComplaint);

describe('an exporter without credentials', () => {
  async function startWithout(): Promise<void> {
    for (const name of Object.keys(process.env)) {
      if (name.startsWith('ALIBABA_CLOUD_')) vi.stubEnv(name, undefined);
    }
    vi.stubEnv('ALIBABA_CLOUD_ECS_METADATA_DISABLED', 'true');
    vi.stubEnv('HOME', await temporaryFolder());
    await start({ env: process.env, account: { credentials: { kind: 'chain' }, regions: [] } });
    await vi.waitFor(() => expect(problems()).toHaveLength(1));
  }

  it('keeps running, without API calls and without repeated log lines', async () => {
    await startWithout();
    for (let minute = 0; minute < 10; minute++) await clock.advance(MINUTE);
    expect(problems()).toHaveLength(1);
    expect(problems()[0]?.['level']).toBe('error');
    expect(api.simulator.requests.count()).toBe(0);
    expect(await ready()).toEqual({
      code: 503,
      text: expect.stringContaining('`sag-app-exporter demo` runs without credentials'),
    });
    expect(await exporter.scrape()).toContain('sag_app_account_up{account="test"} 0\n');
  });

  it('recovers by itself when credentials appear, and is never ready before its snapshots are complete', async () => {
    await startWithout();
    vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_ID', DEFAULT_KEY.accessKeyId);
    vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_SECRET', DEFAULT_KEY.accessKeySecret);
    await untilReady();
    const text = await exporter.scrape();
    expect(text).toContain('sag_app_account_up{account="test"} 1\n');
    for (const id of ['sag-small', 'sag-quiet']) {
      expect(text).toMatch(new RegExp(`^sag_app_online_users\\{.*instance_id="${id}"`, 'm'));
    }
    await untilComplete();
    expect(lines.map(({ msg }) => msg)).toContain('the credentials are accepted; polling resumes');
    expect(problems()).toHaveLength(1);
  });
});

describe('an exporter', () => {
  it('logs that it is ready when it is scraped, also if nobody asks for its readiness', async () => {
    await start();
    await untilLogged('ready: no instance waits');
  });

  it('is not ready before it has started to poll', async () => {
    api.simulator.faults.add({ effect: { hang: true } });
    await start();
    expect((await ready()).code).toBe(503);
  });

  it('logs once that it is ready, and stays ready although passes fail later', async () => {
    await start();
    await untilReady();
    api.simulator.faults.add({ effect: { error: { code: 'InternalError' } } });
    for (let minute = 0; minute < 3; minute++) await clock.advance(MINUTE);
    expect((await ready()).code).toBe(200);
    expect(lines.filter(({ msg }) => String(msg).startsWith('ready'))).toHaveLength(1);
  });

  it('answers scrapes from memory while the API hangs, with the last good values', async () => {
    await start({ polling: { timeout: HOUR } });
    await untilComplete();
    api.simulator.faults.add({ effect: { hang: true } });
    await clock.advance(5 * MINUTE);
    expect(samplesOfScrape(await exporter.scrape())).toEqual(samplesOfWorld(api.simulator.world));
  });

  it('shows its instances on the status page', async () => {
    await start();
    await untilReady();
    const page = await (await fetch(exporter.url)).text();
    expect(page).toContain('href="./instances/test/cn-shanghai/sag-small"');
    expect(page).toMatch(/<span class="figure">25<\/span> of 30/);
    const users = await fetch(`${exporter.url}/instances/test/cn-shanghai/sag-small`);
    expect(await users.text()).toContain('25 users');
  });

  it('counts the series it exposes and those it leaves out', async () => {
    await start({ metrics: { maxUserSeries: 70, sessionAge: false } });
    await untilReady();
    const text = await exporter.scrape();
    const exposed = text.split('\n').filter((line) => line.includes('user_name=')).length;
    expect(exposed).toBeGreaterThan(0);
    expect(exposed).toBeLessThanOrEqual(70);
    expect(text).toContain(`sag_app_exporter_series{disposition="exposed"} ${exposed}\n`);
    expect(text).toMatch(/sag_app_exporter_series\{disposition="dropped"\} [1-9]\d*\n/);
  });

  it('keeps the learned rates over a reload that makes a new client', async () => {
    const polling = { strategy: 'fan-out', requestsPerSecond: 1000, adaptive: true } as const;
    await start({ polling });
    await untilComplete();
    const asked = { operation: 'DescribeUserOnlineClients' };
    const before = await budgets();
    expect(before.get(asked.operation)).toBeGreaterThan(20);
    const calls = api.simulator.requests.count(asked);
    const wishes = { endpoint: api.url, polling: { ...polling, timeout: MINUTE } };
    const { changed } = await exporter.apply(await exporterConfig(wishes));
    expect(changed).toEqual(['test']);
    await advanceUntil(async () =>
      expect(api.simulator.requests.count(asked)).toBeGreaterThan(calls),
    );
    const after = await budgets();
    for (const [operation, rate] of before) {
      expect(after.get(operation), operation).toBeGreaterThanOrEqual(rate);
    }
  });

  it('leaves no timer behind when it has stopped', async () => {
    const own = new ManualClock();
    await start({ clock: own });
    await vi.waitFor(() => expect(own.pending).toBeGreaterThan(0));
    await exporter.stop();
    expect(own.pending).toBe(0);
  });
});
