import { beforeEach, describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../src/clock.ts';
import { ApiError } from '../../../src/model/api-error.ts';
import {
  FleetBench,
  failure,
  hoursBefore,
  STALE_AFTER,
  START,
  user,
} from '../../support/fleet-bench.ts';
import { DEFAULT_METRICS } from '../../support/settings.ts';
import { statusSources } from '../../support/status-sources.ts';
import { read, rows } from '../page-text.ts';
import { serveApp } from '../serve-app.ts';

const HOSTILE = '<img src=x onerror=alert(1)>';
const ESCAPED = '&lt;img src=x onerror=alert(1)&gt;';

let bench: FleetBench;

beforeEach(() => {
  bench = new FleetBench();
});

type Wishes = Parameters<typeof statusSources>[0];

const serve = (wishes: Wishes = {}, web: Parameters<typeof serveApp>[0] = {}): Promise<string> =>
  serveApp({
    status: statusSources({ fleet: bench.fleet, clock: bench.clock, ...wishes }),
    ...web,
  });

async function textOf(url: string): Promise<string> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  return response.text();
}

/** An instance whose stages have all succeeded, with this many users, of whom the first ones are online. */
function instance(id: string, users: number, limit?: number, online = 0) {
  const record = bench.instance(id, limit === undefined ? {} : { limit });
  const names = Array.from({ length: users }, (_, index) => `${id}-user${index}`);
  bench.users(
    record,
    names.map((name) => user(name)),
  );
  bench.online(
    record,
    Object.fromEntries(names.map((name, index) => [name, Number(index < online)])),
  );
  bench.sessions(
    record,
    Object.fromEntries(
      names.map((name, index) => [
        name,
        index < online ? [{ clientIp: `10.0.0.${index + 1}`, start: hoursBefore(index + 1) }] : [],
      ]),
    ),
  );
  return record;
}

