import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { createLog } from '../../src/log.ts';
import type { LogLine } from '../support/fake-host.ts';
import { type StartedExporter, startExporter } from '../support/start-exporter.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';
import { samplesOfScrape, samplesOfWorld } from '../support/world-samples.ts';

const PATIENCE = { timeout: 25_000, interval: 10 };

const INSTANCES = ['sag-expired', 'sag-b', 'sag-c'].map((id) => ({
  id,
  regionId: 'cn-shanghai',
  users: 20,
  usersLimit: 50,
  onlineRatio: 0.3,
}));

let api: StartedSimulator;
let exporter: StartedExporter;
let lines: LogLine[];

afterEach(async () => {
  await exporter.stop();
  await api.stop();
});

async function start(strategy: 'auto' | 'fan-out'): Promise<void> {
  lines = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as LogLine) };
  api = await startSimulator({ clock: systemClock, instances: INSTANCES });
  exporter = await startExporter({
    endpoint: api.url,
    log: createLog({ level: 'info', format: 'json', destination }),
    polling: { strategy, usersInterval: 100, onlineInterval: 20, discoveryInterval: 100 },
  });
}

/** The number of users passes of the expired instance that have failed with the kind `inactive`. */
async function inactivePasses(): Promise<number> {
  const line =
    /^sag_app_stage_failures_total\{.*"sag-expired",stage="users",reason="inactive"\} (\d+)$/m;
  return Number(line.exec(await exporter.scrape())?.[1] ?? 0);
}

describe.each(['auto', 'fan-out'] as const)('an instance that has expired (%s)', (strategy) => {
  it.each([
    ['SmartAccessGatewayInArrears', 500],
    ['SmartAccessGatewayInArrears', 400],
    ['SmartAccessGatewayNotActivated', 500],
  ])(
    'costs one call in each users pass and does not affect other instances: %s with HTTP %i',
    async (code, httpStatus) => {
      await start(strategy);
      const { simulator } = api;
      const equalsTheWorld = async (): Promise<void> => {
        const samples = samplesOfScrape(await exporter.scrape());
        expect(samples).toEqual(samplesOfWorld(simulator.world));
      };
      await vi.waitFor(equalsTheWorld, PATIENCE);
      simulator.faults.add({
        name: 'expired',
        match: { instanceId: 'sag-expired' },
        effect: { error: { code, httpStatus } },
      });
      // Calls of the online and sessions stages may be on their way when the first pass of users fails.
      // They have been answered two passes later.
      await vi.waitFor(async () => expect(await inactivePasses()).toBeGreaterThan(2), PATIENCE);
      const [passes, calls] = [await inactivePasses(), simulator.requests.count({ code })];
      await vi.waitFor(
        async () => expect(await inactivePasses()).toBeGreaterThan(passes + 5),
        PATIENCE,
      );
      const callsMade = simulator.requests.count({ code }) - calls;
      expect(callsMade).toBeLessThanOrEqual((await inactivePasses()) - passes + 1);
      const text = await exporter.scrape();
      expect(text).toMatch(/instance_up\{.*sag-expired"\} 0\n/);
      expect(text).toMatch(/instance_up\{.*sag-b"\} 1\n/);
      expect(text).toMatch(/instance_up\{.*sag-c"\} 1\n/);
      expect(text).toMatch(/account_up\{.*\} 1\n/);
      expect(text).not.toContain('reason="unavailable"');
      const inactiveLines = lines.filter(({ kind }) => kind === 'inactive');
      expect(inactiveLines.map(({ msg }) => msg).join()).toContain(
        'Renew or activate the instance',
      );

      // The outage of another instance is logged separately.
      simulator.faults.add({
        name: 'outage',
        match: { instanceId: 'sag-b' },
        effect: { error: { code: 'ServiceUnavailable' } },
      });
      await vi.waitFor(() => {
        expect(lines).toContainEqual(expect.objectContaining({ kind: 'unavailable' }));
      }, PATIENCE);
      simulator.faults.remove('outage');
      simulator.faults.remove('expired');
      await vi.waitFor(async () => {
        expect(await exporter.scrape()).not.toMatch(/instance_up\{.*\} 0\n/);
        await equalsTheWorld();
      }, PATIENCE);
    },
    60_000,
  );
});
