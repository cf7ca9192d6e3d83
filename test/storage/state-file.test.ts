import { execFileSync } from 'node:child_process';
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../../src/clock.ts';
import { jsonSlices } from '../../src/storage/json-slices.ts';
import {
  readStateFile,
  setAside,
  UnreadableStateError,
  writeStateFile,
} from '../../src/storage/state-file.ts';
import { temporaryFolder } from '../support/temporary-files.ts';

const FORMAT = {
  version: 1,
  schema: z.object({ version: z.number(), names: z.array(z.string()) }),
};
const slicesOf = (names: readonly string[]) => jsonSlices({ version: 1 }, { names });

async function newPath(): Promise<string> {
  return join(await temporaryFolder(), 'state.json.gz');
}

describe('a state file', () => {
  it('holds what was written, for any names and as many as there may be', async () => {
    const path = await newPath();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { maxLength: 1000, size: '+2' }),
        async (names) => {
          await writeStateFile(path, slicesOf(names), systemClock);
          expect(await readStateFile(path, FORMAT)).toEqual({ version: 1, names });
        },
      ),
      { numRuns: 25 },
    );
  });

  it("is gzip'd JSON that only its owner may read, with nothing beside it", async () => {
    const path = await newPath();
    const bytes = await writeStateFile(path, slicesOf(['ada']), systemClock);
    const packed = await readFile(path);
    expect(packed).toHaveLength(bytes);
    expect(JSON.parse(gunzipSync(packed).toString())).toEqual({ version: 1, names: ['ada'] });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(path, '..'))).toEqual(['state.json.gz']);
  });

  it('stays owner-only when it is replaced after its mode was changed', async () => {
    const path = await newPath();
    await writeStateFile(path, slicesOf([]), systemClock);
    await chmod(path, 0o644);
    await writeStateFile(path, slicesOf(['ada']), systemClock);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('is absent before it is written', async () => {
    expect(await readStateFile(await newPath(), FORMAT)).toBeUndefined();
  });

  it('is unreadable when it is cut at any byte', async () => {
    const path = await newPath();
    await writeStateFile(path, slicesOf(['ada', 'grace']), systemClock);
    const whole = await readFile(path);
    for (let length = 0; length < whole.length; length++) {
      await writeFile(path, whole.subarray(0, length));
      await expect(readStateFile(path, FORMAT)).rejects.toThrow(UnreadableStateError);
    }
  });

  it('is unreadable, or as it was written, when any of its bytes is another', async () => {
    const path = await newPath();
    await writeStateFile(path, slicesOf(['ada', 'grace']), systemClock);
    const whole = await readFile(path);
    for (let at = 0; at < whole.length; at++) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 0x5a;
      await writeFile(path, damaged);
      const read = await readStateFile(path, FORMAT).catch((error: unknown) => error);
      if (read instanceof UnreadableStateError) continue;
      expect(read).toEqual({ version: 1, names: ['ada', 'grace'] });
    }
  });

  it.each([
    ['{"version":2,"names":[]}', 'it has version 2, this exporter reads version 1'],
    ['{"names":[]}', 'it has no version'],
    ['[]', 'it has no version'],
    ['null', 'it has no version'],
    ['{"version":1,"names":[7]}', /^names\.0: /],
  ])('is unreadable as %s, with the reason', async (text, reason) => {
    const path = await newPath();
    await writeFile(path, gzipSync(text));
    await expect(readStateFile(path, FORMAT)).rejects.toThrow(reason);
    await expect(readStateFile(path, FORMAT)).rejects.toThrow(UnreadableStateError);
  });

  it('is unreadable as a pipe, which is not waited for', async () => {
    const path = await newPath();
    execFileSync('mkfifo', [path]);
    await expect(readStateFile(path, FORMAT)).rejects.toThrow('it is not a file');
  });

  it('keeps the old content when it cannot be replaced', async () => {
    const path = await newPath();
    await writeStateFile(path, slicesOf(['ada']), systemClock);
    const missing = join(path, 'state.json.gz');
    await expect(writeStateFile(missing, slicesOf([]), systemClock)).rejects.toHaveProperty('code');
    expect(await readStateFile(path, FORMAT)).toEqual({ version: 1, names: ['ada'] });
  });

  it('is moved aside under a name that tells why', async () => {
    const path = await newPath();
    await writeFile(path, 'no gzip');
    expect(await setAside(path)).toBe(`${path}.unreadable`);
    expect(await readdir(join(path, '..'))).toEqual(['state.json.gz.unreadable']);
  });
});

describe('JSON in slices', () => {
  it('is the text that JSON.stringify makes', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^h\w*$/), fc.jsonValue()),
        fc.dictionary(
          fc.stringMatching(/^l\w*$/),
          fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 500, size: '+2' }),
        ),
        (head, lists) => {
          const joined = [...jsonSlices(head, lists)].join('');
          expect(joined).toBe(JSON.stringify({ ...head, ...lists }));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('has no slice that grows with the list', () => {
    const names = Array.from({ length: 100_000 }, (_, index) => `user-${index}`);
    const lengths = Array.from(jsonSlices({}, { names }), (slice) => slice.length);
    expect(Math.max(...lengths)).toBeLessThan(10_000);
  });
});
