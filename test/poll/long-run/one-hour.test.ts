import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../src/clock.ts';
import { ERROR_KINDS } from '../../../src/model/api-error.ts';
import { DEFAULT_QUIRKS, QUIRK_PRESETS } from '../../../src/simulator/index.ts';
import { Churn } from '../../support/long-run/churn.ts';
import {
  ACCOUNT,
  createHour,
  type Hour,
  INSTANCES,
  LIVELY,
  SEED,
  SETTINGS,
} from '../../support/long-run/hour.ts';
import { addMixedFaults } from '../../support/long-run/mixed-faults.ts';
import { readScrape } from '../../support/long-run/scraped-fleet.ts';
import { structuralFaults } from '../../support/long-run/structure.ts';
import { Succession } from '../../support/long-run/succession.ts';
import { samplesOfScrape, samplesOfWorld } from '../../support/world-samples.ts';

/** In seconds. */
const SCRAPE_INTERVAL = 15;
const CHANGE_INTERVAL = 4;

/** The special events of the hour, by the second at which they happen. */
function eventsOf({ simulator, world }: Hour): ReadonlyMap<number, () => void> {
  const { limits, faults, permissions } = simulator;
  const undo: (() => void)[] = [];
  const undoAll = (): void => {
    for (const undoEvent of undo.splice(0)) undoEvent();
  };
  const failCallsFor = (userName: string): void => {
    undo.push(
      faults.add({ match: { userName }, effect: { error: { code: 'ServiceUnavailable' } } }),
    );
  };
  return new Map<number, () => void>([
    [0, () => addMixedFaults(faults)],
    [300, () => limits.set({ kind: 'sliding-second', limit: 6 })],
    [420, () => limits.set({ kind: 'token-bucket', limit: 15, retryAfterMs: 400 })],
    [540, () => limits.clear()],
    // Calls for three users fail. One of the three is new, so no call for this user has ever succeeded.
    [
      840,
      () => {
        world.addUser('sag-small', { name: 'never.observed' });
        const [first, second] = world.users('sag-small');
        for (const name of ['never.observed', first?.name, second?.name]) failCallsFor(name ?? '');
      },
    ],
    [1040, undoAll],
    [
      900,
      () => world.addInstance({ id: 'sag-later', regionId: 'cn-shanghai', users: 55, ...LIVELY }),
    ],
    // The API stops answering for an instance, for long enough that its data goes stale. Then the instance is removed.
    [
      1390,
      () => undo.push(faults.add({ match: { instanceId: 'sag-dying' }, effect: { hang: true } })),
    ],
    [
      2050,
      () => {
        undoAll();
        world.removeInstance('sag-dying');
      },
    ],
    // An instance has expired for a while. The API reports it with a status that otherwise means an outage.
    [
      2100,
      () =>
        undo.push(
          faults.add({
            match: { instanceId: 'sag-quiet' },
            effect: { error: { code: 'SmartAccessGatewayInArrears', httpStatus: 500 } },
          }),
        ),
    ],
    [2550, undoAll],
    [2200, () => limits.set({ kind: 'fixed-window', limit: 240, windowMs: MINUTE })],
    [2500, () => limits.clear()],
    [
      2600,
      () => undo.push(faults.add({ effect: { error: { code: 'InvalidAccessKeyId.NotFound' } } })),
    ],
    [2680, undoAll],
    // Among the mixed faults this code is so rare that an hour may have none.
    [2700, () => faults.add({ count: 1, effect: { error: { code: 'InvalidAction.NotFound' } } })],
    [2950, () => permissions.deny({ operation: 'DescribeSmartAccessGateways' })],
    [3100, () => permissions.allow()],
  ]);
}

/** The second of the first special event. Before it there are only the mixed faults and throttling. */
const FIRST_SPECIAL_EVENT = 840;

/** Strategies, and the ways in which the API answers. */
const HOURS = [
  ['fan-out', 'as documented', DEFAULT_QUIRKS],
  ['auto', 'as documented', DEFAULT_QUIRKS],
  ['auto', 'live', QUIRK_PRESETS.live],
  [
    'auto',
    'live, its statistics without offline users',
    { ...QUIRK_PRESETS.live, statisticsOmit: 'offline' },
  ],
] as const;

describe.each(HOURS)('one hour of faults (%s, the API %s)', (strategy, _, quirks) => {
  it('every scrape agrees with the world, and at the end all samples equal it', async () => {
    const hour = createHour(strategy, INSTANCES, quirks);
    const { clock, worldClock, world, simulator, account, kinds, history, model } = hour;
    const succession = new Succession();
    const churn = new Churn(world, SEED);
    const events = eventsOf(hour);
    let pausedScrapes = 0;
    let scrapesWithoutSum = 0;
    let shareFailed = 0;

    const check = (second: number): void => {
      const fleet = readScrape(hour.scrape(), clock.now() / SECOND);
      const paused = account.paused !== undefined;
      if (paused) pausedScrapes++;
      for (const instance of fleet.instances.values()) {
        const observed = instance.has('sag_app_user_online_clients');
        if (observed && !instance.has('sag_app_online_clients')) scrapesWithoutSum++;
      }
      const faults = [
        ...structuralFaults(fleet),
        ...succession.faults(fleet, paused),
        ...model.faults(fleet),
      ];
      expect.soft(faults, `after ${second} s`).toEqual([]);
    };
    const passTime = async (from: number, to: number, worldChanges: boolean): Promise<void> => {
      for (let second = from; second < to; second++) {
        history.note();
        if (second === FIRST_SPECIAL_EVENT) shareFailed = hour.shareFailed();
        if (worldChanges) events.get(second)?.();
        if (worldChanges && second % CHANGE_INTERVAL === 0) churn.change();
        history.note();
        if (second % SCRAPE_INTERVAL === 0) check(second);
        await clock.advance(SECOND);
      }
    };

    hour.poller.start();
    await passTime(0, 3600, true);

    // Calls that were made during the faults may end after the faults.
    history.note();
    worldClock.stop();
    simulator.faults.clear();
    simulator.limits.clear();
    const twoIntervals = (2 * SETTINGS.discoveryInterval) / SECOND;
    await passTime(3600, 3600 + twoIntervals, false);
    check(3600 + twoIntervals);
    expect(samplesOfScrape(hour.scrape())).toEqual(samplesOfWorld(world, ACCOUNT));
    expect(hour.scrape()).not.toContain('sag-dying');

    // The faults had effects, and the checks compared something.
    expect([...kinds.keys()].sort()).toEqual([...Object.keys(ERROR_KINDS), 'OK'].sort());
    expect(shareFailed).toBeGreaterThan(0.08);
    expect(pausedScrapes).toBeGreaterThan(2);
    expect(scrapesWithoutSum).toBeGreaterThan(2);
    expect(model.staleStages).toBeGreaterThan(10);
    expect(model.compared).toBeGreaterThan(100_000);
    expect(model.uncheckedLists).toBeLessThan(5);

    await hour.stop();
    expect(clock.pending).toBe(0);
  }, 240_000);
});