describe('the first page', () => {
  it('links to the metrics, the probes and the JSON, at any path', async () => {
    const page = await textOf(await serve({}, { telemetryPath: '/sag/metrics' }));
    const nav = /<nav aria-label="Exporter">(.*?)<\/nav>/s.exec(page)?.[1] ?? '';
    expect([...nav.matchAll(/href="(.*?)"/g)].map(([, link]) => link)).toEqual([
      './sag/metrics',
      './api/v1/status',
      './-/ready',
      './-/healthy',
    ]);
    expect(page).toContain('1.2.3, Node.js v20.0.0');
  });

  it('shows each instance: users and limit, users online, and the age of these data', async () => {
    instance('sag-a', 4, 10, 2);
    await bench.clock.advance(90 * SECOND);
    expect(rows(await textOf(await serve()), 'Table of instances')).toEqual([
      [
        'sag-a',
        'prod',
        'cn-shanghai',
        '✓ OK',
        '4 of 10 40 %, 6 free',
        '– unknown',
        '2 2 clients',
        '– unknown',
        'users 1 min ago online 1 min ago sessions 1 min ago',
      ],
    ]);
  });

  it.each([
    [84, '✓ OK', '84 of 100 84 %, 16 free', 'ok'],
    [85, '△ Filling up', '85 of 100 85 %, filling up, 15 free', 'warning'],
    [95, '▲ Nearly full', '95 of 100 95 %, nearly full, 5 free', 'critical'],
    [99, '▲ Nearly full', '99 of 100 99 %, nearly full, 1 free', 'critical'],
    [100, '▲ Full', '100 of 100 100 %, full', 'critical'],
    [101, '▲ Over the limit', '101 of 100 101 %, over the limit', 'critical'],
    [120, '▲ Over the limit', '120 of 100 120 %, over the limit', 'critical'],
  ])(
    'colours and says how near %d users of 100 are to the limit',
    async (users, state, text, level) => {
      instance('sag-a', users, 100);
      const page = await textOf(await serve());
      const [row] = rows(page, 'Table of instances');
      expect(row?.slice(3, 5)).toEqual([state, text]);
      expect(page).toContain(`<svg class="bar ${level}"`);
      expect(page).toContain(`class="fill" width="${Math.min(100, users)}"`);
    },
  );

  it('shows an unknown value as unknown, and not as 0', async () => {
    bench.instance('sag-a');
    expect(rows(await textOf(await serve()), 'Table of instances')).toEqual([
      [
        'sag-a',
        'prod',
        'cn-shanghai',
        '… Starting',
        '– unknown of an unknown limit',
        '– unknown',
        '– unknown',
        '– unknown',
        'users not yet read online not yet read sessions not yet read',
      ],
    ]);
  });

  it('shows why a pass failed and what to do, next to the last good values', async () => {
    bench.fail(instance('sag-a', 4, 10, 2), 'online', 'forbidden');
    const [row, below] = rows(await textOf(await serve()), 'Table of instances');
    expect(row?.[3]).toBe('✕ Cannot be read');
    expect(below).toEqual([
      'Cannot be read: DescribeRegions: made up What to do: Permit the operation to the account (RAM policy). sag-app-exporter doctor prints the statement that is missing.',
    ]);
    expect(row?.[4]).toBe('4 of 10 40 %, 6 free');
    expect(row?.[8]).toContain('online 0 s ago ✕ failed');
  });

  it('marks a stale stage, and hides its data', async () => {
    instance('sag-a', 4, 10, 2);
    await bench.clock.advance(STALE_AFTER + SECOND);
    const [row] = rows(await textOf(await serve()), 'Table of instances');
    expect(row?.slice(3)).toEqual([
      '△ Stale',
      '– unknown of 10',
      '– unknown',
      '– unknown',
      '– unknown',
      'users 15 min ago △ stale online 15 min ago △ stale sessions 15 min ago △ stale',
    ]);
  });

  it('shows the progress of a running pass', async () => {
    const { stages } = instance('sag-a', 4);
    stages.sessions.begin();
    stages.sessions.advance(0.256);
    const [row] = rows(await textOf(await serve()), 'Table of instances');
    expect(row?.[8]).toContain('sessions 0 s ago 25 % read');
  });

  it('lists the worst instances first, or in the order that the URL asks for', async () => {
    instance('sag-ok', 1, 10, 1);
    instance('sag-full', 10, 10, 2);
    instance('sag-near', 9, 10);
    bench.fail(instance('sag-down', 1, 10), 'users', 'timeout');
    bench.instance('sag-new');
    const url = await serve();
    const order = async (query: string) =>
      rows(await textOf(`${url}/${query}`), 'Table of instances')
        .filter(({ length }) => length > 1)
        .map(([id]) => id?.slice(4));
    expect(await order('')).toEqual(['down', 'full', 'near', 'new', 'ok']);
    expect(await order('?sort=name')).toEqual(['down', 'full', 'near', 'new', 'ok']);
    expect(await order('?sort=online')).toEqual(['full', 'ok', 'down', 'near', 'new']);
    expect(await order('?sort=online&order=asc')).toEqual(['down', 'near', 'ok', 'full', 'new']);
    expect(await order('?q=SAG-N')).toEqual(['near', 'new']);
    expect(await order('?show=attention')).toEqual(['down', 'full', 'near']);
    expect(await order('?perPage=2&page=2')).toEqual(['near', 'new']);
    // A page past the end is the last page. An invalid value counts as absent.
    expect(await order('?perPage=2&page=99')).toEqual(['ok']);
    expect(await order('?sort=__proto__&order=up&page=-1&perPage=x&show=%ff&q[]=a')).toHaveLength(
      5,
    );
  });

  it('shows in its headings how it is sorted, and links to the other orders', async () => {
    const page = await textOf(`${await serve()}?sort=used&q=a%26b`);
    expect(page).toContain(
      'aria-sort="descending"><a id="sort-used" href="?sort=used&amp;order=asc&amp;q=a%26b"',
    );
    expect(page).toContain('<a id="sort-name" href="?sort=name&amp;order=asc&amp;q=a%26b">');
    expect(page.match(/aria-sort/g)).toHaveLength(1);
  });

  it('lists what needs attention: missing credentials, discovery, fallbacks, configuration, series', async () => {
    const account = bench.fleet.account('prod');
    account.paused = new ApiError({
      kind: 'unauthenticated',
      operation: 'DescribeRegions',
      detail: 'no credentials found; `sag-app-exporter demo` runs without credentials',
    });
    const regionId = 'cn-shanghai';
    account.fallbacks = [
      { operation: 'DescribeUserOnlineClientStatistics', reason: 'forbidden', regionId },
      // Harmless, so it is shown with the account and not among the problems.
      { operation: 'DescribeSagOnlineClientStatistics', reason: 'unsupported', regionId },
    ];
    bench.discover('network');
    const other = bench.fleet.region('other', 'cn-beijing', 1).discovery;
    other.fail(failure('network'));
    const page = await textOf(
      await serve(
        {
          series: () => ({ exposed: 5, dropped: 7 }),
          configuration: () => ({
            loadedAt: START,
            refused: { at: START + 60, problems: ['a.yml:1: expected a name'] },
          }),
        },
        {
          reasonsNotReady: () => [
            { kind: 'credentials', account: 'prod', message: 'no credentials' },
            { kind: 'discovery', account: 'other', regionId: 'cn-beijing' },
          ],
        },
      ),
    );
    const items = [...page.matchAll(/<li class="problem (\w+)">(.*?)<\/li>/gs)].map(
      ([, severity, text = '']) => `${severity}: ${read(text)}`,
    );
    expect(items).toEqual([
      'error: ✕ Error Account prod has no credentials: DescribeRegions: no credentials found; sag-app-exporter demo runs without credentials Runbook',
      'error: ✕ Error Discovery in cn-beijing failed for account other: DescribeRegions: made up Check that the endpoint can be reached. Runbook',
      expect.stringMatching(
        /^error: .*a\.yml:1: expected a name .*sag-app-exporter check-config FILE/,
      ),
      'warning: △ Warning 7 series are left out of /metrics: there are more than metrics.max_user_series allows. Raise metrics.max_user_series, or lower metrics.detail (now users). Runbook',
      expect.stringMatching(
        /^warning: .*Account prod: DescribeUserOnlineClientStatistics is not permitted in cn-shanghai: users are asked one by one .* Permit smartag:DescribeUserOnlineClientStatistics /,
      ),
      'info: ℹ Note Not ready yet: account other: discovery in cn-beijing has not ended yet',
    ]);
    expect(page).toContain('a newer one was refused');
    expect(page).toContain('DescribeSagOnlineClientStatistics is not known to the API: users are');
  });

  it('shows the budget of each operation, and which calls failed', async () => {
    bench.fleet.account('prod').up = true;
    const page = await textOf(
      await serve({
        calls: {
          operationsOf: () => [
            { operation: 'DescribeRegions', allowed: 2.5, calls: 1234, throttled: 6 },
          ],
          failed: () => [{ account: 'prod', count: 6, lastAt: START, error: failure('throttled') }],
        },
      }),
    );
    expect(rows(page, 'Budget of prod')).toEqual([
      ['DescribeRegions', '2.5 of 10 a second', '1,234', '6'],
    ]);
    expect(rows(page, 'Table of failed calls')).toEqual([
      [
        'throttled',
        '2026-01-01 00:00',
        '6',
        'prod',
        expect.stringContaining('What to do: Lower polling.requests_per_second'),
      ],
    ]);
  });

  it('says when no instance is known, or none matches', async () => {
    const url = await serve();
    expect(await textOf(url)).toContain('No instance is known yet.');
    instance('sag-a', 1);
    expect(await textOf(`${url}?q=nothing`)).toContain('No instance matches.');
  });

  it('allows the browser to load resources of the exporter only', async () => {
    const response = await fetch(await serve());
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    const page = await response.text();
    expect(page).not.toMatch(
      /<script>|<style|style="|\son\w+=|javascript:|(?:src|href)="(?:https?:)?\/\//,
    );
  });
});

