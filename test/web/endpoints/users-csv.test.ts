import { once } from 'node:events';
import { get, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLog } from '../../../src/log.ts';
import { hashedUserNames } from '../../../src/metrics/user-names.ts';
import type { User } from '../../../src/model/user.ts';
import { MOST_DOWNLOADS } from '../../../src/web/limits.ts';
import { instanceShape } from '../../../src/web/status/schema.ts';
import { anyText } from '../../support/any-text.ts';
import { FleetBench, hoursBefore, user } from '../../support/fleet-bench.ts';
import { DEFAULT_METRICS } from '../../support/settings.ts';
import { statusSources } from '../../support/status-sources.ts';
import { scrapeOf, serveApp } from '../serve-app.ts';
import { watchedInstance } from '../watched.ts';

const PATH = '/api/v1/instances/prod/cn-shanghai/sag-a';
const CSV = `${PATH}/users.csv`;
const PATIENCE = { timeout: 20_000, interval: 20 };

let bench: FleetBench;

beforeEach(() => {
  bench = new FleetBench();
});

type Wishes = Parameters<typeof statusSources>[0];

const serve = (wishes: Wishes = {}): Promise<string> =>
  serveApp({ status: statusSources({ fleet: bench.fleet, clock: bench.clock, ...wishes }) });

/** The answer to a request with only these headers. */
async function rawAnswer(url: string, headers: OutgoingHttpHeaders, method = 'GET') {
  const [response] = (await once(
    get(url, { agent: false, headers, method }).end(),
    'response',
  )) as [IncomingMessage];
  return {
    status: response.statusCode,
    headers: response.headers,
    body: Buffer.concat(await response.toArray()),
  };
}

/** The records of a CSV file, by the names in its header. */
const recordsOf = (csv: string): readonly Readonly<Record<string, string>>[] =>
  parse(csv, { bom: true, columns: true, record_delimiter: '\r\n' });

const recordsAt = async (url: string) => recordsOf(await csvAt(url));

async function csvAt(url: string): Promise<string> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  // Response.text() removes the byte order mark.
  return Buffer.from(await response.arrayBuffer()).toString();
}

function users(count: number): readonly User[] {
  return Array.from({ length: count }, (_, index) => user(`user${index}`));
}

