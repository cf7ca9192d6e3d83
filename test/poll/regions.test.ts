import { afterEach, expect, it } from 'vitest';
import { MINUTE } from '../../src/clock.ts';
import { loadConfig } from '../../src/config/load.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import { regionData, restoreRegion } from '../../src/fleet/handover.ts';
import { reasonsNotReady } from '../../src/fleet/readiness.ts';
import { createLog } from '../../src/log.ts';
import { ApiError } from '../../src/model/api-error.ts';
import type { LearnedByPoller } from '../../src/model/learned.ts';
import { AccountPoller } from '../../src/poll/account-poller.ts';
import type { Client, Operation, Request } from '../../src/smartag/operation.ts';
import { describeRegions } from '../../src/smartag/operations/describe-regions.ts';
import type { LogLine } from '../support/fake-host.ts';
import { STALE_AFTER } from '../support/fleet-bench.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { DISCOVERING } from '../support/settings.ts';

/** As in real replies: the API also lists closed and internal regions. */
const LISTED = [
  ['cn-shanghai', '华东2（上海）'],
  ['us-east-1', '美国（弗吉尼亚）'],
  ['ap-southeast-2', '澳大利亚（悉尼）已关停'],
  ['cn-hangzhou-test-306', '杭州内部测试'],
  ['cn-nowhere', '某地'],
] as const;

/** An API with one instance in each of these regions; the names of some endpoints do not resolve. */
class RegionalApi implements Client {
  readonly unresolved = new Set<string>(['cn-nowhere']);
  readonly regionsCalled: string[] = [];
  regionLists = 0;

  async call<Req extends Request, Reply>(operation: Operation<Req, Reply>, request: Req) {
    const { regionId } = request;
    if (operation.name === describeRegions.name) {
      this.regionLists++;
      const regions = LISTED.map(([id, LocalName]) => {
        return { RegionId: id, LocalName, RegionEndpoint: `smartag.${id}.aliyuncs.com` };
      });
      return operation.reply.parse({ Regions: { Region: regions } });
    }
    this.regionsCalled.push(regionId);
    if (this.unresolved.has(regionId)) {
      const detail = 'the connection failed (ENOTFOUND)';
      throw new ApiError({
        kind: 'network',
        operation: operation.name,
        detail,
        isUnresolved: true,
      });
    }
    return operation.reply.parse({
      TotalCount: 1,
      SmartAccessGateways: { SmartAccessGateway: [{ SmartAGId: `sag-${regionId}` }] },
      Users: { User: [] },
    });
  }
}

let poller: AccountPoller | undefined;

afterEach(() => poller?.stop());

/** Polls every region of an account. */
async function poll(
  api: RegionalApi,
  clock: ManualClock,
  options: {
    readonly fleet?: Fleet;
    readonly learned?: LearnedByPoller;
    readonly lines?: LogLine[];
  } = {},
) {
  const { fleet = new Fleet(clock), learned, lines = [] } = options;
  const { polling } = await loadConfig({ env: {} });
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as LogLine) };
  poller = new AccountPoller({
    account: {
      name: 'prod',
      ...DISCOVERING,
    },
    settings: polling,
    client: api,
    fleet,
    clock,
    log: createLog({ level: 'info', format: 'json', destination }),
    learned,
  });
  poller.start();
  return { fleet, poller };
}

it('the API’s list of regions decides; skipped regions are logged once and are no failure', async () => {
  const clock = new ManualClock();
  const api = new RegionalApi();
  const lines: LogLine[] = [];
  const { fleet } = await poll(api, clock, { lines });
  await clock.advance(35 * MINUTE);

  const regions = fleet.regionsOf('prod').map(({ regionId }) => regionId);
  expect(regions.sort()).toEqual(['', 'cn-shanghai', 'us-east-1']);
  expect([...fleet.instances].map(({ id }) => id.instanceId).sort()).toEqual([
    'sag-cn-shanghai',
    'sag-us-east-1',
  ]);
  expect([...fleet.account('prod').skippedRegions.values()]).toEqual([
    expect.objectContaining({ regionId: 'ap-southeast-2', reason: 'it is closed' }),
    expect.objectContaining({
      regionId: 'cn-hangzhou-test-306',
      reason: 'it is for internal tests',
    }),
    expect.objectContaining({
      regionId: 'cn-nowhere',
      reason:
        'the name smartag.cn-nowhere.aliyuncs.com does not resolve; it is tried again at the next discovery',
    }),
  ]);
  expect(new Set(api.regionsCalled)).toEqual(new Set(['cn-shanghai', 'us-east-1', 'cn-nowhere']));
  // One call for each discovery interval.
  expect(api.regionsCalled.filter((region) => region === 'cn-nowhere')).toHaveLength(4);
  expect(reasonsNotReady(fleet, STALE_AFTER)).toEqual([]);
  for (const { discovery } of fleet.regionsOf('prod')) expect(discovery.failures.size).toBe(0);
  const messages = lines.map(({ msg }) => msg).filter((msg) => /region/.test(String(msg)));
  expect(messages).toEqual([
    'regions found: cn-shanghai, us-east-1, cn-nowhere; skipped: ap-southeast-2 (澳大利亚（悉尼）已关停): it is closed; cn-hangzhou-test-306 (杭州内部测试): it is for internal tests',
    'the region is skipped: the name smartag.cn-nowhere.aliyuncs.com does not resolve; it is tried again at the next discovery',
  ]);

  // The region opens. Later, when a region that was reachable does not resolve any more, that is a failure.
  api.unresolved.clear();
  await clock.advance(11 * MINUTE);
  expect([...fleet.instances].map(({ id }) => id.instanceId)).toContain('sag-cn-nowhere');
  expect([...fleet.account('prod').skippedRegions.keys()]).not.toContain('cn-nowhere');
  api.unresolved.add('us-east-1');
  await clock.advance(11 * MINUTE);
  const east = fleet.regionsOf('prod').find(({ regionId }) => regionId === 'us-east-1');
  expect(east?.discovery.lastError?.kind).toBe('network');
  expect([...fleet.instances].map(({ id }) => id.instanceId)).toContain('sag-us-east-1');
});

it('after a restart the regions are known, and the list is read when it is due', async () => {
  const clock = new ManualClock();
  const api = new RegionalApi();
  const before = await poll(api, clock);
  await clock.advance(35 * MINUTE);
  const { learned } = before.poller;
  await before.poller.stop();
  expect(api.regionLists).toBe(4);

  const fleet = new Fleet(clock);
  for (const region of before.fleet.regions) restoreRegion(fleet, regionData(region, clock), clock);
  await poll(api, clock, { fleet, learned: JSON.parse(JSON.stringify(learned)) });
  const account = fleet.account('prod');
  expect(account.regionsPending).toBe(false);
  expect(account.skippedRegions).toEqual(before.fleet.account('prod').skippedRegions);
  expect(reasonsNotReady(fleet, STALE_AFTER)).toEqual([]);
  // The list and the regions were read at 30 minutes.
  await clock.advance(4 * MINUTE);
  expect(api.regionLists).toBe(4);
  expect([...fleet.instances]).toEqual([]);
  await clock.advance(2 * MINUTE);
  expect(api.regionLists).toBe(5);
  expect(Array.from(fleet.instances, ({ id }) => id.instanceId).sort()).toEqual([
    'sag-cn-shanghai',
    'sag-us-east-1',
  ]);
});