describe('the page of an instance', () => {
  const path = (id: string) => `/instances/prod/cn-shanghai/${id}`;

  it('shows its users, with the start and address of their sessions', async () => {
    const record = bench.instance('sag-a');
    bench.users(record, [
      user('li.wei', { bandwidth: 250_000, acceleratedBandwidth: 0 }),
      user('wang', { enabled: false, clientIp: '10.0.0.9', staticIp: true }),
      user('zhao'),
    ]);
    bench.online(record, { 'li.wei': 2, wang: 0 });
    bench.sessions(record, {
      'li.wei': [
        { clientIp: '10.0.0.2', start: hoursBefore(1) },
        { clientIp: '10.0.0.1', start: hoursBefore(27) },
      ],
      wang: [],
    });
    const page = await textOf((await serve()) + path('sag-a'));
    expect(rows(page, 'Table of users')).toEqual([
      [
        'li.wei',
        'enabled',
        '● 2',
        '2025-12-30 21:00 1 d 3 h',
        'now',
        '10.0.0.1 since 2025-12-30 21:00 10.0.0.2 since 2025-12-31 23:00',
        '2 Mbit/s',
        '0',
      ],
      [
        'wang',
        '⊘ disabled',
        'offline',
        '–',
        '– unknown',
        'fixed: 10.0.0.9',
        '– unknown',
        '– unknown',
      ],
      ['zhao', 'enabled', '– unknown', '– unknown', '– unknown', '', '– unknown', '– unknown'],
    ]);
    expect(read(page)).toContain('Users 3 of an unknown limit 1 of them disabled');
  });

  it('sorts by each column, in both orders, with unknown values last', async () => {
    const record = bench.instance('sag-a');
    bench.users(record, [
      user('b', { bandwidth: 1 }),
      user('c', { bandwidth: 3, enabled: false }),
      user('a', { acceleratedBandwidth: 5 }),
    ]);
    bench.online(record, { a: 1, b: 2, c: 0 });
    bench.sessions(record, {
      a: [{ clientIp: '10.0.0.10', start: hoursBefore(3) }],
      b: [{ clientIp: '10.0.0.9', start: hoursBefore(2) }],
    });
    const url = (await serve()) + path('sag-a');
    const order = async (query: string) =>
      rows(await textOf(url + query), 'Table of users')
        .map(([name]) => name)
        .join('');
    expect(await order('')).toBe('bac');
    expect(await order('?sort=online&order=asc')).toBe('cab');
    expect(await order('?sort=name')).toBe('abc');
    expect(await order('?sort=name&order=desc')).toBe('cba');
    expect(await order('?sort=state&order=desc')).toBe('cab');
    expect(await order('?sort=since')).toBe('abc');
    expect(await order('?sort=since&order=asc')).toBe('bac');
    expect(await order('?sort=address')).toBe('bac');
    expect(await order('?sort=bandwidth')).toBe('cba');
    expect(await order('?sort=bandwidth&order=asc')).toBe('bca');
    expect(await order('?sort=accelerated')).toBe('abc');
    expect(await order('?show=online')).toBe('ba');
    expect(await order('?show=offline')).toBe('c');
    expect(await order('?show=disabled')).toBe('c');
    expect(await order('?q=10.0.0.1')).toBe('a');
    expect(await order('?q=C')).toBe('c');
  });

  it('shows the data of every pass, although it keeps the sorted list', async () => {
    const record = instance('sag-a', 3, 10, 1);
    const url = (await serve()) + path('sag-a');
    const online = async () =>
      rows(await textOf(`${url}?show=online`), 'Table of users').map(([name]) => name?.at(-1));
    expect(await online()).toEqual(['0']);
    bench.online(record, { 'sag-a-user0': 0, 'sag-a-user2': 1 });
    expect(await online()).toEqual(['2']);
    bench.users(record, [user('sag-a-user1'), user('sag-a-user2'), user('a new one')]);
    expect(rows(await textOf(`${url}?sort=name`), 'Table of users').map(([name]) => name)).toEqual([
      'a new one',
      'sag-a-user1',
      'sag-a-user2',
    ]);
  });

  it('is paged on the server', async () => {
    instance('sag-a', 250);
    const url = (await serve()) + path('sag-a');
    const page = await textOf(`${url}?sort=name&page=2`);
    expect(rows(page, 'Table of users')).toHaveLength(100);
    expect(read(page)).toContain('101 to 200 of 250 users');
    expect(read(page)).toContain('First Previous Page 2 of 3 Next Last');
    expect(page).toContain('href="?sort=name&amp;order=asc&amp;page=3"');
  });

  it('shows the users that other stages know while the list of users is stale', async () => {
    const record = instance('sag-a', 2, 10, 1);
    await bench.clock.advance(STALE_AFTER - MINUTE);
    bench.online(record, { 'sag-a-user0': 1, 'sag-a-user1': 0 });
    await bench.clock.advance(2 * MINUTE);
    const page = await textOf((await serve()) + path('sag-a'));
    expect(rows(page, 'Table of users').map((row) => row.slice(0, 3))).toEqual([
      ['sag-a-user0', '– unknown', '● 1'],
      ['sag-a-user1', '– unknown', 'offline'],
    ]);
    await bench.clock.advance(STALE_AFTER);
    expect(read(await textOf((await serve()) + path('sag-a')))).toContain(
      'The list of users is stale: it was last read 31 min ago',
    );
  });

  it('is found by its path, although names contain any character', async () => {
    const id = { account: 'a/b ?#%', regionId: 'cn-shanghai', instanceId: 'half \ufffd & "x"' };
    bench.fleet.addInstance(id, {
      configured: true,
      intervals: { users: MINUTE, online: MINUTE, sessions: MINUTE },
    });
    const url = await serve();
    const [, link] = /id="to-[^"]*" href="\.\/(.*?)"/.exec(await textOf(url)) ?? [];
    const page = await textOf(`${url}/${link}`);
    expect(page).toContain('<bdi>half \ufffd &amp; &quot;x&quot;</bdi>');
    expect(page).toContain('<bdi>a/b ?#%</bdi>');
    expect((await fetch(`${url}/api/v1/${link}`)).status).toBe(200);
  });

  it.each(['sag-b', 'sag-A', '..%2fsag-a', '%00'])('is not found for %s', async (id) => {
    instance('sag-a', 1);
    const url = await serve();
    const response = await fetch(url + path(id));
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(read(await response.text())).toContain('No such instance');
    const json = await fetch(`${url}/api/v1${path(id)}`);
    expect(json.status).toBe(404);
    expect(await json.json()).toEqual({ error: 'no such instance' });
  });

  it('is a bad request when the path cannot be decoded', async () => {
    const response = await fetch((await serve()) + path('%ff'));
    expect(response.status).toBe(400);
    expect(await response.text()).toBe('Bad request\n');
  });
});

