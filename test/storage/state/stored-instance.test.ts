import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import type { InstanceData } from '../../../src/fleet/instance-data.ts';
import { stateFolder } from '../../../src/storage/directory.ts';
import { instanceFileName } from '../../../src/storage/state/file-names.ts';
import { readStoredInstances } from '../../../src/storage/state/read-stored.ts';
import { instanceSlices } from '../../../src/storage/state/stored-instance.ts';
import { writeStateFile } from '../../../src/storage/state-file.ts';
import { anyText, illFormed } from '../../support/any-text.ts';
import { temporaryFolder } from '../../support/temporary-files.ts';
import { anyInstanceData } from './any-instance-data.ts';

const WRITTEN_AT = 1_764_300_000.125;

const READING = { at: WRITTEN_AT, clients: 1 };

const EMPTY: InstanceData = {
  writtenAt: WRITTEN_AT,
  id: { account: 'prod', regionId: 'cn-shanghai', instanceId: 'sag-1' },
  snapshot: {},
  stages: {},
  evidence: { leftOutIsOffline: false, zeroTotal: 'unproven' },
  userCountEqualAt: [],
  areSessionsComplete: false,
  isUp: false,
  readings: [],
};

async function newFolder(): Promise<string> {
  const storagePath = await temporaryFolder();
  await mkdir(stateFolder(storagePath));
  return storagePath;
}

async function write(storagePath: string, data: InstanceData, keepsMail = true): Promise<string> {
  const path = join(stateFolder(storagePath), instanceFileName(data.id));
  const slices = instanceSlices(data, keepsMail);
  await writeStateFile(path, slices, systemClock);
  return path;
}

/** Data in a form that can be compared: the order of users in maps means nothing. */
function comparable(data: InstanceData): unknown {
  const { presence, readings, evidence } = data;
  return {
    ...data,
    readings: new Map(readings),
    ...(presence && { presence: { ...presence, users: new Map(presence.users) } }),
    evidence: { ...evidence, ...(evidence.leftOut && { leftOut: new Set(evidence.leftOut) }) },
  };
}

describe('a stored instance', () => {
  it('is read as it was written, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(anyInstanceData, async (data) => {
        const storagePath = await newFolder();
        await write(storagePath, data);
        const stored = await readStoredInstances(storagePath);
        expect(stored.map(comparable)).toEqual([comparable(data)]);
      }),
      { numRuns: 200 },
    );
  });

  it('has no mail addresses unless they are kept', async () => {
    await fc.assert(
      fc.asyncProperty(anyInstanceData, async (data) => {
        const storagePath = await newFolder();
        const users = data.snapshot.users?.users.map((user) => ({ ...user, mail: 'MARKED@MAIL' }));
        const snapshot = {
          ...data.snapshot,
          ...(users && { users: { ...data.snapshot.users, users } }),
        };
        const path = await write(storagePath, { ...data, snapshot } as InstanceData, false);
        expect(gunzipSync(await readFile(path)).toString()).not.toContain('MARKED');
      }),
      { numRuns: 50 },
    );
  });

  it('is read with whole characters, even from a file that has halves of them', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyText, async (name, instanceName) => {
        const storagePath = await newFolder();
        const id = { account: 'prod', regionId: 'cn-shanghai', instanceId: 'sag-1' };
        const details = { id: 'sag-1', name: instanceName, status: '' };
        await write(storagePath, { ...EMPTY, id, details, readings: [[name, READING]] });
        const [stored] = await readStoredInstances(storagePath);
        expect(stored?.details?.name).toBe(instanceName.toWellFormed());
        expect(illFormed([...(stored?.readings ?? [])])).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a state folder with unusable files', () => {
  it('tells commands of the others, and is left as it is', async () => {
    const storagePath = await newFolder();
    const [first, second, third] = ['sag-1', 'sag-2', 'sag-3'].map((instanceId) => ({
      ...EMPTY,
      id: { ...EMPTY.id, instanceId },
    }));
    if (!first || !second || !third) throw new Error('three instances expected');
    await write(storagePath, first);
    const cut = await write(storagePath, second);
    await writeFile(cut, (await readFile(cut)).subarray(0, 30));
    const newer = await write(storagePath, third);
    const text = gunzipSync(await readFile(newer)).toString();
    await writeFile(newer, gzipSync(text.replace('"version":1', '"version":2')));
    const others = [
      'notes.txt',
      'instance-x-0123456789abcdef.json.gz.unreadable',
      'instance-.json.gz',
    ];
    for (const name of others) await writeFile(join(stateFolder(storagePath), name), 'other');
    const names = await readdir(stateFolder(storagePath));
    const stored = await readStoredInstances(storagePath);
    expect(stored.map(({ id }) => id.instanceId)).toEqual(['sag-1']);
    expect(await readdir(stateFolder(storagePath))).toEqual(names);
  });

  it('has no instances when it is missing', async () => {
    expect(await readStoredInstances(join(await temporaryFolder(), 'missing'))).toEqual([]);
  });

  it('does not believe a file with the name of another instance', async () => {
    const storagePath = await newFolder();
    const path = await write(storagePath, EMPTY);
    const other = join(
      stateFolder(storagePath),
      instanceFileName({ ...EMPTY.id, instanceId: 'sag-2' }),
    );
    await copyFile(path, other);
    expect(await readStoredInstances(storagePath)).toHaveLength(1);
  });

  it.each([
    [
      'a user with two rows',
      {
        users: [
          ['ada', 3],
          ['ada', 3],
        ],
      },
    ],
    ['a row without flags', { users: [['ada']] }],
    ['a count that is a text', { users: [['ada', 3, '1']] }],
    ['a stage that does not exist', { stages: { lunch: { ended: 'well' } } }],
    ['an unknown part', { parts: ['lunch'] }],
    ['no id', { id: undefined }],
  ])('skips %s', async (_, change) => {
    const storagePath = await newFolder();
    const path = await write(storagePath, EMPTY);
    const content = JSON.parse(gunzipSync(await readFile(path)).toString());
    await writeFile(path, gzipSync(JSON.stringify({ ...content, ...change })));
    expect(await readStoredInstances(storagePath)).toEqual([]);
  });

  it('does not believe that a session began before the epoch', async () => {
    const storagePath = await newFolder();
    const path = await write(storagePath, EMPTY);
    const content = JSON.parse(gunzipSync(await readFile(path)).toString());
    const users = [['ada', 3, 1, null, null, null, [['10.0.0.1', -1e16]]]];
    await writeFile(path, gzipSync(JSON.stringify({ ...content, parts: ['sessions'], users })));
    const [stored] = await readStoredInstances(storagePath);
    expect(stored?.snapshot.sessions?.sessions.get('ada')).toEqual([{ clientIp: '10.0.0.1' }]);
  });

  it('never throws, whatever JSON is in a file', async () => {
    const storagePath = await newFolder();
    const path = await write(storagePath, EMPTY);
    const content = JSON.parse(gunzipSync(await readFile(path)).toString());
    const keys = fc.constantFrom(...Object.keys(content));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(keys, fc.jsonValue()), async (change) => {
        await writeFile(path, gzipSync(JSON.stringify({ ...content, ...change })));
        expect((await readStoredInstances(storagePath)).length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 200 },
    );
  });
});