describe('the users of an instance as CSV', () => {
  it('are a file for spreadsheets, with the names and values of the JSON', async () => {
    const record = watchedInstance(bench, 'sag-a', 120, {
      'li.wei': { lastOnline: 2, online: 1 },
      wang: { lastOnline: 100 },
    });
    bench.users(record, [
      user('li.wei', { bandwidth: 250_000, acceleratedBandwidth: 0 }),
      user('wang', { enabled: false, clientIp: '10.0.0.9', staticIp: true }),
    ]);
    bench.sessions(record, {
      'li.wei': [
        { clientIp: '10.0.0.2', start: hoursBefore(1) },
        { clientIp: '10.0.0.1', start: hoursBefore(27) },
      ],
      wang: [],
    });
    const url = (await serve()) + CSV;
    expect((await csvAt(url)).split('\r\n')).toEqual([
      '\uFEFFuserName,enabled,staticIp,onlineClients,onlineSince,onlineSeconds,lastOnline,watchedSince,unusedSeconds,clientAddresses,fixedAddress,bandwidthBytesPerSecond,acceleratedBandwidthBytesPerSecond',
      'li.wei,true,false,1,2025-12-30T21:00:00Z,97200,2026-01-01T00:00:00Z,2025-09-03T00:00:00Z,0,10.0.0.1 10.0.0.2,,250000,0',
      'wang,false,true,0,,,2025-09-23T00:00:00Z,2025-09-03T00:00:00Z,8640000,,10.0.0.9,,',
      '',
    ]);
    const { headers } = await fetch(url);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(headers.get('content-disposition')).toBe('attachment; filename=users-sag-a.csv');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('are all users, although the page and the JSON have pages', async () => {
    bench.users(bench.instance('sag-a'), users(2345));
    const records = await recordsAt(`${await serve()}${CSV}?perPage=10&page=2&sort=name`);
    expect(records).toHaveLength(2345);
    expect(new Set(records.map((record) => record['userName'])).size).toBe(2345);
  });

  it('have the search, the filters and the order of the page', async () => {
    watchedInstance(bench, 'sag-a', 120, {
      ann: { lastOnline: 1, online: 1 },
      bob: { lastOnline: 40 },
      cho: { lastOnline: 91 },
      dan: {},
    });
    const url = await serve();
    const names = async (query: string) =>
      (await recordsAt(`${url}${CSV}${query}`)).map((record) => record['userName']).join();
    expect(await names('')).toBe('ann,bob,cho,dan');
    expect(await names('?sort=lastOnline&order=desc')).toBe('ann,bob,cho,dan');
    expect(await names('?sort=lastOnline')).toBe('dan,cho,bob,ann');
    expect(await names('?unused_for=90d')).toBe('cho,dan');
    expect(await names('?unused_for=30d&q=B')).toBe('bob');
    expect(await names('?show=online')).toBe('ann');
    expect(await names('?q=nobody')).toBe('');
  });

  it('have names and numbers of the JSON, in its order, whatever the names are', async () => {
    const anyName = fc.oneof(
      anyText.map((text) => text.toWellFormed()),
      fc.string({ unit: fc.constantFrom(...'=+-@＝;",\t\r\n \'aå1'), minLength: 1, maxLength: 6 }),
    );
    const anyUsers = fc.uniqueArray(
      fc.record({
        name: anyName,
        enabled: fc.boolean(),
        staticIp: fc.boolean(),
        mail: fc.option(anyName, { nil: undefined }),
        clientIp: fc.option(anyName, { nil: undefined }),
        bandwidth: fc.option(fc.nat(), { nil: undefined }),
      }),
      { selector: ({ name }) => name, maxLength: 20 },
    );
    const record = bench.instance('sag-a');
    const url = await serve({ view: { settings: { ...DEFAULT_METRICS, userMail: true } } });
    // An apostrophe may stand before the beginning of a formula.
    const bare = (text: string | undefined) => text?.replaceAll("'", '');
    const query = fc.constantFrom(
      '',
      '?sort=name&order=desc',
      '?sort=mail',
      '?sort=address',
      '?q=1',
    );
    await fc.assert(
      fc.asyncProperty(anyUsers, query, async (all, search) => {
        bench.users(record, all as readonly User[]);
        bench.online(record, Object.fromEntries(all.map(({ name }, index) => [name, index % 3])));
        const page = instanceShape.parse(await (await fetch(`${url}${PATH}${search}`)).json());
        const records = await recordsAt(`${url}${CSV}${search}`);
        expect(records).toHaveLength(page.users?.matching ?? -1);
        for (const [index, read] of records.entries()) {
          const item = page.users?.items[index];
          expect(bare(read['userName'])).toBe(bare(item?.userName));
          expect(bare(read['userMail'])).toBe(bare(item?.userMail ?? ''));
          expect(bare(read['fixedAddress'])).toBe(bare(item?.fixedAddress ?? ''));
          expect(read['onlineClients']).toBe(String(item?.onlineClients));
          expect(read['bandwidthBytesPerSecond']).toBe(String(item?.bandwidthBytesPerSecond ?? ''));
          for (const cell of Object.values(read)) expect(cell).not.toMatch(/^[=+\-@＝\t\r\n]/);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('leave out the columns that the privacy settings hide', async () => {
    const record = bench.instance('sag-a');
    const hashed = hashedUserNames(Buffer.from('a key'), () => 1);
    bench.users(record, [user('li.wei', { mail: 'li@example.com', clientIp: '10.0.0.9' })]);
    bench.online(record, { 'li.wei': 1 });
    bench.sessions(record, { 'li.wei': [{ clientIp: '10.0.0.1', start: hoursBefore(1) }] });
    const url = await serve({ view: { userName: 'hash', userNames: hashed } });
    const [line] = await recordsAt(url + CSV);
    expect(line?.['userName']).toBe(hashed('li.wei'));
    for (const name of ['userMail', 'clientAddresses', 'fixedAddress'])
      expect(line).not.toHaveProperty(name);
    expect(line).toHaveProperty('lastOnline');
  });

  it('have traffic where that is polled', async () => {
    const id = { account: 'prod', regionId: 'cn-shanghai', instanceId: 'sag-a' };
    const interval = 60_000;
    const record = bench.fleet.addInstance(id, {
      configured: true,
      intervals: { users: interval, online: interval, sessions: interval, traffic: interval },
    });
    bench.users(record, [user('li.wei')]);
    const traffic = { users: new Map([['li.wei', { month: 12, remaining: -5 }]]) };
    record.snapshot = { ...record.snapshot, traffic };
    expect(await recordsAt((await serve()) + CSV)).toMatchObject([
      { trafficMonthBytes: '12', trafficRemainingBytes: '-5' },
    ]);
  });
});

describe('the users that cannot be listed', () => {
  it.each([
    ['/api/v1/instances/prod/cn-shanghai/sag-b/users.csv', 404, 'No such instance\n'],
    [`${CSV}?unused_for=x`, 400, /^unused_for: expected a duration .* got "x"\n$/],
    [CSV, 503, 'The users have not been read yet.\n'],
    [`${CSV}?unused_for=90d`, 503, 'The users have not been read yet.\n'],
    [`${CSV}/`, 404, 'Not found\n'],
  ])('are told about in words: %s', async (path, status, text) => {
    bench.instance('sag-a');
    const response = await fetch((await serve()) + path);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(response.headers.has('content-disposition')).toBe(false);
    expect(await response.text()).toMatch(text);
  });

  it.each([
    ['plain', 'metrics.detail: instances'],
    ['omit', 'metrics.user_name: omit'],
  ] as const)('are refused by the setting, with user_name: %s', async (userName, setting) => {
    bench.users(bench.instance('sag-a'), users(1));
    const settings = { ...DEFAULT_METRICS, detail: 'instances' } as const;
    const response = await fetch((await serve({ view: { settings, userName } })) + CSV);
    expect(response.status).toBe(403);
    expect(await response.text()).toBe(`Users are not shown, because of the setting ${setting}.\n`);
  });
});

describe('the answer', () => {
  beforeEach(() => {
    bench.users(bench.instance('sag-a'), users(1000));
  });

  it.each([
    ['gzip, deflate, br', 'gzip'],
    ['identity', undefined],
    [undefined, undefined],
  ])('to Accept-Encoding %s has the encoding %s', async (accepted, encoding) => {
    const { headers, body } = await rawAnswer((await serve()) + CSV, {
      ...(accepted !== undefined && { 'Accept-Encoding': accepted }),
    });
    expect(headers['content-encoding']).toBe(encoding);
    expect(headers.vary).toBe('Accept-Encoding');
    const text = (encoding === 'gzip' ? gunzipSync(body) : body).toString();
    expect(recordsOf(text)).toHaveLength(1000);
  });

  it('to HEAD has the headers of GET and no body', async () => {
    const url = (await serve()) + CSV;
    const [head, whole] = await Promise.all(
      ['HEAD', 'GET'].map((method) => rawAnswer(url, { 'Accept-Encoding': 'gzip' }, method)),
    );
    expect(head?.status).toBe(200);
    for (const name of ['content-type', 'content-disposition', 'content-encoding', 'vary'])
      expect(head?.headers[name]).toBe(whole?.headers[name]);
    expect(head?.body).toHaveLength(0);
  });

  it('to HTTP/1.0 has its length, which alone shows that it is complete', async () => {
    const { hostname, port } = new URL(await serve());
    const socket = connect(Number(port), hostname);
    socket.write(`GET ${CSV} HTTP/1.0\r\nAccept-Encoding: identity\r\n\r\n`);
    const answer = Buffer.concat(await socket.toArray());
    const [head = '', ...body] = answer.toString().split('\r\n\r\n');
    const length = Buffer.byteLength(body.join('\r\n\r\n'));
    expect(head).toContain(`Content-Length: ${length}`);
    expect(head).not.toContain('Transfer-Encoding');
    expect(recordsOf(body.join('\r\n\r\n'))).toHaveLength(1000);
  });

  it('to another method names those that are allowed', async () => {
    const response = await fetch((await serve()) + CSV, { method: 'POST' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});

describe('a client that does not read', () => {
  it('holds one of a few places until it goes, and is no error', async () => {
    // More than the system buffers for a connection.
    const long = 'x'.repeat(4000);
    bench.users(
      bench.instance('sag-a'),
      users(10_000).map(({ name, ...others }) => ({ name: `${long}${name}`, ...others })),
    );
    const log = silentLog();
    const error = vi.spyOn(log, 'error');
    const url = await serveApp({
      status: statusSources({ fleet: bench.fleet, clock: bench.clock }),
      scrape: scrapeOf('a 1\n'),
      log,
    });
    const { hostname, port } = new URL(url);
    const sockets = await Promise.all(
      Array.from({ length: MOST_DOWNLOADS }, async () => {
        const socket = connect(Number(port), hostname);
        socket.write(`GET ${CSV} HTTP/1.1\r\nHost: a\r\nAccept-Encoding: identity\r\n\r\n`);
        // The answer has begun. Nothing more is read.
        await once(socket, 'readable');
        return socket;
      }),
    );
    const refused = await fetch(url + CSV);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(await refused.text()).toBe(`${MOST_DOWNLOADS} lists are being sent already\n`);
    // Everything else is answered.
    expect((await fetch(`${url}/-/healthy`)).status).toBe(200);
    for (const socket of sockets) socket.destroy();
    await vi.waitFor(async () => expect((await fetch(url + CSV)).status).toBe(200), PATIENCE);
    expect(error).not.toHaveBeenCalled();
  });
});
