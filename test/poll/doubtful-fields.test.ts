import { afterEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { createLog } from '../../src/log.ts';
import type { LogLine } from '../support/fake-host.ts';
import { type StartedExporter, startExporter } from '../support/start-exporter.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';

const PATIENCE = { timeout: 25_000, interval: 10 };
const LIST = 'DescribeSmartAccessGateways';

let api: StartedSimulator;
let exporter: StartedExporter;
let lines: LogLine[];

afterEach(async () => {
  await exporter.stop();
  await api.stop();
});

/** Starts an exporter for instances with 43, 50 and no users, for which the API returns these fields. */
async function start(
  fields: (id: string) => object,
  account: { readonly instances?: { id: string; region: string; usersLimit?: number }[] } = {},
): Promise<void> {
  lines = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as LogLine) };
  const ids = ['sag-43', 'sag-50', 'sag-0'];
  api = await startSimulator({
    clock: systemClock,
    instances: ids.map((id) => ({ id, regionId: 'cn-shanghai', users: Number(id.slice(4)) })),
  });
  const gateways = ids.map((id) => ({ SmartAGId: id, Name: id, ...fields(id) }));
  const body = JSON.stringify({
    TotalCount: ids.length,
    SmartAccessGateways: { SmartAccessGateway: gateways },
  });
  api.simulator.faults.add({ match: { operation: LIST }, effect: { body, httpStatus: 200 } });
  exporter = await startExporter({
    endpoint: api.url,
    account: { regions: ['cn-shanghai'], ...account },
    log: createLog({ level: 'info', format: 'json', destination }),
    polling: { usersInterval: 50, onlineInterval: 50, discoveryInterval: 50 },
  });
  await vi.waitFor(async () => {
    expect((await fetch(`${exporter.url}/-/ready`)).status).toBe(200);
    expect(api.simulator.requests.count({ operation: LIST })).toBeGreaterThan(5);
  }, PATIENCE);
}

const linesWith = (text: string) => lines.filter(({ msg }) => String(msg).includes(text));

it('a UserCount that is the number of users is not shown as limit, and a log line says what to configure', async () => {
  await start((id) => ({ UserCount: Number(id.slice(4)) }));
  // A multiple of five could be a used-up quota, but another instance proves that UserCount is no quota.
  await vi.waitFor(async () => {
    expect(await exporter.scrape()).not.toMatch(/users_limit\{.*sag-(43|50)"\}/);
    expect(linesWith('UserCount of the API is the number of users')).toHaveLength(2);
  }, PATIENCE);
  for (const instance of ['sag-43', 'sag-50']) {
    expect(linesWith('UserCount of the API is the number of users')).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        instance,
        msg: expect.stringMatching('users_limit'),
      }),
    );
  }
  const status = await (await fetch(`${exporter.url}/api/v1/status`)).json();
  expect(JSON.stringify(status)).toContain('UserCount of the API is the number of users');
});

it('a UserCount that equals the users is a limit unless some instance proves the opposite', async () => {
  await start((id) => ({ UserCount: id === 'sag-43' ? 60 : Number(id.slice(4)) }));
  expect(await exporter.scrape()).toMatch(/users_limit\{.*sag-50"\} 50\n/);
  expect(linesWith('UserCount')).toEqual([]);
});

it('a configured limit is used, and nothing is logged about UserCount', async () => {
  const instances = [{ id: 'sag-43', region: 'cn-shanghai', usersLimit: 60 }];
  await start((id) => ({ UserCount: Number(id.slice(4)) }), { instances });
  expect(await exporter.scrape()).toMatch(/users_limit\{.*sag-43"\} 60\n/);
  expect(linesWith('UserCount').filter(({ instance }) => instance === 'sag-43')).toEqual([]);
});

it('a bandwidth of 0 and an unreadable end are absent and logged once; ISO times are read', async () => {
  const ends: Readonly<Record<string, unknown>> = {
    'sag-43': '2027-01-01T00:00Z',
    'sag-50': 'never',
    'sag-0': 0,
  };
  await start((id) => ({ MaxBandwidth: id === 'sag-0' ? '50M' : '0M', EndTime: ends[id] }));
  const text = await exporter.scrape();
  expect(text).toMatch(/bandwidth_limit_bytes_per_second\{[^}]*instance_id="sag-0"\} 6250000\n/);
  expect(text).not.toMatch(/instance_bandwidth_limit_bytes_per_second\{[^}]*"sag-(43|50)"\}/);
  expect(text).toMatch(/expiry_timestamp_seconds\{[^}]*"sag-43"\} 1798761600\n/);
  expect(text).not.toMatch(/expiry_timestamp_seconds\{[^}]*"sag-(50|0)"\}/);
  expect(linesWith('MaxBandwidth of the API is "0M"')).toHaveLength(2);
  expect(linesWith('EndTime of the API is "never"')).toHaveLength(1);
});

it('a device is not polled, which is logged once', async () => {
  await start((id) => ({ HardwareVersion: id === 'sag-50' ? 'sag-100wm' : 'sag-software' }));
  const text = await exporter.scrape();
  expect(text).toContain('sag-43');
  expect(text).not.toContain('sag-50');
  expect(linesWith('left out: a device (HardwareVersion sag-100wm)')).toEqual([
    expect.objectContaining({ instance: 'sag-50' }),
  ]);
});
