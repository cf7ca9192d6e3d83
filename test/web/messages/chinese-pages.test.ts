import { describe, expect, it } from 'vitest';
import { DAY, MINUTE, SECOND } from '../../../src/clock.ts';
import { ApiError } from '../../../src/model/api-error.ts';
import { FleetBench, failure, hoursBefore, START, user } from '../../support/fleet-bench.ts';
import { DEFAULT_METRICS } from '../../support/settings.ts';
import { statusSources } from '../../support/status-sources.ts';
import { read } from '../page-text.ts';
import { serveApp } from '../serve-app.ts';

/** What may stand in Latin letters: names of products, settings, operations, error kinds, and units. */
const ALLOWED = [
  /^(SAG|APP|exporter|SAG-APP-exporter|JSON|CSV|UTC|API|RAM|ID|IP|Node|js|English|mark\d+|x)$/,
  /^(bit|kbit|Mbit|Gbit|s|B|kB|MB|GB)$/,
  /^(v20|prod|other|cn|shanghai|beijing|sag|down|new|Active)$/,
  /^(Describe|smartag|Made|Forbidden)/,
  /^(throttled|network|forbidden|metrics|series|user|omit|detail|users|instances|max|polling|storage|path|config|file|check|FILE|doctor|plan|app|requests|per|second|online|interval|docs|runbooks|near|limit|md|ClientUser|UserInUsing|unused|for|d|h|credentials|exclude|timeout|d12h|quot|max_user_series|requests_per_second|online_interval|unused_for|user_name)$/,
];

/** Texts of the API and of the log are in English; they are marked so, or in the problems quoted here. */
const QUOTED = [/made up/g, /no credentials found/g, /a\.yml:1: expected a name/g, /EACCES/g];

const WEEK = (7 * DAY) / SECOND;

/** A fleet in which nearly everything has happened. */
async function trouble() {
  const bench = new FleetBench();
  const levels = [84, 90, 97, 100, 120];
  for (const [index, users] of levels.entries()) {
    const record = bench.instance(`sag-${index}`, { limit: 100 });
    record.details = {
      id: `sag-${index}`,
      name: '',
      status: 'Active',
      expiresAt: START + (index - 2) * WEEK,
    };
    bench.users(
      record,
      Array.from({ length: users }, (_, at) =>
        user(`mark${at}`, { bandwidth: 250_000, enabled: at > 2, clientIp: '10.0.0.9' }),
      ),
    );
    bench.online(
      record,
      Object.fromEntries(Array.from({ length: users }, (_, at) => [`mark${at}`, Number(at < 2)])),
    );
    bench.sessions(record, {
      mark0: [
        { clientIp: '10.0.0.2', start: hoursBefore(1) },
        { clientIp: '10.0.0.1', start: hoursBefore(27) },
      ],
    });
  }
  bench.fail(bench.instance('sag-down', {}), 'users', 'forbidden');
  bench.instance('sag-new').stages.users.begin();
  bench.discover('network');
  const account = bench.fleet.account('other');
  account.paused = new ApiError({
    kind: 'unauthenticated',
    operation: 'DescribeRegions',
    detail: 'no credentials found',
  });
  const [regionId] = ['cn-shanghai'];
  const prod = bench.fleet.account('prod');
  prod.fallbacks = [
    { operation: 'DescribeUserOnlineClientStatistics', reason: 'forbidden', regionId },
    {
      operation: 'DescribeUserOnlineClientStatistics',
      reason: 'forbidden',
      regionId,
      instanceId: 'sag-1',
    },
    { operation: 'DescribeSagOnlineClientStatistics', reason: 'unsupported', regionId },
  ];
  for (const cause of ['closed', 'internal', 'endpoint', 'unresolved'] as const) {
    prod.skippedRegions.set(cause, {
      regionId: 'cn-beijing',
      name: '北京',
      reason: 'made up',
      cause,
    });
  }
  return bench;
}

const serve = async (bench: FleetBench, view = {}): Promise<string> =>
  serveApp({
    status: statusSources({
      fleet: bench.fleet,
      clock: bench.clock,
      series: () => ({ exposed: 5, dropped: 7 }),
      keepsState: () => false,
      storageProblem: () => 'EACCES',
      configuration: () => ({
        loadedAt: START,
        refused: { at: START + 60, problems: ['a.yml:1: expected a name'] },
      }),
      calls: {
        operationsOf: () => [
          {
            operation: 'DescribeRegions',
            allowed: 2.5,
            calls: 1234,
            throttled: 6,
            pausedUntil: START + 9999,
          },
        ],
        failed: () => [{ account: 'prod', count: 6, lastAt: START, error: failure('throttled') }],
      },
      view,
    }),
    reasonsNotReady: () => [
      { kind: 'starting' },
      { kind: 'regions', account: 'prod' },
      { kind: 'discovery', account: 'prod', regionId: 'cn-beijing' },
      {
        kind: 'instances',
        read: 1,
        all: 9,
        waiting: [{ instanceId: 'sag-1', stage: 'online' }],
        more: 5,
      },
      { kind: 'more', reasons: 3 },
    ],
  });

/** The Latin words of a page that are not allowed. */
async function latinIn(url: string): Promise<readonly string[]> {
  const response = await fetch(url);
  let page = await response.text();
  expect(page).toContain('<html lang="zh-CN">');
  page = page.slice(page.indexOf('<title>')).replace(/<bdi lang="en">.*?<\/bdi>/gs, '');
  const attributes = [
    ...page.matchAll(
      /(?:aria-label|placeholder|data-label|alt|title|data-utc|data-local|data-pause|data-resume|data-failed)="(.*?)"/g,
    ),
  ];
  let text = `${read(page)} ${attributes.map(([, value]) => value).join(' ')}`;
  for (const quoted of QUOTED) text = text.replace(quoted, '');
  const words = text.match(/[A-Za-z]\w*/g) ?? [];
  return [...new Set(words)].filter((word) => !ALLOWED.some((pattern) => pattern.test(word)));
}

describe('the Chinese pages', () => {
  it('have no English left besides names, settings and units', async () => {
    const bench = await trouble();
    const url = await serve(bench);
    const found: Record<string, readonly string[]> = {};
    for (const path of [
      '/',
      '/?q=none',
      '/?show=attention',
      '/?perPage=2',
      '/instances/prod/cn-shanghai/sag-1',
      '/instances/prod/cn-shanghai/sag-1?unused_for=1s',
      '/instances/prod/cn-shanghai/sag-1?unused_for=90d',
      '/instances/prod/cn-shanghai/sag-1?unused_for=x',
      '/instances/prod/cn-shanghai/sag-1?q=none',
      '/instances/prod/cn-shanghai/sag-0',
      '/instances/prod/cn-shanghai/sag-down',
      '/instances/prod/cn-shanghai/sag-new',
      '/instances/prod/cn-shanghai/none',
    ]) {
      found[path] = await latinIn(`${url}${path}${path.includes('?') ? '&' : '?'}lang=zh`);
    }
    await bench.clock.advance(40 * MINUTE);
    found['stale'] = await latinIn(`${url}/instances/prod/cn-shanghai/sag-1?lang=zh`);
    const hidden = await serve(bench, { settings: { ...DEFAULT_METRICS, detail: 'instances' } });
    found['hidden'] = await latinIn(`${hidden}/instances/prod/cn-shanghai/sag-1?lang=zh`);
    found['empty'] = await latinIn(`${await serve(new FleetBench())}/?lang=zh`);
    expect(Object.entries(found).filter(([, words]) => words.length > 0)).toEqual([]);
  });
});
