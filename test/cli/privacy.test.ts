import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SECOND, systemClock } from '../../src/clock.ts';
import { createLog } from '../../src/log.ts';
import { type StartedExporter, startExporter } from '../support/start-exporter.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';
import { temporaryFolder } from '../support/temporary-files.ts';

let api: StartedSimulator;
let exporter: StartedExporter;

afterEach(async () => {
  await exporter.stop();
  await api.stop();
});

async function keyFile(): Promise<string> {
  const file = join(await temporaryFolder(), 'key');
  await writeFile(file, 'a key\n');
  return file;
}

describe.each([
  ['hash', 'sessions'],
  ['omit', 'instances'],
] as const)('with user_name: %s, detail: %s', (userName, detail) => {
  it('no user name or mail address of the API is on /metrics, on the pages, in their JSON or in the log', async () => {
    const log: string[] = [];
    api = await startSimulator({ clock: systemClock });
    const users = ['sag-small', 'sag-quiet'].flatMap((id) => api.simulator.world.users(id));
    // About half of the calls about a user fail with a message that quotes the name and the mail address.
    for (const { name, mail } of users) {
      const message = `User ${name} (${mail}) of UserName=${name} is <${mail}>`;
      for (const code of ['InternalError', `Odd.${name}`]) {
        api.simulator.faults.add({
          match: { userName: name },
          probability: 0.3,
          effect: { error: { code, message } },
        });
      }
    }
    exporter = await startExporter({
      endpoint: api.url,
      polling: { onlineInterval: 50, usersInterval: SECOND, strategy: 'fan-out' },
      metrics: { userName, detail, hashKeyFile: await keyFile() },
      log: createLog({
        level: 'debug',
        format: 'json',
        destination: { write: (line) => void log.push(line) },
      }),
    });
    await vi.waitFor(
      async () => {
        expect(log.join('')).toContain('"stage":"online"');
        expect(await exporter.scrape()).toMatch(/sag_app_online_users\{.*instance_id="sag-small"/);
      },
      { timeout: 20_000, interval: 50 },
    );
    const outputs = [...log];
    const instances = ['cn-shanghai/sag-small', 'ap-southeast-1/sag-quiet'].map(
      (instance) => `/instances/test/${instance}`,
    );
    const paths = [
      '/',
      ...instances,
      '/api/v1/status',
      ...instances.map((path) => `/api/v1${path}`),
    ];
    for (const path of paths) {
      const response = await fetch(exporter.url + path);
      expect(response.status).toBe(200);
      outputs.push(await response.text());
    }
    expect(outputs.join('\n')).toContain('"failedCalls":[{');
    for (const Accept of ['application/openmetrics-text', 'text/plain']) {
      outputs.push(await (await fetch(`${exporter.url}/metrics`, { headers: { Accept } })).text());
    }
    expect(outputs.join('\n')).toMatch(
      /sag_app_exporter_api_requests_total\{.*code="InternalError"\}/,
    );
    for (const { name, mail } of users) {
      const outputsWithUser = outputs.filter((text) => text.includes(name) || text.includes(mail));
      expect(outputsWithUser).toEqual([]);
    }
  });
});