describe('both pages', () => {
  it('escape every text from outside', async () => {
    const nasty = [HOSTILE, `"${HOSTILE}'&`, 'x'.repeat(200), '\u202egnp.exe', 'half \ufffd 中文'];
    const record = bench.fleet.addInstance(
      { account: HOSTILE, regionId: HOSTILE, instanceId: HOSTILE },
      { configured: true, intervals: { users: MINUTE, online: MINUTE, sessions: MINUTE } },
    );
    record.details = { id: HOSTILE, name: HOSTILE, status: HOSTILE };
    bench.users(
      record,
      nasty.map((name) => user(name, { clientIp: name, mail: name })),
    );
    bench.online(record, Object.fromEntries(nasty.map((name) => [name, 1])));
    bench.sessions(record, Object.fromEntries(nasty.map((name) => [name, [{ clientIp: name }]])));
    const error = new ApiError({
      kind: 'rejected',
      operation: HOSTILE,
      detail: HOSTILE,
      requestId: HOSTILE,
    });
    record.stages.users.fail(error);
    bench.fleet.account(HOSTILE).paused = error;
    const url = await serve({
      view: { settings: { ...DEFAULT_METRICS, userMail: true } },
    });
    const query = `?q=${encodeURIComponent(HOSTILE)}&sort=${encodeURIComponent(HOSTILE)}`;
    const instance = `${url}/instances/${Array(3).fill(encodeURIComponent(HOSTILE)).join('/')}`;
    for (const at of [url, url + query, instance, instance + query]) {
      const page = await textOf(at);
      expect(page).not.toContain('<img src=x');
      expect(page).not.toMatch(/="[^"]*"<img/);
      expect(page).toContain(ESCAPED);
    }
    const page = await textOf(instance);
    expect(page).toContain('<bdi>\u202egnp.exe</bdi>');
    expect(page).toContain('<bdi>half \ufffd 中文</bdi>');
    expect(page).toContain(`&quot;${ESCAPED}&#39;&amp;`);
  });

  it('answer HEAD and GET only', async () => {
    instance('sag-a', 1);
    const url = await serve();
    const paths = [
      '/',
      '/instances/prod/cn-shanghai/sag-a',
      '/api/v1/status',
      '/api/v1/instances/prod/cn-shanghai/sag-a',
      '/status.css',
      '/status.js',
      '/icon.svg',
    ];
    for (const path of paths) {
      const head = await fetch(url + path, { method: 'HEAD' });
      expect(head.status).toBe(200);
      expect(await head.text()).toBe('');
      const post = await fetch(url + path, { method: 'POST' });
      expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    }
  });

  it('get style and script from the exporter, at an address that changes with each build', async () => {
    const url = await serve();
    const page = await textOf(url);
    const links = [...page.matchAll(/(?:src|href)="\.\/([\w.]+\?v=\w{8})"/g)].map(
      ([, link]) => link,
    );
    expect(links).toHaveLength(4);
    for (const link of links) {
      const response = await fetch(`${url}/${link}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-control')).toBe('private, max-age=3600');
      expect(response.headers.get('content-type')).toMatch(
        /^(text\/(css|javascript)|image\/svg\+xml)/,
      );
    }
  });

  it('leave / to the metrics when these are served there', async () => {
    instance('sag-a', 1);
    const url = await serve({}, { telemetryPath: '/' });
    expect(await (await fetch(url)).text()).toBe('a 1\nb 2\n');
    expect((await fetch(`${url}/instances/prod/cn-shanghai/sag-a`)).status).toBe(200);
    expect((await fetch(`${url}/api/v1/status`)).status).toBe(200);
  });
});
