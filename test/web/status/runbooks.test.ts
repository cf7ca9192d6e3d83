import { existsSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildOf } from '../../../src/cli/process/build.ts';
import { MINUTE } from '../../../src/clock.ts';
import { statusShape } from '../../../src/web/status/schema.ts';
import { FakeHost } from '../../support/fake-host.ts';
import { FleetBench, failure, START, user } from '../../support/fleet-bench.ts';
import { DOCUMENTS, statusSources } from '../../support/status-sources.ts';
import { serveApp } from '../serve-app.ts';

const DAY = 24 * 3600;

let url: string;

/** A fleet with a problem of each kind that has a runbook. */
beforeEach(async () => {
  const bench = new FleetBench();
  bench.discover();
  bench.fleet.account('paused').paused = failure('unauthenticated');
  bench.fleet.region('prod', 'cn-beijing', 1).discovery.fail(failure('network'));
  bench.fleet.account('prod').fallbacks = [
    {
      operation: 'DescribeUserOnlineClientStatistics',
      reason: 'forbidden',
      regionId: 'cn-shanghai',
    },
  ];
  const stale = bench.instance('sag-stale');
  bench.users(stale, [user('ada')]);
  await bench.clock.advance(40 * MINUTE);
  bench.discover();
  const now = START + 40 * 60;
  bench.users(bench.instance('sag-full', { limit: 1 }), [user('ada')]);
  const details = { name: '', status: 'Active', expiresAt: now + DAY };
  bench.users(bench.instance('sag-ending', { details }), []);
  bench.fail(bench.instance('sag-down'), 'users', 'forbidden');
  url = await serveApp({
    status: statusSources({
      fleet: bench.fleet,
      clock: bench.clock,
      series: () => ({ exposed: 5, dropped: 7 }),
      storageProblem: () => 'EACCES',
      configuration: () => ({ loadedAt: START, refused: { at: now, problems: ['made up'] } }),
    }),
    reasonsNotReady: () => [{ kind: 'starting' }],
  });
});

/** The address to which each problem of the first page links. */
async function linksOn(language: string): Promise<readonly string[]> {
  const page = await (await fetch(`${url}?lang=${language}`)).text();
  return [...page.matchAll(/<li class="problem \w+">.*?<\/li>/gs)].map(
    ([problem]) => /<a href="([^"]*)" rel="noreferrer">/.exec(problem)?.[1] ?? 'none',
  );
}

describe('a problem', () => {
  it.each([
    ['en', `${DOCUMENTS}/runbooks`, 'docs/runbooks'],
    ['zh-CN', `${DOCUMENTS}/zh-CN/runbooks`, 'docs/zh-CN/runbooks'],
  ])('links to its runbook in the language %s', async (language, address, folder) => {
    const links = await linksOn(language);
    expect(links).toEqual(
      [
        'authentication-failing',
        'discovery-stale',
        'reload-failed',
        'storage-failing',
        'instance-down',
        'users-near-limit',
        'subscription-expiring',
        'series-dropped',
        'permission-lost',
        'data-stale',
      ]
        .map((name) => `${address}/${name}.md`)
        // No alert says that the exporter is starting.
        .concat('none'),
    );
    const files = links.flatMap((link) =>
      link === 'none' ? [] : link.replace(`${address}/`, `${folder}/`),
    );
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  });

  it('has the address of its English runbook in the JSON', async () => {
    const { problems } = statusShape.parse(await (await fetch(`${url}/api/v1/status`)).json());
    expect(problems[0]?.runbook).toBe(`${DOCUMENTS}/runbooks/authentication-failing.md`);
    expect(problems.at(-1)).not.toHaveProperty('runbook');
  });
});

describe('the address of the documents', () => {
  it('is that of the version in the repository that package.json names', async () => {
    const { default: manifest } = await import('../../../package.json', { with: { type: 'json' } });
    const [page] = manifest.homepage.split('#');
    expect(buildOf(new FakeHost()).documents).toBe(`${page}/blob/v${manifest.version}/docs`);
  });
});
