import { execFile } from 'node:child_process';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { configSource } from '../../src/cli/config-source.ts';
import { SECOND } from '../../src/clock.ts';
import { leavesOut } from '../../src/config/losses.ts';
import { ManualClock, settle } from '../support/manual-clock.ts';
import { temporaryFolder } from '../support/temporary-files.ts';

const ACCOUNTS = ['one', 'two', 'three'];
const textOf = (names: readonly string[], more = ''): string =>
  `accounts:\n${names.map((name) => `  - name: ${name}\n    regions: [cn-shanghai]\n`).join('')}${more}`;
const WHOLE = textOf(ACCOUNTS, 'polling:\n  requests_per_second: 2\n');

let file: string;
let clock: ManualClock;
beforeEach(async () => {
  file = join(await temporaryFolder(), 'config.yml');
  clock = new ManualClock();
  await writeFile(file, WHOLE);
});

function open() {
  const source = configSource({ 'config.file': file }, { env: {} }, { clock });
  /** The names of the accounts, or the reason of the refusal. Time moves until the result is known. */
  const load = async (onTurn: (turn: number) => Promise<void> | void = () => {}) => {
    let outcome: string | undefined;
    const loading = source.load().then(
      ({ accounts }) => {
        outcome = accounts.map(({ name }) => name).join();
      },
      (error: Error) => {
        outcome = error.message.replaceAll(file, 'config.yml');
      },
    );
    for (let turn = 0; outcome === undefined; turn++) {
      await settle();
      if (clock.pending === 0) continue;
      await onTurn(turn);
      await clock.advance(SECOND / 2);
    }
    await loading;
    return outcome;
  };
  return { load, source };
}

const AS_BEFORE = ', as before (to run without them, restart the exporter); got';

describe('a reload refuses a file that has lost', () => {
  it.each([
    ['everything', '', `:1:1: expected a file with settings${AS_BEFORE} a file without settings`],
    [
      'all but blanks',
      ' \n\n \n',
      `:1:1: expected a file with settings${AS_BEFORE} a file without settings`,
    ],
    [
      'all but comments',
      '# accounts:\n',
      `:1:1: expected a file with settings${AS_BEFORE} a file without settings`,
    ],
    [
      'all but a brace',
      '{}\n',
      `:1:1: expected a file with settings${AS_BEFORE} a file without settings`,
    ],
    [
      'all but a mark',
      '---\n',
      `:1:1: expected a file with settings${AS_BEFORE} a file without settings`,
    ],
    [
      'what its keys had',
      'accounts:\n',
      `:1:1: expected a file with settings${AS_BEFORE} a file without settings`,
    ],
    [
      'its accounts',
      'polling:\n  requests_per_second: 2\n',
      `:1:1: accounts: expected at least one account${AS_BEFORE} no account`,
    ],
    [
      'the items of its accounts',
      'accounts: []\n',
      ':1:1: accounts: expected at least one account',
    ],
    [
      'its end, within a line',
      WHOLE.slice(0, WHOLE.indexOf('three') + 3),
      ':6:1: expected a whole file; got only the beginning of the earlier file, cut within this line',
    ],
  ])('%s', async (_, text, refusal) => {
    const { load } = open();
    expect(await load()).toBe('one,two,three');
    await writeFile(file, text);
    expect(await load()).toContain(`config.yml${refusal}`);
    expect(await load()).toContain(`config.yml${refusal}`);
    await writeFile(file, WHOLE);
    expect(await load()).toBe('one,two,three');
  });

  it('itself', async () => {
    const { load } = open();
    await load();
    await rm(file);
    expect(await load()).toBe('config.yml:1:1: expected a readable file; got no such file');
  });
});

describe('a reload follows a file', () => {
  it('from which an account was removed on purpose, even the last one of the list', async () => {
    const { load } = open();
    await load();
    for (const left of [['one', 'two'], ['two'], ['two', 'four']]) {
      await writeFile(file, textOf(left, 'polling:\n  requests_per_second: 2\n'));
      expect(await load()).toBe(left.join());
    }
    await writeFile(file, textOf(['two']));
    expect(await load()).toBe('two');
  });

  it('that never had accounts or settings', async () => {
    await writeFile(file, '# nothing yet\n');
    const { load } = open();
    expect(await load()).toBe('default');
    await writeFile(file, '');
    expect(await load()).toBe('default');
    await writeFile(file, WHOLE);
    expect(await load()).toBe('one,two,three');
  });

  it('that was replaced, without waiting if nothing is missing', async () => {
    const { load } = open();
    await load();
    await writeFile(`${file}.new`, WHOLE.replace('one', 'uno'));
    await rename(`${file}.new`, file);
    const waits: number[] = [];
    expect(await load((turn) => void waits.push(turn))).toBe('uno,two,three');
    expect(waits).toEqual([]);
  });
});

describe('a reload while the file is written', () => {
  it('waits until it is whole', async () => {
    const { load } = open();
    await load();
    const next = WHOLE.replace('one', 'uno');
    await writeFile(file, '');
    const parts = [next.slice(0, 30), next.slice(0, next.indexOf('polling')), next];
    expect(await load((turn) => writeFile(file, parts[turn] ?? next))).toBe('uno,two,three');
  });

  it('is refused after two seconds', async () => {
    const { load } = open();
    await load();
    const loaded = load((turn) => writeFile(file, textOf(['one', `two${turn}`])));
    await writeFile(file, textOf(['one']));
    expect(await loaded).toBe(
      'config.yml:1:1: expected a file that does not change while it is read; got one that is being written',
    );
    expect(clock.pending).toBe(0);
  });
});

describe('a configuration from a pipe', () => {
  it('is read once, not watched, and not reloaded', async () => {
    const pipe = `${file}.pipe`;
    await promisify(execFile)('mkfifo', [pipe]);
    const writing = writeFile(pipe, WHOLE);
    file = pipe;
    const { load, source } = open();
    expect(await load()).toBe('one,two,three');
    await writing;
    expect((await source.files.again()).equals(source.files)).toBe(true);
    expect(await load()).toBe('config.yml:1:1: expected a file that can be read again; got a pipe');
  });
});

describe('settings that a file has lost', () => {
  const anything = fc.jsonValue({ maxDepth: 3 });

  it('none if nothing has changed, and each key or item that is gone', () => {
    fc.assert(fc.property(anything, (value) => !leavesOut(value, structuredClone(value))));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), anything, { minKeys: 1 }), (value) => {
        const [gone = ''] = Object.keys(value);
        const { [gone]: _, ...rest } = value;
        return leavesOut({ list: [value] }, { list: [rest] }) && leavesOut([1, value], [1]);
      }),
    );
  });
});
