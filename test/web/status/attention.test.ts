import { beforeEach, describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../src/clock.ts';
import type { InstanceRecord } from '../../../src/fleet/fleet.ts';
import type { NotReady } from '../../../src/fleet/not-ready.ts';
import { statusShape } from '../../../src/web/status/schema.ts';
import { FleetBench, failure, STALE_AFTER, START, user } from '../../support/fleet-bench.ts';
import { statusSources } from '../../support/status-sources.ts';
import { serveApp } from '../serve-app.ts';

const DAY = 24 * 3600;
const PATH = '/instances/prod/cn-shanghai/';

let bench: FleetBench;

beforeEach(() => {
  bench = new FleetBench();
  bench.discover();
});

interface Wishes {
  readonly name?: string;
  readonly users?: number;
  readonly limit?: number;
  readonly online?: number;
  /** Seconds from the start of the bench's clock. */
  readonly endsIn?: number;
}

/** A discovered instance that has been read. */
function instance(id: string, wishes: Wishes = {}): InstanceRecord {
  const { name = '', users = 1, limit = 100, online = 0, endsIn = 365 * DAY } = wishes;
  const expiresAt = START + endsIn;
  const record = bench.instance(id, {
    details: { name, status: 'Active', usersLimit: limit, expiresAt },
  });
  const names = Array.from({ length: users }, (_, index) => `user${index}`);
  bench.users(
    record,
    names.map((one) => user(one)),
  );
  bench.online(record, Object.fromEntries(names.map((one, index) => [one, +(index < online)])));
  bench.sessions(record, Object.fromEntries(names.map((one) => [one, []])));
  return record;
}

const serve = (reasonsNotReady: readonly NotReady[] = []): Promise<string> =>
  serveApp({
    status: statusSources({ fleet: bench.fleet, clock: bench.clock }),
    reasonsNotReady: () => reasonsNotReady,
  });

const read = (html: string): string =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/ (?=[:;,.])/g, '')
    .trim();

async function pageOf(path = '/', url?: string): Promise<string> {
  return (await fetch(`${url ?? (await serve())}${path}`)).text();
}

/** The list of problems as a person reads it. */
const problemsOn = (page: string): readonly string[] =>
  [...page.matchAll(/<li class="problem (\w+)">(.*?)<\/li>/gs)].map(([, , text = '']) =>
    read(text),
  );

const tilesOn = (page: string): readonly string[] =>
  [...(/<dl class="tiles">(.*?)<\/dl>/s.exec(page)?.[1] ?? '').matchAll(/<dd>(.*?)<\/dd>/gs)].map(
    ([, text = '']) => read(text),
  );

const statusOf = async (url: string) =>
  statusShape.parse(await (await fetch(`${url}/api/v1/status`)).json());

describe('a subscription', () => {
  it.each([
    [-17 * 60, '▲ Subscription ended', 'ended 17 min ago, 2025-12-31 23:43: no user can connect'],
    [6 * DAY, '▲ Subscription ends', 'ends in 6 d, 2026-01-07 00:00'],
    [29 * DAY, '△ Subscription ends', 'ends in 29 d, 2026-01-30 00:00'],
  ])('that ends in %i s is shown on both pages', async (endsIn, tag, text) => {
    instance('sag-a', { name: 'office', endsIn });
    const url = await serve();
    const first = read(await pageOf('/', url));
    expect(first).toContain(tag);
    expect(first).toContain(`Subscription: ${text}`);
    expect(first).toContain('What to do: Renew the subscription of the instance.');
    const page = read(await pageOf(`${PATH}sag-a`, url));
    expect(page).toContain(`office ${tag}`);
    expect(page).toContain(text);
    expect(page).toContain(endsIn < 0 ? 'Subscription ended 2025-12-31' : 'Subscribed until 2026-');
  });

  it('with more than 30 days left is not reported', async () => {
    instance('sag-a', { endsIn: 31 * DAY });
    const page = await pageOf();
    expect(read(page)).toContain('✓ OK');
    expect(problemsOn(page)).toEqual([]);
    expect(page).not.toContain('Subscription:');
  });

  it('is in the JSON, and never with a negative time', async () => {
    instance('sag-a', { endsIn: -17 * 60 });
    const { instances } = await statusOf(await serve());
    expect(instances.items[0]).toMatchObject({
      condition: 'critical',
      findings: ['ended'],
      subscriptionState: 'ended',
      subscriptionLeftSeconds: 0,
      subscriptionOverSeconds: 17 * 60,
    });
  });
});

