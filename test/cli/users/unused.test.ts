import { createHmac } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, SECOND, systemClock } from '../../../src/clock.ts';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';
import { type Count, hourly, storedState } from '../../support/stored-state.ts';
import { temporaryFile, temporaryFolder } from '../../support/temporary-files.ts';
import { configOf, MARKED_KEY, ran } from '../one-shot.ts';

const day = DAY / SECOND;
const hour = HOUR / SECOND;

const ID = { account: 'prod', regionId: 'cn-shanghai', instanceId: 'sag-office' };

let api: StartedSimulator;
/** Seconds since the epoch. */
let now: number;

beforeEach(async () => {
  now = Math.floor(systemClock.now() / SECOND);
  api = await startSimulator({
    clock: systemClock,
    keys: [MARKED_KEY],
    instances: [
      {
        id: 'sag-office',
        name: 'Shanghai office',
        regionId: 'cn-shanghai',
        users: [
          { name: 'always.on' },
          { name: 'idle.long', staticIp: '10.16.0.77' },
          { name: 'never.on', state: 1 },
          { name: 'new.user' },
          { name: '=unknown' },
        ],
      },
      { id: 'sag-other', regionId: 'cn-shanghai', users: 2 },
    ],
  });
});

afterEach(() => api.stop());

const iso = (seconds: number): string =>
  new Date(seconds * SECOND).toISOString().replace('.000', '');

/**
 * Watched since `days` ago: always.on is online in each count, idle.long was in the first ones, never.on never was,
 * and new.user is known for ten days. The state does not know =unknown.
 */
function watched(days: number, until = now): readonly Count[] {
  const from = now - days * day;
  return hourly(from, until, (at) => ({
    'always.on': 1,
    'idle.long': at < from + 2 * hour ? 2 : 0,
    'never.on': 0,
    ...(at >= now - 10 * day && { 'new.user': 0 }),
  }));
}

const state = (days: number): Promise<string> => storedState(ID, watched(days), now);

interface Options {
  readonly metrics?: string;
  readonly instance?: string;
}

async function users(
  storagePath: string,
  flags: readonly string[] = [],
  { metrics = '{}', instance = 'Shanghai office' }: Options = {},
) {
  const text = await configOf(api.url, { account: 'regions: [cn-shanghai]', metrics });
  return ran([
    'users',
    instance,
    `--config.file=${text}`,
    `--storage.path=${storagePath}`,
    ...flags,
  ]);
}

async function listed(storagePath: string, flags: readonly string[], options: Options = {}) {
  const { out } = await users(storagePath, ['--json', ...flags], options);
  return JSON.parse(out) as Readonly<Record<string, unknown>> & {
    readonly users?: readonly Readonly<Record<string, unknown>>[];
  };
}

const namesOf = ({
  users = [],
}: {
  readonly users?: readonly Readonly<Record<string, unknown>>[];
}) => users.map(({ userName }) => userName);

