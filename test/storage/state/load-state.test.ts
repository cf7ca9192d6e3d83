import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Clock, DAY, systemClock } from '../../../src/clock.ts';
import { createLog } from '../../../src/log.ts';
import { stateFolder } from '../../../src/storage/directory.ts';
import { loadState } from '../../../src/storage/state/load-state.ts';
import { PACES, StateWriter } from '../../../src/storage/state/state-writer.ts';
import type { LogLine } from '../../support/fake-host.ts';
import { FleetBench, user } from '../../support/fleet-bench.ts';
import { temporaryFolder } from '../../support/temporary-files.ts';

let storagePath: string;
let lines: LogLine[];

beforeEach(async () => {
  storagePath = await temporaryFolder();
  lines = [];
  const bench = new FleetBench();
  for (const id of ['sag-1', 'sag-2']) bench.users(bench.instance(id), [user('ada'), user('bob')]);
  bench.discover();
  const writer = new StateWriter({
    storagePath,
    clock: bench.clock,
    source: { fleet: bench.fleet, learnedOf: () => undefined, keepsMail: () => false },
    beforeWrite: async () => {},
  });
  await writer.write(PACES.ending, new AbortController().signal);
});

const names = async () => (await readdir(stateFolder(storagePath))).sort();
const pathOf = (name: string) => join(stateFolder(storagePath), name);

function load(clock: Clock = systemClock) {
  const log = createLog({
    level: 'info',
    format: 'json',
    destination: { write: (line) => void lines.push(JSON.parse(line) as LogLine) },
  });
  return loadState(storagePath, { clock, log });
}

describe('the state at the start', () => {
  it('is that of every file', async () => {
    const { accounts, instances, files } = await load();
    expect(accounts.map(({ account }) => account)).toEqual(['prod']);
    expect(accounts[0]?.regions).toMatchObject([{ instanceIds: ['sag-1', 'sag-2'] }]);
    expect(instances.map(({ id }) => id.instanceId).sort()).toEqual(['sag-1', 'sag-2']);
    expect(files.map(({ fileName }) => fileName).sort()).toEqual(await names());
    expect(lines).toEqual([]);
  });

  it.each(['account-', 'instance-'])(
    'lacks an %s file that is cut, at whichever byte, and has the others',
    async (kind) => {
      const before = await names();
      const [name = ''] = before.filter((each) => each.startsWith(kind));
      const whole = await readFile(pathOf(name));
      for (let length = 0; length < whole.length; length++) {
        await writeFile(pathOf(name), whole.subarray(0, length));
        lines = [];
        expect((await load()).files).toHaveLength(2);
        expect(lines).toMatchObject([{ level: 'error', file: pathOf(name) }]);
        expect(await readFile(pathOf(`${name}.unreadable`))).toHaveLength(length);
        expect(await names()).not.toContain(name);
      }
    },
  );

  it('lacks a file or is as it was when one of its bytes is another', async () => {
    const [name = ''] = (await names()).filter((each) => each.startsWith('instance-'));
    const whole = await readFile(pathOf(name));
    const { instances } = await load();
    const data = (each: typeof instances) =>
      each.map((instance) => ({ ...instance, readings: [...instance.readings] }));
    for (let at = 0; at < whole.length; at++) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 0xff;
      await writeFile(pathOf(name), damaged);
      const left = await load();
      if (left.instances.length === 2) expect(data(left.instances)).toEqual(data(instances));
      else expect(left.instances).toHaveLength(1);
    }
  });

  it('does not wait for a pipe, nor stumble over a folder, with the name of a file', async () => {
    const [account = '', instance = ''] = await names();
    await rm(pathOf(account));
    await mkdir(pathOf(account));
    await rm(pathOf(instance));
    execFileSync('mkfifo', [pathOf(instance)]);
    expect((await load()).files).toHaveLength(1);
    expect(lines.map(({ reason }) => reason)).toEqual(['it is not a file', 'it is not a file']);
    expect(await names()).not.toContain(account);
    expect(await names()).not.toContain(instance);
  });

  it('has none of the temporary files of a killed process, which are removed', async () => {
    const before = await names();
    for (const name of before)
      await writeFile(pathOf(`${name}.tmp-1234567890abcdef`), 'half of it');
    await load();
    expect(await names()).toEqual(before);
  });

  it('leaves an unusable file for a month, and files of others for ever', async () => {
    const [name = ''] = await names();
    await writeFile(pathOf(name), 'damaged');
    await load();
    await writeFile(pathOf('notes.txt'), 'mine');
    const later = (days: number): Clock => ({
      ...systemClock,
      now: () => systemClock.now() + days * DAY,
    });
    await load(later(29));
    expect(await names()).toContain(`${name}.unreadable`);
    await load(later(31));
    expect(await names()).not.toContain(`${name}.unreadable`);
    expect(await names()).toContain('notes.txt');
  });
});
