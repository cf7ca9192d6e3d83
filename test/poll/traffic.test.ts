import { afterEach, describe, expect, it, vi } from 'vitest';
import { HOUR, systemClock } from '../../src/clock.ts';
import { type StartedExporter, startExporter } from '../support/start-exporter.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';
import { samplesNamed } from '../support/world-samples.ts';

const OPERATION = 'DescribeUserFlowStatistics';
const PATIENCE = { timeout: 20_000, interval: 20 };
const INSTANCES = [{ id: 'sag-busy', regionId: 'cn-shanghai', users: 120 }];

let api: StartedSimulator;
let exporter: StartedExporter;

afterEach(async () => {
  await exporter.stop();
  await api.stop();
});

async function start(enabled: boolean, interval = HOUR): Promise<void> {
  api = await startSimulator({ clock: systemClock, instances: INSTANCES });
  exporter = await startExporter({
    endpoint: api.url,
    polling: { traffic: { enabled, interval } },
  });
}

async function traffic(kind: 'month' | 'remaining'): Promise<readonly number[]> {
  const name = `sag_app_user_traffic_${kind}_bytes`;
  return Object.values(samplesNamed(await exporter.scrape(), (family) => family === name));
}

describe('the traffic stage', () => {
  it('reads 50 users a call and shows the traffic of the month and the remaining free traffic', async () => {
    await start(true);
    await vi.waitFor(async () => {
      expect(await traffic('month')).toHaveLength(120);
      expect(await traffic('remaining')).toHaveLength(120);
    }, PATIENCE);
    expect(api.simulator.requests.count({ operation: OPERATION })).toBe(3);
    expect(await exporter.scrape()).toMatch(/last_success_timestamp_seconds\{.*stage="traffic"} /);
  });

  it('is off unless it is enabled', async () => {
    await start(false);
    await vi.waitFor(async () => {
      expect((await fetch(`${exporter.url}/-/ready`)).status).toBe(200);
    }, PATIENCE);
    expect(await exporter.scrape()).not.toContain('traffic');
    expect(api.simulator.requests.count({ operation: OPERATION })).toBe(0);
  });

  it('accepts that the counters start again with each month', async () => {
    await start(true, 50);
    const answer = (bytes: number): (() => void) =>
      api.simulator.faults.add({
        match: { operation: OPERATION },
        effect: {
          body: JSON.stringify({
            RequestId: 'A',
            SagStatistics: [
              { UserName: api.simulator.world.users('sag-busy')[0]?.name, TotalBytes: bytes },
            ],
          }),
          httpStatus: 200,
        },
      });
    const takeBack = answer(5_000_000);
    await vi.waitFor(async () => expect(await traffic('month')).toEqual([5_000_000]), PATIENCE);
    takeBack();
    answer(0);
    await vi.waitFor(async () => expect(await traffic('month')).toEqual([0]), PATIENCE);
    expect(await traffic('remaining')).toEqual([]);
    expect(await exporter.scrape()).not.toMatch(/stage_failures_total\{.*stage="traffic"/);
  });

  it('keeps the last reading of users who cannot be asked about, and counts the failure', async () => {
    await start(true, 50);
    await vi.waitFor(async () => expect(await traffic('month')).toHaveLength(120), PATIENCE);
    api.simulator.permissions.deny({ operation: OPERATION });
    await vi.waitFor(async () => {
      expect(await exporter.scrape()).toMatch(
        /stage_failures_total\{.*stage="traffic",reason="forbidden"} /,
      );
    }, PATIENCE);
    expect(await traffic('month')).toHaveLength(120);
    expect(await exporter.scrape()).toMatch(/instance_up\{.*} 0\n/);
  });
});