describe('users with --storage.path', () => {
  it('tells of each user when the user was last online', async () => {
    const { code, out, err } = await users(await state(100));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [titles, ...rows] = out.trimEnd().split('\n');
    expect(titles).toMatch(/ {2}FIXED ADDRESS {2}LAST ONLINE +UNUSED FOR$/);
    const first = now - 100 * day;
    expect(rows).toEqual([
      expect.stringMatching(/^always\.on .* online$/),
      expect.stringMatching(`^idle\\.long .* ${iso(first + hour)} +99 d 23 h$`),
      expect.stringMatching(`^never\\.on .* not since ${iso(first)} +100 d$`),
      expect.stringMatching(`^new\\.user .* not since ${iso(now - 10 * day)} +10 d$`),
      expect.stringMatching(/^=unknown .* 0$/),
    ]);
  });

  it('prints the same as JSON', async () => {
    const first = now - 100 * day;
    expect(await listed(await state(100), [])).toEqual({
      ...ID,
      watchedSince: iso(first),
      watchedUntil: iso(now),
      users: [
        expect.objectContaining({ userName: 'always.on', unusedSeconds: 0 }),
        expect.objectContaining({
          userName: 'idle.long',
          lastOnline: iso(first + hour),
          watchedSince: iso(first),
          unusedSeconds: 100 * day - hour,
        }),
        {
          userName: 'never.on',
          userMail: 'never.on@example.com',
          enabled: false,
          bandwidthBytesPerSecond: 250_000,
          acceleratedBandwidthBytesPerSecond: 0,
          staticIp: false,
          watchedSince: iso(first),
          unusedSeconds: 100 * day,
        },
        expect.objectContaining({ userName: 'new.user', watchedSince: iso(now - 10 * day) }),
        expect.not.objectContaining({ unusedSeconds: expect.anything() }),
      ],
    });
  });

  it('prints the same as CSV, in which names are no formulas', async () => {
    const { out } = await users(await state(100), ['--csv']);
    const [titles, ...rows] = parse(out, { record_delimiter: '\r\n' }) as string[][];
    expect(titles?.slice(0, 4)).toEqual(['account', 'regionId', 'instanceId', 'userName']);
    expect(titles?.slice(-3)).toEqual(['lastOnline', 'watchedSince', 'unusedSeconds']);
    expect(rows.map((row) => row[3])).toEqual([
      'always.on',
      'idle.long',
      'never.on',
      'new.user',
      "'=unknown",
    ]);
    expect(rows[1]?.slice(-1)).toEqual([String(100 * day - hour)]);
  });
});

