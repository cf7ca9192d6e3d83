import { appendFile, chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/run.ts';
import { hashedUserNames } from '../../../src/metrics/user-names.ts';
import { FakeHost } from '../../support/fake-host.ts';
import { temporaryFile, temporaryFolder } from '../../support/temporary-files.ts';
import { writeHistory, writeState } from './stored-files.ts';

const hash = hashedUserNames(Buffer.from('hush'), () => 0);

let storage: string;
beforeEach(async () => {
  storage = await temporaryFolder();
});

/** Runs the command in Shanghai. */
async function history(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const host = new FakeHost({ TZ: 'Asia/Shanghai', ...env });
  const code = await run(['history', `--storage.path=${storage}`, ...args], host);
  return { code, out: host.out, err: host.err };
}

/** The users of an answer in its order. */
async function usersOf(args: readonly string[], env?: Readonly<Record<string, string>>) {
  const { code, out, err } = await history([...args, '--csv'], env);
  expect(code, err).toBe(0);
  const rows = parse(out, { columns: true }) as { user_name: string }[];
  return rows.map(({ user_name }) => user_name);
}

const WRITTEN =
  'The state was written at 2024-11-28 22:00:00 +08:00; later changes are not in it.\n';

/** An office with three sessions that have ended and two that are open. */
async function writeOffice(): Promise<void> {
  await writeHistory(storage, {
    '2024-11-27': [],
    '2024-11-28': [
      ['li.wei', '10.0.0.1', '08:00:00', '10:00:00'],
      ['ada', '10.0.0.2', '2024-11-27T20:00:00Z', '09:00:00'],
      ['li.wei', '10.0.0.1', '10:00:30', '12:00:00'],
    ],
  });
  await writeState(storage, {
    open: [
      ['grace', '10.0.0.3', '09:30:00'],
      ['ada', '10.0.0.2', '13:59:00'],
    ],
  });
}

describe('history --at', () => {
  beforeEach(writeOffice);

  it('prints who was online, with sessions that are still open, in local time', async () => {
    const { code, out, err } = await history(['--at=2024-11-28 17:45']);
    expect({ code, err }).toEqual({ code: 0, err: WRITTEN });
    expect(out).toBe(
      `INSTANCE  USER    ADDRESS   STARTED                     ENDED
sag-1     grace   10.0.0.3  2024-11-28 17:30:00 +08:00  still online
sag-1     li.wei  10.0.0.1  2024-11-28 16:00:00 +08:00  2024-11-28 18:00:00 +08:00
`,
    );
  });

  it('prints JSON and CSV with times in UTC', async () => {
    const { out } = await history(['--at=2024-11-28T09:45:00Z', '--json']);
    expect(JSON.parse(out)).toEqual({
      at: '2024-11-28T09:45:00.000Z',
      stateWrittenAt: '2024-11-28T14:00:00Z',
      sessions: [
        {
          account: 'prod',
          regionId: 'cn-shanghai',
          instanceId: 'sag-1',
          userName: 'grace',
          clientIp: '10.0.0.3',
          startedAt: '2024-11-28T09:30:00.000Z',
        },
        expect.objectContaining({ userName: 'li.wei', endedAt: '2024-11-28T10:00:00.000Z' }),
      ],
    });
    const csv = await history(['--at=2024-11-28T09:45:00Z', '--csv']);
    expect(csv.out).toBe(
      [
        'account,region_id,instance_id,user_name,client_ip,started_at,ended_at',
        'prod,cn-shanghai,sag-1,grace,10.0.0.3,2024-11-28T09:30:00.000Z,',
        'prod,cn-shanghai,sag-1,li.wei,10.0.0.1,2024-11-28T08:00:00.000Z,2024-11-28T10:00:00.000Z',
        '',
      ].join('\r\n'),
    );
  });

  it.each([
    ['07:59:59', ['ada']],
    ['08:00:00', ['ada', 'li.wei']],
    ['09:00:00', ['li.wei']],
    ['10:00:00', ['grace']],
    ['10:00:30', ['grace', 'li.wei']],
    ['12:00:00', ['grace']],
    ['13:59:00', ['ada', 'grace']],
    ['14:00:00', ['ada', 'grace']],
  ])('counts a session from its start, included, to its end, excluded: %s', async (time, users) => {
    expect(await usersOf([`--at=2024-11-28T${time}Z`])).toEqual(users);
  });

  it('tells a session once that has ended since the state was written', async () => {
    await writeHistory(storage, {
      '2024-11-28': [['grace', '10.0.0.3', '09:30:00', '14:00:10']],
    });
    const { out } = await history(['--at=2024-11-28T13:00:00Z', '--json']);
    expect(JSON.parse(out)).toMatchObject({
      sessions: [{ userName: 'grace', endedAt: '2024-11-28T14:00:10.000Z' }],
    });
  });

  it('says that no user was online, or that the user was not', async () => {
    await writeState(storage, { open: [] });
    expect(await history(['--at=2024-11-28T13:00:00Z'])).toEqual({
      code: 0,
      out: 'No user was online at 2024-11-28 21:00:00 +08:00.\n',
      err: WRITTEN,
    });
    const { out } = await history(['--at=2024-11-28T09:45:00Z', '--user=ada', '--instance=Office']);
    expect(out).toBe('ada was not online on Office at 2024-11-28 17:45:00 +08:00.\n');
    const json = await history(['--at=2024-11-28T13:00:00Z', '--json']);
    expect(JSON.parse(json.out)).toMatchObject({ sessions: [] });
  });

  it('counts an open session without a start from the newest pass on', async () => {
    await writeState(storage, { open: [['alan', '', '']] });
    expect(await usersOf(['--at=2024-11-28T13:59:49Z'])).toEqual([]);
    expect(await usersOf(['--at=2024-11-28T13:59:50Z'])).toEqual(['alan']);
    const { out } = await history(['--at=2024-11-28T14:00:00Z']);
    expect(out).toMatch(/^sag-1 {5}alan {11}unknown {2}still online$/m);
  });

  it('prints names as CSV cells that no spreadsheet runs, and without control characters', async () => {
    await writeState(storage, {
      open: [
        ['=1+1', '', ''],
        ['evil\u001b[2J', '', ''],
      ],
    });
    const at = '--at=2024-11-28T14:00:00Z';
    expect(await usersOf([at])).toEqual(["'=1+1", 'evil\\u{1b}[2J']);
    for (const flags of [[], ['--json']]) {
      expect((await history([at, ...flags])).out).not.toContain('\u001b');
    }
  });
});

describe('history --from --to', () => {
  beforeEach(writeOffice);

  it('prints the sessions in the order of their ends, and open ones last', async () => {
    const { code, out, err } = await history(['--from=2024-11-28 16:30', '--to=2024-11-28 18:30']);
    expect({ code, err }).toEqual({ code: 0, err: WRITTEN });
    expect(out).toBe(
      `INSTANCE  USER    ADDRESS   STARTED                     ENDED
sag-1     li.wei  10.0.0.1  2024-11-28 16:00:00 +08:00  2024-11-28 18:00:00 +08:00
sag-1     ada     10.0.0.2  2024-11-28 04:00:00 +08:00  2024-11-28 17:00:00 +08:00
sag-1     li.wei  10.0.0.1  2024-11-28 18:00:30 +08:00  2024-11-28 20:00:00 +08:00
sag-1     grace   10.0.0.3  2024-11-28 17:30:00 +08:00  still online
`,
    );
  });

  it('takes the whole last day, also when it has not ended', async () => {
    const day = ['--from=2024-11-28', '--to=2024-11-28'];
    expect(await usersOf(day)).toEqual(['li.wei', 'ada', 'li.wei', 'grace', 'ada']);
    const { out } = await history([...day, '--json', '--user=grace']);
    expect(JSON.parse(out)).toMatchObject({
      from: '2024-11-27T16:00:00.000Z',
      to: '2024-11-28T15:59:59.999Z',
      stateWrittenAt: '2024-11-28T14:00:00Z',
    });
  });

  it('says that there was no session', async () => {
    const { code, out } = await history([
      '--from=2024-11-28 20:30',
      '--to=2024-11-28 20:40',
      '--user=ada',
    ]);
    expect({ code, out }).toEqual({
      code: 0,
      out: 'ada had no session between 2024-11-28 20:30:00 +08:00 and 2024-11-28 20:40:00 +08:00.\n',
    });
  });

  it('prints any number of sessions as valid JSON and as a table with one line of titles', async () => {
    const many = Array.from(
      { length: 2500 },
      (_, index) => [`user-${index}`, '10.0.0.1', '08:00:00', '12:30:00'] as const,
    );
    await writeHistory(storage, { '2024-11-28': [...many, ['x'.repeat(60), '', '', '12:40:00']] });
    const range = ['--from=2024-11-28', '--to=2024-11-28'];
    const { sessions } = JSON.parse((await history([...range, '--json'])).out) as { sessions: [] };
    expect(sessions).toHaveLength(2506);
    const lines = (await history(range)).out.trimEnd().split('\n');
    expect(lines).toHaveLength(2507);
    expect(lines.filter((line) => line.startsWith('INSTANCE'))).toHaveLength(1);
    expect(lines.at(2504)).toMatch(/^sag-1 {5}x{60} {12}unknown {21}2024-11-28 20:40:00 \+08:00$/);
  });
});

describe('the instance', () => {
  const AT = '--at=2024-11-28T13:59:59Z';

  beforeEach(async () => {
    await writeOffice();
    await writeState(storage, {
      instanceId: 'sag-2',
      name: 'Factory',
      open: [['alan', '', '13:00:00']],
    });
    await writeHistory(
      storage,
      { '2024-11-28': [['released', '', '13:00:00', '14:00:00']] },
      'sag-gone',
    );
  });

  it('is named by its id or its name', async () => {
    expect(await usersOf([AT])).toEqual(['ada', 'grace', 'alan', 'released']);
    expect(await usersOf([AT, '--instance=sag-1'])).toEqual(['ada', 'grace']);
    expect(await usersOf([AT, '--instance=Factory'])).toEqual(['alan']);
    expect(await usersOf([AT, '--instance=sag-gone'])).toEqual(['released']);
  });

  it('is refused by a name that several have', async () => {
    await writeState(storage, { instanceId: 'sag-3', name: 'Factory' });
    expect(await history([AT, '--instance=Factory'])).toEqual({
      code: 1,
      out: '',
      err: '2 instances have the name Factory: give the id instead\nsag-2 (account prod, cn-shanghai)\nsag-3 (account prod, cn-shanghai)\n',
    });
  });

  it('that neither the state nor the history knows is told', async () => {
    const { code, out, err } = await history([AT, '--instance=Factoy']);
    expect(code).toBe(1);
    expect(out).toBe('No user was online on Factoy at 2024-11-28 21:59:59 +08:00.\n');
    expect(err).not.toContain('There is no state');
    expect(err).toContain(
      'The state has no instance that is called Factoy. Did you mean "Factory" (sag-2)? An instance that was deleted has only its id.\n',
    );
  });
});

describe('user names', () => {
  const AT = '--at=2024-11-28T13:59:59Z';
  let hashed: readonly string[];

  beforeEach(async () => {
    const key = await temporaryFile('key', 'hush\n');
    const config = await temporaryFile(
      'config.yml',
      // An auditor need not be able to read the credentials.
      `accounts: [{ name: prod, credentials: { access_key_id: '\${UNSET}', access_key_secret_file: /none } }]
metrics: { user_name: hash, hash_key_file: ${key} }\n`,
    );
    hashed = [`--config.file=${config}`];
    await writeHistory(storage, {
      '2024-11-28': [[hash('li.wei'), '', '13:00:00', '14:00:00']],
    });
    await writeState(storage, { open: [['grace', '', '13:00:00']] });
  });

  it('are hashes where the configuration has hashes, also of open sessions, and are found by both', async () => {
    expect(await usersOf([AT, ...hashed])).toEqual([hash('li.wei'), hash('grace')].sort());
    for (const name of ['grace', 'li.wei']) {
      expect(await usersOf([AT, ...hashed, `--user=${name}`])).toEqual([hash(name)]);
      expect(await usersOf([AT, ...hashed, `--user=${hash(name)}`])).toEqual([hash(name)]);
    }
    expect(
      await usersOf([AT], { SAG_APP_EXPORTER_CONFIG: hashed[0]?.slice(14) ?? '' }),
    ).toHaveLength(2);
  });

  it('of lines that were written before names were hashed are shown as hashes', async () => {
    await writeHistory(storage, { '2024-11-28': [['ada', '', '13:00:00', '14:00:00']] });
    expect(await usersOf([AT, ...hashed, '--user=ada'])).toEqual([hash('ada')]);
  });

  it('of open sessions are not shown when the history has hashes and no configuration is given', async () => {
    expect(await history([AT])).toEqual({
      code: 2,
      out: '',
      err: '--config.file: expected the configuration of the exporter, because its history has hashes instead of user names; without it, users who are still online would be shown with their names\n',
    });
  });

  it.each([
    [
      'metrics: { user_name: hash, hash_key_file: /none }',
      'metrics.hash_key_file: expected a readable file',
    ],
    ['metrics: { user_name: hash }', 'metrics.hash_key_file: expected a key file'],
    ['metrics: [', 'expected'],
    ['metrics: { user_name: omit, detail: instances }', 'metrics.user_name: omit'],
  ])('are not shown when the configuration cannot be used: %s', async (text, message) => {
    const file = await temporaryFile('config.yml', `${text}\n`);
    const { code, out, err } = await history([AT, `--config.file=${file}`]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(message);
    expect(err).not.toContain('grace');
  });

  it('are not shown when there is no such configuration', async () => {
    const { code, out, err } = await history([AT, `--config.file=${join(storage, 'none.yml')}`]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('expected a readable file; got no such file');
  });
});

describe('a time without records is not taken for a time without users', () => {
  it.each([
    ['2024-11-26T12:00:00Z', 'Nothing was recorded at 2024-11-26 20:00:00 +08:00.'],
    ['2024-11-28T12:00:00Z', 'Nothing was recorded at 2024-11-28 20:00:00 +08:00.'],
  ])('--at=%s', async (at, message) => {
    await writeHistory(storage, { '2024-11-27': [], '2024-11-29': [] });
    await writeState(storage, { writtenAt: '2024-11-29T09:00:00Z' });
    expect(await history([`--at=${at}`])).toEqual({
      code: 1,
      out: '',
      err: `${message} The history has 2 days from 2024-11-27 to 2024-11-29 (UTC).\n`,
    });
  });

  it('--from --to', async () => {
    await writeHistory(storage, { '2024-11-28': [] });
    const { code, out, err } = await history(['--from=2024-11-01', '--to=2024-11-02']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(
      /^Nothing was recorded between 2024-11-01 00:00:00 \+08:00 and 2024-11-02 23:59:59/,
    );
  });

  it('nor is the time after the state was written', async () => {
    await writeHistory(storage, { '2024-11-28': [] });
    await writeState(storage);
    expect(await history(['--at=2024-11-28 22:00:01'])).toEqual({
      code: 1,
      out: '',
      err: 'It is not known who was online at 2024-11-28 22:00:01 +08:00, because the state was last written at 2024-11-28 22:00:00 +08:00. Ask for a time that is not later.\n',
    });
  });

  it('and it is told what may be missing', async () => {
    await writeHistory(storage, { '2024-11-24': [], '2024-11-25': [], '2024-11-28': [] });
    const gap = (from: string, to: string) => ({
      from: Date.parse(from) / 1000,
      to: Date.parse(to) / 1000,
    });
    const gaps = [
      gap('2024-11-20T00:00:00Z', '2024-11-21T00:00:00Z'),
      gap('2024-11-25T10:00:00Z', '2024-11-28T09:00:00Z'),
    ];
    await writeState(storage, { gaps, watchedSince: '2024-11-24T12:00:00Z' });
    await writeState(storage, {
      instanceId: 'sag-2',
      writtenAt: '13:00:00',
      watchedSince: '2024-11-24T13:00:00Z',
      gaps: [gap('2024-11-25T10:00:10Z', '2024-11-28T09:00:20Z')],
    });
    await appendFile(join(storage, 'state', 'instance-sag-1-0123456789abcdef.json.gz'), 'cut');
    const range = await history(['--from=2024-11-24', '--to=2024-11-28']);
    expect(range.err.split('\n')).toEqual([
      expect.stringMatching(
        /^A state file cannot be used: .*\/instance-sag-1-0123456789abcdef\.json\.gz: it is cut, or is not gzip'd JSON\. Sessions that were open on its instance are missing\.$/,
      ),
      'The history begins in the course of 2024-11-24 (UTC): sessions that had ended before are missing.',
      'Nothing was recorded on 2024-11-26, 2024-11-27 (UTC), until recording began again: sessions that ended then are missing.',
      'The users are counted since 2024-11-24 20:00:00 +08:00: nothing is known of the time before.',
      'From 2024-11-25 18:00:00 +08:00 to 2024-11-28 17:00:20 +08:00 not all users were counted: sessions of that time may be missing, and may have ended earlier than it seems.',
      'The state was written between 2024-11-28 21:00:00 +08:00 and 2024-11-28 22:00:00 +08:00; later changes are not in it.',
      '',
    ]);
    const moment = await history(['--at=2024-11-28T13:30:00Z']);
    expect(moment.err).toContain(
      'The state of sag-2 was written before 2024-11-28 21:30:00 +08:00: sessions that were open there are missing.\n',
    );
  });

  it('and it is told when users could not be counted for long before the state was written', async () => {
    await writeHistory(storage, { '2024-11-27': [], '2024-11-28': [] });
    await writeState(storage, { countedAt: '12:00:00', open: [['ada', '', '11:00:00']] });
    const note = 'From 2024-11-28 20:00:00 +08:00 to 2024-11-28 22:00:00 +08:00 not all users';
    expect((await history(['--at=2024-11-28T13:00:00Z'])).err).toContain(note);
    expect((await history(['--at=2024-11-28T11:59:00Z'])).err).not.toContain(note);
  });

  it('and a history without a state tells that open sessions are missing', async () => {
    await writeHistory(storage, {
      '2024-11-27': [],
      '2024-11-28': [['ada', '', '08:00:00', '10:00:00']],
    });
    const { code, out, err } = await history(['--at=2024-11-28T09:00:00Z']);
    expect(code).toBe(0);
    expect(out).toContain('ada');
    expect(err).toBe('There is no state: sessions that have not ended are missing.\n');
  });

  it('and a day after a day without records is complete only from some time on', async () => {
    const days = [1, 2, 3, 4, 5, 6, 7, 8].map((day) => `2024-11-0${day}`);
    for (const day of ['2024-11-01', '2024-11-08', '2024-11-09']) {
      await writeHistory(storage, { [day]: [] });
    }
    const { err } = await history(['--at=2024-11-08T12:00:00Z']);
    expect(err).toContain('Nothing was recorded on 2024-11-07 (UTC), until recording began again');
    const range = await history(['--from=2024-11-01', '--to=2024-11-09']);
    expect(range.err).toContain(
      `Nothing was recorded on 6 days from ${days[1]} to ${days[6]} (UTC)`,
    );
    const complete = await history(['--at=2024-11-09T12:00:00Z']);
    expect(complete.err).toBe('There is no state: sessions that have not ended are missing.\n');
  });
});

describe('history fails, and says why,', () => {
  it('when there is no history', async () => {
    await writeState(storage);
    expect(await history(['--at=2024-11-28'])).toEqual({
      code: 1,
      out: '',
      err: `${storage}/history has no history: nothing was recorded. Sessions are recorded as soon as the configuration has history.enabled: true.\n`,
    });
  });

  it('when the directory does not exist, or is none', async () => {
    await rm(storage, { recursive: true });
    expect((await history(['--at=2024-11-28'])).err).toBe(
      `${storage} cannot be read (ENOENT): it does not exist\n`,
    );
    await writeFile(storage, '');
    expect(await history(['--at=2024-11-28'])).toEqual({
      code: 1,
      out: '',
      err: `${storage} cannot be read (ENOTDIR): it is not a directory\n`,
    });
  });

  it('when a file of the history cannot be read', async () => {
    await writeHistory(storage, { '2024-11-27': [] });
    await writeState(storage);
    await mkdir(join(storage, 'history', '2024-11-28.jsonl'));
    const { code, err } = await history(['--at=2024-11-28']);
    expect(code).toBe(1);
    expect(err).toMatch(/cannot be read \(EISDIR\)/);
    await chmod(join(storage, 'history'), 0o700);
  });

  it('when it is ended', async () => {
    await writeOffice();
    const host = new FakeHost();
    host.end();
    const args = ['history', `--storage.path=${storage}`, '--at=2024-11-28T09:45:00Z'];
    expect(await run(args, host)).toBe(1);
    expect(host.err).toBe('history was ended before it was done\n');
  });
});

describe('wrong usage is told, all of it at once:', () => {
  const ANY = '--at=2024-11-28';

  it.each([
    [[], '--at: expected --at=TIME, or --from=TIME with --to=TIME; got nothing'],
    [[ANY, '--to=2024-11-28'], '--at: expected no --from or --to beside it; got both'],
    [['--from=2024-11-28'], '--to: expected a time, because --from is given; got nothing'],
    [['--to=2024-11-28'], '--from: expected a time, because --to is given; got nothing'],
    [['--at=yesterday'], '--at: expected a time as in RFC 3339 such as'],
    [
      ['--at=2999-01-01'],
      '--at: expected a time that is not in the future; got 2999-01-01 00:00:00 +08:00',
    ],
    [['--from=2999-01-01', '--to=2999-01-02'], '--from: expected a time that is not in the future'],
    [
      ['--from=2024-11-28', '--to=2024-11-27'],
      '--to: expected a time that is not before --from, 2024-11-28 00:00:00 +08:00; got 2024-11-27 23:59:59 +08:00',
    ],
    [['--from=x', '--to=y'], 'got "x"\n--to: expected a time'],
    [[ANY, '--instance='], 'Expected the id or name of an instance.'],
    [[ANY, '--user= '], 'Expected the name of a user.'],
    [[ANY, '--json', '--csv'], "option '--csv' cannot be used with option '--json'"],
  ])('%j', async (args, message) => {
    const { code, out, err } = await history(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });

  it('a missing directory', async () => {
    const host = new FakeHost();
    expect(await run(['history', '--at=x'], host)).toBe(2);
    expect(host.err).toBe(
      '--storage.path: expected the directory that was given to `serve`; got nothing\n' +
        '--at: expected a time as in RFC 3339 such as 2026-11-28T14:30:00Z, or a local one such as 2026-11-28 or "2026-11-28 14:30"; got "x"\n',
    );
  });
});
