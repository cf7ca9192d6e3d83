import { beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/clock.ts';
import { instanceShape, statusShape } from '../../../src/web/status/schema.ts';
import { FleetBench, STALE_AFTER, user } from '../../support/fleet-bench.ts';
import { DEFAULT_METRICS } from '../../support/settings.ts';
import { DOCUMENTS, statusSources } from '../../support/status-sources.ts';
import { read, rows } from '../page-text.ts';
import { serveApp } from '../serve-app.ts';
import { daysBefore, type Recorded, watchedInstance } from '../watched.ts';

const PATH = '/instances/prod/cn-shanghai/sag-a';
const UNUSED_AFTER = DEFAULT_METRICS.unusedAfter;

/** Users of an instance that has been watched for 120 days. */
const USERS: Readonly<Record<string, Recorded>> = {
  ann: { lastOnline: 0.1, online: 2 },
  bob: { lastOnline: 3 },
  cho: { lastOnline: 31 },
  dan: { lastOnline: 100 },
  eve: {},
  // Was created a month ago.
  fay: { firstSeen: 33 },
};

let bench: FleetBench;

beforeEach(() => {
  bench = new FleetBench();
  bench.discover();
});

type Wishes = Parameters<typeof statusSources>[0];

const serve = (wishes: Wishes = {}): Promise<string> =>
  serveApp({ status: statusSources({ fleet: bench.fleet, clock: bench.clock, ...wishes }) });

async function answer(url: string) {
  const response = await fetch(url);
  return { status: response.status, text: await response.text() };
}

const pageAt = async (url: string): Promise<string> => (await answer(url)).text;

/** The names in the table of users. */
const namesOn = (page: string): readonly (string | undefined)[] =>
  rows(page, 'Table of users').map(([name]) => name);

const cellsOn = (page: string): readonly (string | undefined)[] =>
  rows(page, 'Table of users').map((cells) => `${cells[0]}: ${cells[4]}`);

const jsonOf = async (url: string) =>
  instanceShape.parse(await (await fetch(url.replace('/instances', '/api/v1/instances'))).json());

describe('last online', () => {
  it('is shown of each user, and of a user never seen since when the user is watched', async () => {
    watchedInstance(bench, 'sag-a', 120, USERS);
    const page = await pageAt(`${await serve()}${PATH}?sort=name`);
    expect(cellsOn(page)).toEqual([
      'ann: now',
      'bob: 2025-12-29 00:00 3 d ago',
      'cho: 2025-12-01 00:00 31 d ago',
      'dan: 2025-09-23 00:00 100 d ago',
      'eve: not since 2025-09-03',
      'fay: not since 2025-11-29',
    ]);
    expect(read(page)).toContain('Who is online has been watched since 2025-09-03 00:00 .');
    expect(page).not.toMatch(/never/i);
  });

  it('is told to the minute while the watching began on the same day', async () => {
    const record = watchedInstance(bench, 'sag-a', 0, { eve: {} });
    await bench.clock.advance(2 * HOUR);
    bench.users(record, [user('eve')]);
    bench.online(record, { eve: 0 });
    expect(cellsOn(await pageAt(`${await serve()}${PATH}`))).toEqual(['eve: not since 00:00']);
  });

  it('is unknown for a user whom no pass has counted', async () => {
    const record = watchedInstance(bench, 'sag-a', 120, { eve: {} });
    bench.users(record, [user('eve'), user('new')]);
    const url = `${await serve()}${PATH}`;
    expect(cellsOn(await pageAt(`${url}?sort=name`))).toEqual([
      'eve: not since 2025-09-03',
      'new: – unknown',
    ]);
    const [, unknown] = (await jsonOf(`${url}?sort=name`)).users?.items ?? [];
    for (const name of ['lastOnline', 'watchedSince', 'unusedSeconds'])
      expect(unknown).not.toHaveProperty(name);
  });

  it('orders the list: the longest unused first, users online last', async () => {
    watchedInstance(bench, 'sag-a', 120, USERS);
    const url = `${await serve()}${PATH}`;
    const page = await pageAt(`${url}?sort=lastOnline`);
    expect(namesOn(page)).toEqual(['eve', 'dan', 'fay', 'cho', 'bob', 'ann']);
    expect(page).toContain('aria-sort="ascending"><a id="sort-lastOnline"');
    expect(namesOn(await pageAt(`${url}?sort=lastOnline&order=desc`))).toEqual([
      'ann',
      'bob',
      'cho',
      'fay',
      'dan',
      'eve',
    ]);
  });

  it('orders the list anew after each pass', async () => {
    const record = watchedInstance(bench, 'sag-a', 120, USERS);
    const url = `${await serve()}${PATH}?sort=lastOnline`;
    await pageAt(url);
    await bench.clock.advance(MINUTE);
    bench.online(record, { eve: 1 });
    expect(namesOn(await pageAt(url))).toEqual(['dan', 'fay', 'cho', 'bob', 'ann', 'eve']);
  });

  it('is in the JSON, with the time for which the user was watched without being online', async () => {
    watchedInstance(bench, 'sag-a', 120, USERS, {
      gaps: [{ from: daysBefore(60), to: daysBefore(50) }],
    });
    const { instance, users } = await jsonOf(`${await serve()}${PATH}?sort=name`);
    expect(instance).toMatchObject({
      watchedSince: '2025-09-03T00:00:00Z',
      watchedSeconds: (110 * DAY) / SECOND,
    });
    const of = (name: string) => users?.items.find(({ userName }) => userName === name);
    expect(of('ann')).toMatchObject({ lastOnline: '2026-01-01T00:00:00Z', unusedSeconds: 0 });
    expect(of('bob')).toMatchObject({ unusedSeconds: (3 * DAY) / SECOND });
    expect(of('dan')).toMatchObject({
      lastOnline: '2025-09-23T00:00:00Z',
      unusedSeconds: (90 * DAY) / SECOND,
    });
    expect(of('fay')).toMatchObject({ watchedSince: '2025-11-29T00:00:00Z' });
    expect(of('fay')).not.toHaveProperty('lastOnline');
  });

  it('is hidden while the online stage is stale, as on /metrics', async () => {
    const record = watchedInstance(bench, 'sag-a', 120, USERS);
    await bench.clock.advance(STALE_AFTER + SECOND);
    bench.users(
      record,
      Object.keys(USERS).map((name) => user(name)),
    );
    const url = `${await serve()}${PATH}`;
    const [bob] = rows(await pageAt(`${url}?q=bob`), 'Table of users');
    expect(bob?.[4]).toBe('– unknown');
    const { instance, users } = await jsonOf(`${url}?q=bob`);
    expect(users?.items[0]).not.toHaveProperty('lastOnline');
    expect(users?.items[0]).not.toHaveProperty('unusedSeconds');
    for (const entry of instance.usersUnused) expect(entry).not.toHaveProperty('users');
    expect(read(await pageAt(`${url}?unused_for=90d`))).toContain(
      'It is not known who is online, so nothing can be called unused.',
    );
  });
});

describe('the filter of unused users', () => {
  it.each([
    ['90d', ['dan', 'eve']],
    ['30d', ['cho', 'dan', 'eve', 'fay']],
    ['32d', ['dan', 'eve', 'fay']],
    ['1d12h', ['bob', 'cho', 'dan', 'eve', 'fay']],
    ['120d', ['eve']],
  ])('lists who was not online for %s', async (time, names) => {
    watchedInstance(bench, 'sag-a', 120, USERS);
    const url = `${await serve()}${PATH}?unused_for=${time}`;
    expect(namesOn(await pageAt(url))).toEqual(names);
    const { users } = await jsonOf(url);
    expect(users?.items.map(({ userName }) => userName)).toEqual(names);
    expect(users).toMatchObject({ matching: names.length, total: 6 });
  });

  it('goes with search, other filters, order and pages, and every link keeps it', async () => {
    watchedInstance(bench, 'sag-a', 120, USERS);
    const url = `${await serve()}${PATH}`;
    expect(namesOn(await pageAt(`${url}?unused_for=30d&q=a`))).toEqual(['dan', 'fay']);
    expect(namesOn(await pageAt(`${url}?unused_for=30d&show=online`))).toEqual([
      'No user matches.',
    ]);
    const page = await pageAt(`${url}?unused_for=30d&sort=lastOnline&perPage=2&page=2&q=`);
    expect(namesOn(page)).toEqual(['fay', 'cho']);
    const links = [...page.matchAll(/<a id="(?:sort|page)-\w+" href="(.*?)"/g)];
    expect(links.length).toBeGreaterThan(8);
    for (const [, link] of links) expect(link).toContain('unused_for=30d');
    const [, csv] = /<a id="csv" href="(.*?)"/.exec(page) ?? [];
    expect(csv).toBe(
      '../../../api/v1/instances/prod/cn-shanghai/sag-a/users.csv?sort=lastOnline&amp;order=asc&amp;unused_for=30d',
    );
  });

  it('can be chosen on the page: the configured times, and the one in the URL', async () => {
    watchedInstance(bench, 'sag-a', 120, USERS);
    const url = `${await serve()}${PATH}`;
    const options = async (query: string) =>
      [
        ...(/<select id="unused_for".*?<\/select>/s.exec(await pageAt(url + query))?.[0] ?? '')
          // The value, whether it is selected, and the text.
          .matchAll(/<option value="(.*?)"( selected)?>(.*?)</g),
      ].map(([, value, selected = '', text]) => `${value}${selected}: ${text}`);
    expect(await options('')).toEqual([': any time', '30d: 30 d', '90d: 90 d']);
    expect(await options('?unused_for=')).toEqual([': any time', '30d: 30 d', '90d: 90 d']);
    expect(await options('?unused_for=90d')).toContain('90d selected: 90 d');
    expect(await options('?unused_for=36h')).toEqual([
      ': any time',
      '30d: 30 d',
      '90d: 90 d',
      '36h selected: 1 d 12 h',
    ]);
  });

  it('is left out when no time is configured, but a URL may still ask', async () => {
    watchedInstance(bench, 'sag-a', 120, USERS, { gaps: [], limit: 6 });
    const url = await serve({ view: { settings: { ...DEFAULT_METRICS, unusedAfter: [] } } });
    const page = await pageAt(`${url}${PATH}`);
    expect(page).not.toContain('unused_for');
    expect(namesOn(await pageAt(`${url}${PATH}?unused_for=90d`))).toEqual(['dan', 'eve']);
    const first = await pageAt(url);
    expect(first).not.toMatch(/unused|could be freed/i);
  });

  it('says which users cannot be deleted, and where the steps are', async () => {
    watchedInstance(bench, 'sag-a', 120, USERS);
    const url = `${await serve()}${PATH}`;
    const NOTE =
      /A user who has connected this month cannot be deleted \(the API answers ClientUser.UserInUsing ?\)\. What to do, step by step/;
    const page = await pageAt(`${url}?unused_for=90d`);
    expect(read(page)).toMatch(NOTE);
    expect(page).toContain(
      `<a href="${DOCUMENTS}/runbooks/users-near-limit.md" rel="noreferrer">What to do, step by step</a>`,
    );
    expect(read(await pageAt(url))).not.toMatch(NOTE);
    expect(await pageAt(`${url}?unused_for=90d&lang=zh-CN`)).toContain(
      `<a href="${DOCUMENTS}/zh-CN/runbooks/users-near-limit.md" rel="noreferrer">查看具体步骤</a>`,
    );
  });

  it.each([
    ['90 days', '90 days'],
    ['90', '90'],
    ['-1d', '-1d'],
    ['0d', '0d'],
    ['1.5d', '1.5d'],
    [`<b>${'9'.repeat(300)}d`, `<b>${'9'.repeat(47)}`],
    ['99999999999999999d', '99999999999999999d'],
  ])('refuses the duration %s', async (time, shown) => {
    watchedInstance(bench, 'sag-a', 120, USERS);
    const query = `?unused_for=${encodeURIComponent(time)}&sort=name`;
    const url = await serve();
    const text = `unused_for: expected a duration above 0 such as 90d, 12h or 1d12h, got "${shown}"`;
    const page = await answer(`${url}${PATH}${query}`);
    expect(page.status).toBe(400);
    expect(page.text).toContain(text.replaceAll('"', '&quot;').replace('<b>', '&lt;b&gt;'));
    expect(page.text).not.toContain('Table of users');
    const json = await answer(`${url}/api/v1${PATH}${query}`);
    expect([json.status, JSON.parse(json.text)]).toEqual([400, { error: text }]);
    const csv = await answer(`${url}/api/v1${PATH}/users.csv${query}`);
    expect([csv.status, csv.text]).toEqual([400, `${text}\n`]);
  });
});

describe('an instance that was not watched for so long', () => {
  const EARLY =
    'The instance has been watched only since 2025-12-02 00:00 UTC, so nothing can be called unused for 90 d yet.';

  it('says so instead of an empty list', async () => {
    watchedInstance(bench, 'sag-a', 30, { eve: {} });
    const url = `${await serve()}${PATH}`;
    const page = await answer(`${url}?unused_for=90d`);
    expect(page.status).toBe(200);
    expect(read(page.text)).toContain(EARLY);
    expect(page.text).not.toContain('Table of users');
    // The filter can be changed.
    expect(page.text).toContain('<select id="unused_for"');
    const json = await jsonOf(`${url}?unused_for=90d`);
    expect(json.usersAbsent).toBe(EARLY);
    expect(json).not.toHaveProperty('users');
    const csv = await answer(
      `${url.replace('/instances', '/api/v1/instances')}/users.csv?unused_for=90d`,
    );
    expect([csv.status, csv.text]).toEqual([503, `${EARLY}\n`]);
    expect(namesOn(await pageAt(`${url}?unused_for=30d`))).toEqual(['eve']);
  });

  it('says so when it was watched with gaps', async () => {
    watchedInstance(
      bench,
      'sag-a',
      100,
      { eve: {} },
      {
        gaps: [{ from: daysBefore(80), to: daysBefore(60) }],
      },
    );
    expect(read(await pageAt(`${await serve()}${PATH}?unused_for=90d`))).toContain(
      'The instance has been watched since 2025-09-23 00:00 UTC, but for only 80 d of that time, so nothing can be called unused for 90 d yet.',
    );
  });

  it('shows no number where none is known', async () => {
    watchedInstance(bench, 'sag-a', 29.5, { eve: {} });
    const url = await serve();
    expect(read(await pageAt(`${url}${PATH}`))).toContain(
      'unused users are not known yet: watched for 29 d 12 h',
    );
    const { instance } = await jsonOf(`${url}${PATH}`);
    expect(instance.usersUnused).toEqual([
      { unusedFor: '30d', seconds: (30 * DAY) / SECOND },
      { unusedFor: '90d', seconds: (90 * DAY) / SECOND },
    ]);
  });

  it('has nothing to say before the first complete pass', async () => {
    const record = bench.instance('sag-a');
    bench.users(record, [user('eve')]);
    const page = await pageAt(`${await serve()}${PATH}`);
    expect(read(page)).not.toMatch(/watched|unused users/);
    expect(cellsOn(page)).toEqual(['eve: – unknown']);
  });
});

describe('the number of unused users', () => {
  it('stands with the users of the instance, and leads to their list', async () => {
    watchedInstance(bench, 'sag-a', 120, USERS);
    const page = await pageAt(`${await serve()}${PATH}`);
    const [, tile = ''] = /<dt>Users<\/dt><dd>(.*?)<\/dd>/s.exec(page) ?? [];
    expect(read(tile)).toBe(
      '6 of an unknown limit 0 of them disabled 4 unused for 30 d 2 unused for 90 d',
    );
    expect([...tile.matchAll(/href="(.*?)"/g)].map(([, link]) => link)).toEqual([
      '?unused_for=30d',
      '?unused_for=90d',
    ]);
  });

  it('is that of /metrics, and never includes a user whom no pass has counted', async () => {
    const record = watchedInstance(bench, 'sag-a', 120, USERS);
    bench.users(
      record,
      [...Object.keys(USERS), 'new'].map((name) => user(name)),
    );
    const url = `${await serve()}${PATH}`;
    const { instance } = await jsonOf(url);
    expect(instance.usersUnused.map(({ unusedFor, users }) => `${unusedFor}"} ${users}`)).toEqual(
      bench.lines('sag_app_users_unused').map((line) => line.split('unused_for="')[1]),
    );
    for (const { unusedFor, users } of instance.usersUnused)
      expect(namesOn(await pageAt(`${url}?unused_for=${unusedFor}`))).toHaveLength(users ?? -1);
  });

  it('is summed over the fleet, and is a column of its table', async () => {
    watchedInstance(bench, 'sag-a', 120, USERS, { gaps: [], limit: 6 });
    watchedInstance(bench, 'sag-b', 120, { old: { lastOnline: 95 }, eve: {}, gil: {} });
    watchedInstance(bench, 'sag-c', 40, { eve: {} });
    const url = await serve();
    const page = await pageAt(url);
    expect(read(page)).toContain(
      'Seats that could be freed 5 unused for 90 d sum of 2 of 3 instances',
    );
    const unused = (html: string) =>
      rows(html, 'Table of instances')
        .filter(({ length }) => length > 1)
        .map((cells) => `${cells[0]}: ${cells[5]}`);
    expect(unused(await pageAt(`${url}?sort=unused`))).toEqual([
      'sag-b: 3 unused users of sag-b',
      'sag-a: 2 unused users of sag-a',
      'sag-c: – unknown',
    ]);
    expect(unused(await pageAt(`${url}?sort=unused&order=asc`))[0]).toContain('sag-a');
    expect(page).toContain(`href=".${PATH}?unused_for=90d"`);
    // The number and its unit stay on one line.
    expect(page).toContain('Unused 90\u00a0d\u00a0');
    const { fleet } = statusShape.parse(await (await fetch(`${url}/api/v1/status`)).json());
    expect(fleet.usersUnused).toEqual([
      { unusedFor: '30d', seconds: (30 * DAY) / SECOND, users: 8, instances: 3 },
      { unusedFor: '90d', seconds: (90 * DAY) / SECOND, users: 5, instances: 2 },
    ]);
  });

  it('is part of the advice for an instance near its limit', async () => {
    watchedInstance(bench, 'sag-a', 120, USERS, { gaps: [], limit: 6 });
    expect(read(await pageAt(await serve()))).toContain(
      'Delete users that are not needed (2 users were not online for 90 d), or raise the limit',
    );
  });

  it('takes the longest of the configured times, in any order', async () => {
    watchedInstance(bench, 'sag-a', 120, USERS);
    const url = await serve({
      view: { settings: { ...DEFAULT_METRICS, unusedAfter: UNUSED_AFTER.toReversed() } },
    });
    expect(read(await pageAt(url))).toContain('2 unused for 90 d');
  });
});

describe('the storage', () => {
  const PHRASE =
    'Nothing is kept on disk ( --storage.path ), so a restart begins the watching anew.';

  it.each([
    [false, '', true],
    [false, '?unused_for=90d', true],
    [true, '', false],
    [true, '?unused_for=90d', false],
  ])('when it is used: %s, says what a restart does (%s)', async (keepsState, query, says) => {
    watchedInstance(bench, 'sag-a', 10, { eve: {} });
    const url = await serve({ keepsState: () => keepsState });
    expect(read(await pageAt(`${url}${PATH}${query}`)).includes(PHRASE)).toBe(says);
    expect((await jsonOf(`${url}${PATH}`)).keepsState).toBe(keepsState);
    const status = statusShape.parse(await (await fetch(`${url}/api/v1/status`)).json());
    expect(status.exporter.keepsState).toBe(keepsState);
  });
});

describe('with detail: instances', () => {
  it('there are numbers of unused users, but neither a list nor links to it', async () => {
    watchedInstance(bench, 'sag-a', 120, USERS);
    const url = await serve({
      view: { settings: { ...DEFAULT_METRICS, detail: 'instances' } },
    });
    const page = await pageAt(`${url}${PATH}?unused_for=90d`);
    expect(read(page)).toContain('2 unused for 90 d');
    expect(read(page)).toContain('Users are not shown, because of the setting');
    for (const html of [page, await pageAt(url)]) {
      expect(html).not.toMatch(/href="(?!\?unused_for=90d&amp;lang=)[^"]*unused_for/);
      for (const name of Object.keys(USERS)) expect(html).not.toContain(`>${name}<`);
    }
    const { instance, users } = await jsonOf(`${url}${PATH}`);
    expect(instance.usersUnused.map((entry) => entry.users)).toEqual([4, 2]);
    expect(users).toBeUndefined();
  });
});