describe('--unused-for', () => {
  it('lists only the users who were not online for so long, the longest unused first', async () => {
    const list = await listed(await state(100), ['--unused-for=90d']);
    expect(list).toMatchObject({ unusedFor: '90d', unusedUsers: 2, allUsers: 5 });
    expect(namesOf(list)).toEqual(['never.on', 'idle.long']);
    expect(namesOf(await listed(await state(100), ['--unused-for=10d']))).toContain('new.user');
  });

  it('calls no user unused before the instance was watched for so long, and says since when', async () => {
    const storagePath = await state(20);
    const { code, out, err } = await users(storagePath, ['--unused-for=90d']);
    expect({ code, lines: out.trim().split('\n').length }).toEqual({ code: 0, lines: 1 });
    expect(err).toMatch(/^The instance has been watched only since \d.* UTC, so .* 90 d yet\.\n$/);
    const list = await listed(storagePath, ['--unused-for=90d']);
    expect(list.users).toEqual([]);
    expect(list).not.toHaveProperty('unusedUsers');
  });

  it('leaves out time in which nothing was counted', async () => {
    const counts = watched(100).filter(([at]) => at <= now - 60 * day || at >= now - 40 * day);
    const { out, err } = await users(await storedState(ID, counts, now), ['--unused-for=90d']);
    expect(out.trim().split('\n')).toHaveLength(1);
    expect(err).toContain('but for only 80 d of that time');
  });

  it('asks about the moment when the state was written, and tells how old it is', async () => {
    const until = now - 15 * day;
    const storagePath = await storedState(ID, watched(100, until), until);
    const list = await listed(storagePath, ['--unused-for=84d']);
    expect(namesOf(list)).toEqual(['never.on', 'idle.long']);
    const { out, err } = await users(storagePath, ['--unused-for=90d']);
    expect(out.trim().split('\n')).toHaveLength(1);
    expect(err).toContain(
      `The state tells who was online until ${iso(until)}, 15 d ago. Later logins are not in it.`,
    );
  });

  it('calls no user unused before anything was counted', async () => {
    const { code, out, err } = await users(await storedState(ID, [], now), ['--unused-for=1d']);
    expect({ code, lines: out.trim().split('\n').length }).toEqual({ code: 0, lines: 1 });
    expect(err).toBe('The exporter has not counted yet who is online on this instance.\n');
  });

  it('calls no user unused on an instance that the state does not know', async () => {
    const instance = 'sag-other';
    const { out, err } = await users(await state(100), ['--unused-for=1d'], { instance });
    expect(out.trim().split('\n')).toHaveLength(1);
    expect(err).toMatch(/^The state does not know instance sag-other of account prod\. .*\n$/);
  });

  it('needs --storage.path, and says why', async () => {
    const { code, out, err } = await ran(['users', 'sag-office', '--unused-for=90d']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('--unused-for needs --storage.path: the API does not tell when users');
    expect(api.simulator.requests.count()).toBe(0);
  });
});

describe('the privacy settings', () => {
  const KEY = 'secret key';
  const hashOf = (name: string): string =>
    createHmac('sha256', KEY).update(name).digest('hex').slice(0, 16);

  it('hash the names of a list that tells when users were online, and hide what would tell the name', async () => {
    const metrics = `{ user_name: hash, hash_key_file: ${await temporaryFile('key', KEY)} }`;
    const storagePath = await state(100);
    const list = await listed(storagePath, ['--unused-for=90d'], { metrics });
    expect(namesOf(list)).toEqual([hashOf('never.on'), hashOf('idle.long')]);
    for (const flags of [['--json'], ['--csv'], [], ['--unused-for=90d']]) {
      const { code, out } = await users(storagePath, flags, { metrics });
      expect(code).toBe(0);
      expect(out).toContain(hashOf('idle.long'));
      expect(out).not.toMatch(/idle\.long|never\.on|@example|10\.16\.0\.77/);
    }
    // What the API says is shown to a person who has the credentials.
    const file = await configOf(api.url, { account: 'regions: [cn-shanghai]', metrics });
    expect((await ran(['users', 'sag-office', `--config.file=${file}`])).out).toContain(
      'idle.long@example.com',
    );
  });

  it.each(['detail: instances', 'detail: instances, user_name: omit'])(
    'show only sums with %s',
    async (settings) => {
      const metrics = `{ ${settings} }`;
      const storagePath = await state(100);
      const flags = ['--unused-for=90d'];
      expect(await users(storagePath, flags, { metrics })).toMatchObject({
        code: 0,
        out: 'Users unused for 90d: 2 of 5\n',
      });
      const list = await listed(storagePath, flags, { metrics });
      expect(list).toMatchObject({ unusedUsers: 2, allUsers: 5 });
      expect(list).not.toHaveProperty('users');
      const csv = await users(storagePath, [...flags, '--csv'], { metrics });
      expect(csv.out).toBe(
        'account,regionId,instanceId,unusedFor,unusedUsers,allUsers\r\nprod,cn-shanghai,sag-office,90d,2,5\r\n',
      );
      const soon = await users(await state(20), flags, { metrics });
      expect(soon.out).toBe('Users unused for 90d: unknown of 5\n');
      // Without the filter, the list is that of the API.
      const { out, err } = await users(storagePath, [], { metrics });
      expect(out).toContain('idle.long');
      expect(out).not.toContain('LAST ONLINE');
      expect(err).toContain('metrics.detail of the configuration is instances');
    },
  );
});

describe('a storage directory', () => {
  it.each(['no directory', 'an empty directory', 'a file'])(
    'that has no state is an error: %s',
    async (kind) => {
      const folder = await temporaryFolder();
      const path = kind === 'an empty directory' ? folder : join(folder, 'state');
      if (kind === 'a file') await writeFile(path, '');
      const { code, out, err } = await users(path);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toBe(
        `--storage.path: ${path} has no state of an exporter: give the directory that \`serve --storage.path\` uses\n`,
      );
    },
  );

  it('with a damaged file is an error, and the file stays as it is', async () => {
    const storagePath = await state(1);
    const [name = ''] = await readdir(join(storagePath, 'state'));
    await writeFile(join(storagePath, 'state', name), 'cut');
    const { code, err } = await users(storagePath);
    expect(code).toBe(1);
    expect(err).toMatch(/^--storage\.path: .*\.json\.gz cannot be used: it is cut, or/);
    expect(await readdir(join(storagePath, 'state'))).toEqual([name]);
  });

  it('with a file that cannot be read is an error', async () => {
    const [name = ''] = await readdir(join(await state(1), 'state'));
    const storagePath = await temporaryFolder();
    // Root may read every file, so a directory stands for a file without permission.
    await mkdir(join(storagePath, 'state', name), { recursive: true });
    const { code, err } = await users(storagePath);
    expect(code).toBe(1);
    expect(err).toContain(
      `${name} cannot be read (EISDIR): run the command as the user of the exporter or as root`,
    );
  });
});