describe('what needs attention', () => {
  it('names the instances, the worst first, and links to them', async () => {
    instance('sag-fine');
    instance('sag-ending', { endsIn: 29 * DAY });
    instance('sag-full', { users: 100, name: 'full' });
    instance('sag-over', { users: 110, endsIn: 5 * DAY });
    instance('sag-ended', { endsIn: -DAY });
    bench.fail(instance('sag-down', { name: 'down' }), 'users', 'forbidden');
    const page = await pageOf();
    expect(problemsOn(page)).toEqual([
      expect.stringMatching(
        /^✕ Error down \(sag-down\): cannot be read: DescribeRegions: made up\. Show sag-down Permit /,
      ),
      '✕ Error sag-ended: the subscription ended 1 d ago (2025-12-31): no user can connect. Show sag-ended Renew the subscription of the instance. Runbook',
      expect.stringMatching(
        /^✕ Error sag-over: 110 of 100 users: 10 over the limit, no user can be added; the subscription ends in 5 d \(2026-01-06\)\. Show sag-over Delete users/,
      ),
      expect.stringMatching(/^✕ Error full \(sag-full\): 100 of 100 users: full, no user can be/),
      '△ Warning sag-ending: the subscription ends in 29 d (2026-01-30). Show sag-ending Renew the subscription of the instance. Runbook',
    ]);
    expect(page).toContain(`href="./instances/prod/cn-shanghai/sag-down">Show`);
    expect(read(page)).toContain('List all that need attention (5 instances)');
  });

  it('lists the same instances as its filter', async () => {
    instance('sag-fine');
    bench.instance('sag-new');
    instance('sag-full', { users: 100 });
    instance('sag-ended', { endsIn: -DAY });
    const url = await serve();
    const filtered = await (await fetch(`${url}/api/v1/status?show=attention`)).json();
    const { instances, problems, fleet } = statusShape.parse(filtered);
    const listed = instances.items.map(({ instanceId }) => instanceId);
    expect(listed).toEqual(['sag-ended', 'sag-full']);
    expect(problems.flatMap(({ instance: one }) => one?.instanceId ?? [])).toEqual(listed);
    expect(fleet.instancesNeedingAttention).toBe(2);
  });

  it('names five instances and counts the others', async () => {
    for (let n = 0; n < 25; n++) instance(`sag-${n}`, { users: 90 + n, limit: 100 });
    const problems = problemsOn(await pageOf());
    expect(problems).toHaveLength(6);
    expect(problems[0]).toContain('sag-24: 114 of 100 users');
    expect(problems.at(-1)).toBe('△ Warning 20 more instances need attention.');
  });

  it('reports a paused account once, with the number of instances that cannot be read', async () => {
    instance('sag-a');
    instance('sag-full', { users: 100 });
    bench.fleet.account('prod').paused = failure('unauthenticated', {
      code: 'SignatureDoesNotMatch',
    });
    const problems = problemsOn(await pageOf());
    expect(problems).toEqual([
      expect.stringMatching(/^✕ Error Account prod is paused and 2 instances cannot be read, as /),
      expect.stringMatching(/^✕ Error sag-full: 100 of 100 users: full/),
    ]);
  });

  it('reports a start in one line', async () => {
    instance('sag-a');
    for (let n = 0; n < 110; n++) bench.instance(`sag-${n}`);
    const { reasonsNotReady } = await import('../../../src/fleet/readiness.ts');
    const url = await serve(reasonsNotReady(bench.fleet, STALE_AFTER));
    expect(problemsOn(await pageOf('/', url))).toEqual([
      'ℹ Note Not ready yet: 1 of 111 instances read; still waiting for sag-0 (users), sag-1 (users), sag-2 (users), 107 more',
    ]);
  });
});

