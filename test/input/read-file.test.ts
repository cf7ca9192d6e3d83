import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeReadError, isTemporary, readText } from '../../src/input/read-file.ts';
import { textOfBytes } from '../../src/input/text-of-bytes.ts';
import { temporaryFile, temporaryFolder } from '../support/temporary-files.ts';

/** The reason why the file is refused, or `read`. */
async function refusalOf(content: string | Buffer): Promise<string> {
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, content);
  return readText(file).then(
    () => 'read',
    (error: unknown) => describeReadError(error),
  );
}

const utf16 = (text: string, mark: string): Buffer => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return mark === 'big' ? bytes.swap16() : bytes;
};

describe('a file that is read', () => {
  it('may begin with a byte order mark, which is not part of its text', async () => {
    expect(await readText(await temporaryFile('file', '\ufeffsecret\n'))).toBe('secret\n');
  });

  it.each([
    ['UTF-16, little end first', utf16('accounts: []', 'little')],
    ['UTF-16, big end first', utf16('accounts: []', 'big')],
    ['UTF-16 without a mark', Buffer.from('accounts: []', 'utf16le')],
    ['a program', Buffer.from('\x7fELF\0\0\0')],
  ])('is refused as not UTF-8: %s', async (_, bytes) => {
    expect(await refusalOf(bytes)).toBe('a file in UTF-16, or not a text file; save it as UTF-8');
  });

  it('is refused in Latin-1, with the number of the line', async () => {
    expect(await refusalOf(Buffer.from('a: 1\nb: 2\nname: caf\u00e9\n', 'latin1'))).toBe(
      'a file that is not UTF-8 (line 3); save it as UTF-8',
    );
  });

  it('is refused when it ends within a character', async () => {
    expect(await refusalOf(Buffer.from('name: 上海').subarray(0, -1))).toContain('(line 1)');
  });

  it('is refused when it is larger than 4 MiB, without being read to its end', async () => {
    const file = await temporaryFile('file', '');
    // The file is sparse and takes no room on the disk.
    await truncate(file, 2 ** 40);
    await expect(readText(file)).rejects.toMatchObject({ code: 'TOO_LARGE' });
    expect(await refusalOf('a'.repeat(4 * 2 ** 20 + 1))).toBe('a file of more than 4 MiB');
    expect(await refusalOf('a'.repeat(4 * 2 ** 20))).toBe('read');
  });

  it('returns every Unicode text as it was written', () => {
    const text = fc.string({ unit: 'binary' }).filter((each) => !/[\0\ufeff]/.test(each));
    fc.assert(fc.property(text, (each) => textOfBytes(Buffer.from(each)) === each));
  });

  it('is either refused or the text of exactly these bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (each) => {
        const bytes = Buffer.from(each);
        try {
          const text = textOfBytes(bytes);
          return [text, `\ufeff${text}`].some((written) => Buffer.from(written).equals(bytes));
        } catch {
          return true;
        }
      }),
    );
  });

  it('is permanently unusable, unlike a file that cannot be read at the moment', async () => {
    const file = await temporaryFile('file', 'text');
    const paths = ['', 'none', 'no\0ne', file.slice(0, -5), `${file}/none`];
    for (const path of paths) {
      expect(isTemporary(await readText(path).catch((error: unknown) => error))).toBe(false);
    }
    // Reading the first page of a process's memory fails with EIO.
    const failure = await readText('/proc/self/mem').catch((error: unknown) => error);
    expect([isTemporary(failure), describeReadError(failure)]).toEqual([true, 'EIO']);
  });
});
