import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { InstanceRecord } from '../../../src/fleet/fleet.ts';
import { stateFolder } from '../../../src/storage/directory.ts';
import { instanceFileName } from '../../../src/storage/state/file-names.ts';
import { readStoredInstances } from '../../../src/storage/state/read-stored.ts';
import { PACES, StateWriter } from '../../../src/storage/state/state-writer.ts';
import { FleetBench, user } from '../../support/fleet-bench.ts';
import { temporaryFolder } from '../../support/temporary-files.ts';

const NEVER = new AbortController().signal;

let bench: FleetBench;
let storagePath: string;
let keepsMail: boolean;
let writer: StateWriter;
/** What happened, in order. */
let events: string[];
let beforeWrite: () => Promise<void>;

beforeEach(async () => {
  bench = new FleetBench();
  storagePath = await temporaryFolder();
  keepsMail = false;
  events = [];
  beforeWrite = async () => {};
  writer = new StateWriter({
    storagePath,
    clock: bench.clock,
    source: { fleet: bench.fleet, learnedOf: () => undefined, keepsMail: () => keepsMail },
    beforeWrite: () => beforeWrite(),
  });
});

const write = () => writer.write(PACES.ending, NEVER);

function instance(id: string): InstanceRecord {
  const record = bench.instance(id);
  bench.users(record, [user('ada', { mail: 'ada@example.com' })]);
  bench.online(record, { ada: 1 });
  return record;
}

/** The files with their inodes: a file that is replaced has another. */
async function inodes(): Promise<Readonly<Record<string, number>>> {
  const names = await readdir(stateFolder(storagePath));
  const entries = names.map(async (name) => {
    const { ino } = await stat(join(stateFolder(storagePath), name));
    return [name, ino] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

const storedIds = async () =>
  (await readStoredInstances(storagePath)).map(({ id }) => id.instanceId).sort();

describe('the state writer', () => {
  it('writes what has changed, and nothing else', async () => {
    const [first, second] = [instance('sag-1'), instance('sag-2')];
    await write();
    expect(await storedIds()).toEqual(['sag-1', 'sag-2']);
    expect(writer.hasWork()).toBe(false);
    const before = await inodes();
    await write();
    expect(await inodes()).toEqual(before);

    bench.online(second, { ada: 0 });
    expect(writer.hasWork()).toBe(true);
    await write();
    const after = await inodes();
    expect(after[instanceFileName(first.id)]).toBe(before[instanceFileName(first.id)]);
    expect(after[instanceFileName(second.id)]).not.toBe(before[instanceFileName(second.id)]);
    expect(writer.hasWork()).toBe(false);
  });

  it.each<readonly [string, (record: InstanceRecord) => void]>([
    ['a pass has begun', (record) => record.stages.users.begin()],
    ['a pass has failed', (record) => bench.fail(record, 'online', 'timeout')],
    ['a pass has found the same', (record) => bench.online(record, { ada: 1 })],
    ['sessions were read', (record) => bench.sessions(record, { ada: [{ clientIp: '10.0.0.1' }] })],
    [
      'discovery has found details',
      (record) => {
        record.details = { id: record.id.instanceId, name: 'name', status: 'Active' };
      },
    ],
    [
      'mail addresses are kept',
      () => {
        keepsMail = true;
      },
    ],
    ['discovery has ended', () => bench.discover()],
  ])('has work when %s', async (_, change) => {
    const record = instance('sag-1');
    await write();
    change(record);
    expect(writer.hasWork()).toBe(true);
    await write();
    expect(writer.hasWork()).toBe(false);
  });

  it('writes nothing of an instance that is newer than what was there when `beforeWrite` was called', async () => {
    const record = instance('sag-1');
    beforeWrite = async () => {
      events.push('file');
      // The file of the account is the first, that of the instance the second.
      if (events.length === 2) bench.online(record, { ada: 0 });
    };
    await write();
    const [stored] = await readStoredInstances(storagePath);
    expect(stored?.snapshot.online?.totals?.users).toBe(1);
    expect(record.snapshot.online?.totals?.users).toBe(0);
    expect(writer.hasWork()).toBe(true);
  });

  it('writes no file without `beforeWrite`, and tries again', async () => {
    instance('sag-1');
    beforeWrite = async () => {
      throw new Error('the history cannot be written');
    };
    await expect(write()).rejects.toThrow('the history cannot be written');
    expect(await storedIds()).toEqual([]);
    beforeWrite = async () => {};
    await write();
    expect(await storedIds()).toEqual(['sag-1']);
  });

  it('writes the others when a file cannot be written', async () => {
    const records = ['sag-1', 'sag-2', 'sag-3'].map(instance);
    const [, second] = records;
    if (!second) throw new Error('three instances expected');
    await mkdir(join(stateFolder(storagePath), instanceFileName(second.id), 'in the way'), {
      recursive: true,
    });
    await expect(write()).rejects.toMatchObject({
      code: expect.stringMatching(/EISDIR|ENOTEMPTY/),
    });
    expect(await storedIds()).toEqual(['sag-1', 'sag-3']);
    expect(writer.hasWork()).toBe(true);
  });

  it('pauses after each file while the process runs, and stops when it is told to', async () => {
    for (let index = 0; index < 5; index++) instance(`sag-${index}`);
    beforeWrite = async () => void events.push('file');
    const stopping = new AbortController();
    const written = writer.write(PACES.running, stopping.signal);
    const advance = async (ms: number) => {
      // Files take no time of this clock.
      for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
      await bench.clock.advance(ms);
    };
    await advance(0);
    expect(events).toHaveLength(1);
    await advance(PACES.running.pause);
    await advance(0);
    expect(events).toHaveLength(2);
    stopping.abort();
    await written;
    expect(events).toHaveLength(2);
    expect(bench.clock.pending).toBe(0);
  });

  it('deletes the file of an instance only when every discovery of its account has succeeded', async () => {
    const record = instance('sag-1');
    bench.discover('timeout');
    await write();
    bench.fleet.removeInstance(record.id);
    await write();
    expect(await storedIds()).toEqual(['sag-1']);
    bench.discover();
    await write();
    expect(await storedIds()).toEqual([]);
  });

  it('deletes no file without `beforeWrite`, and tries again', async () => {
    const record = instance('sag-1');
    bench.discover();
    await write();
    bench.fleet.removeInstance(record.id);
    beforeWrite = async () => {
      throw new Error('the history cannot be written');
    };
    await expect(write()).rejects.toThrow('the history cannot be written');
    expect(await storedIds()).toEqual(['sag-1']);
    beforeWrite = async () => {};
    await write();
    expect(await storedIds()).toEqual([]);
  });

  it('deletes the files of an account that is not configured any more', async () => {
    instance('sag-1');
    await write();
    bench.fleet.removeAccount('prod');
    expect(writer.hasWork()).toBe(true);
    await write();
    expect(await readdir(stateFolder(storagePath))).toEqual([]);
    expect(writer.size).toBe(0);
  });

  it('knows the size of its files', async () => {
    instance('sag-1');
    instance('sag-2');
    await write();
    const sizes = (await readdir(stateFolder(storagePath))).map(
      async (name) => (await stat(join(stateFolder(storagePath), name))).size,
    );
    expect(writer.size).toBe((await Promise.all(sizes)).reduce((sum, size) => sum + size, 0));
  });
});