describe('an instance that cannot be read', () => {
  it('shows the reason in its row and on its page, also while the account is paused', async () => {
    const record = instance('sag-a');
    // An earlier fault, which is not the reason why the instance cannot be read now.
    bench.fail(record, 'online', 'timeout');
    const paused = failure('unauthenticated', { code: 'SignatureDoesNotMatch' });
    bench.fleet.account('prod').paused = paused;
    const url = await serve();
    for (const path of ['/', `${PATH}sag-a`]) {
      const page = await pageOf(path, url);
      expect(read(page)).toContain('✕ Cannot be read');
      expect(page).not.toMatch(/>\s*Down\s*</);
      const reasons = [...page.matchAll(/<strong>Cannot be read:<\/strong>(.*?)<\/p>/gs)];
      expect(reasons.map(([, text = '']) => read(text))).toEqual([
        'DescribeRegions: SignatureDoesNotMatch: made up What to do: Check the credentials of the account.',
      ]);
    }
    expect(read(await pageOf(`${PATH}sag-a`, url))).toContain('Users go on connecting');
    const { instances } = await statusOf(url);
    expect(instances.items[0]?.errors).toMatchObject([{ code: 'SignatureDoesNotMatch' }]);
  });
});

/** The sum of unused users, while no instance was watched for long enough. */
const NOT_WATCHED = '– unknown known after 90 d of watching';

describe('the sums', () => {
  it('are unknown while nothing is known', async () => {
    bench = new FleetBench();
    bench.fleet.region('prod', 'cn-shanghai', MINUTE).discovery.begin();
    expect(tilesOn(await pageOf())).toEqual([...Array(4).fill('– unknown'), NOT_WATCHED]);
    bench.discover();
    bench.instance('sag-a', { limit: 100 });
    const url = await serve();
    expect(tilesOn(await pageOf('/', url))).toEqual([
      '0 of 1',
      ...Array(3).fill('– unknown'),
      NOT_WATCHED,
    ]);
    const { fleet } = await statusOf(url);
    expect(fleet).toMatchObject({ usersInstances: 0, onlineInstances: 0, usersLimit: 100 });
    for (const sum of ['users', 'onlineUsers', 'onlineClients'])
      expect(fleet).not.toHaveProperty(sum);
  });

  it('are 0 for a fleet that was discovered to be empty', async () => {
    expect(tilesOn(await pageOf())).toEqual(['0 of 0', '0 of 0', '0', '0', '0 unused for 90 d']);
  });

  it('name the number of instances that they cover while some are missing', async () => {
    for (let n = 0; n < 3; n++) instance(`sag-read-${n}`, { users: 10, online: 1 });
    for (let n = 0; n < 17; n++) bench.instance(`sag-new-${n}`, { limit: 100 });
    const url = await serve();
    expect(tilesOn(await pageOf('/', url))).toEqual([
      '3 of 20',
      '30 sum of 3 of 20 instances',
      '3 sum of 3 of 20 instances',
      '3 sum of 3 of 20 instances',
      NOT_WATCHED,
    ]);
    const { fleet } = await statusOf(url);
    expect(fleet).toMatchObject({ users: 30, usersInstances: 3, onlineUsers: 3, instances: 20 });
  });

  it('show the limit and the share of users online when they cover all instances', async () => {
    for (let n = 0; n < 2; n++) instance(`sag-${n}`, { users: 10, online: 1 });
    expect(tilesOn(await pageOf())).toEqual(['2 of 2', '20 of 200', '2 10 %', '2', NOT_WATCHED]);
  });

  it('give no share of users online while the online stage of an instance is stale', async () => {
    const [fresh] = [0, 1].map((n) => instance(`sag-${n}`, { users: 10, online: 1 }));
    await bench.clock.advance(14 * MINUTE);
    for (const one of bench.fleet.instances) bench.users(one, [user('user0')]);
    if (fresh) bench.online(fresh, { user0: 1 });
    await bench.clock.advance(2 * MINUTE + SECOND);
    bench.discover();
    const [, users, online] = tilesOn(await pageOf());
    expect([users, online]).toEqual(['2 of 200', '1 sum of 1 of 2 instances']);
  });
});
