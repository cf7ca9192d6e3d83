import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/clock.ts';
import type { Client, Operation, Request } from '../../../src/smartag/operation.ts';
import { samplesOfScrape, samplesOfWorld } from '../../support/world-samples.ts';
import { Churn } from './churn.ts';
import { ACCOUNT, createHour, SEED, SETTINGS } from './hour.ts';
import { addMixedFaults } from './mixed-faults.ts';
import { readScrape } from './scraped-fleet.ts';
import { structuralFaults } from './structure.ts';
import { Succession } from './succession.ts';

/** In seconds. */
const LASTS = 900;
const SCRAPE_INTERVAL = 15;
const CHANGE_INTERVAL = 4;

/** What may be done to the totals, and what the statistics leave out. */
const APIS = [
  ['the totals are denied and the statistics leave out who is offline', 'gone', 'offline'],
  ['the totals are stuck at 0 and the statistics leave out who is offline', 'zero', 'offline'],
  ['the totals are stuck at 0', 'zero', 'unknown'],
] as const;

const TOTALS = 'DescribeSagOnlineClientStatistics';

/** Decorates an API so that each total is 0. */
function withZeroTotals(api: Client): Client {
  return {
    async call<Req extends Request, Reply>(
      operation: Operation<Req, Reply>,
      request: Req,
      signal: AbortSignal,
    ): Promise<Reply> {
      const reply = await api.call(operation, request, signal);
      if (operation.name === TOTALS && reply instanceof Map) {
        for (const id of reply.keys()) reply.set(id, 0);
      }
      return reply;
    },
  };
}

describe.each(APIS)('a quarter of an hour of trouble in which %s', (_, totals, statisticsOmit) => {
  it('every scrape is true to the world, and at the end everything equals it', async () => {
    const hour = createHour('auto', undefined, totals === 'zero' ? withZeroTotals : undefined);
    const { clock, worldClock, world, simulator, account, history, model } = hour;
    simulator.quirks.set({ statisticsOmit });
    if (totals === 'gone') hour.simulator.permissions.deny({ operation: TOTALS });
    addMixedFaults(simulator.faults);
    const succession = new Succession();
    const churn = new Churn(world, SEED);
    const check = (second: number): void => {
      const fleet = readScrape(hour.scrape(), clock.now() / SECOND);
      const faults = [
        ...structuralFaults(fleet),
        ...succession.faults(fleet, account.paused !== undefined),
        ...model.faults(fleet),
      ];
      expect.soft(faults, `after ${second} s`).toEqual([]);
    };
    const live = async (from: number, to: number, isLively: boolean): Promise<void> => {
      for (let second = from; second < to; second++) {
        history.note();
        if (isLively && second % CHANGE_INTERVAL === 0) churn.change();
        history.note();
        if (second % SCRAPE_INTERVAL === 0) check(second);
        await clock.advance(SECOND);
      }
    };

    hour.poller.start();
    await live(0, LASTS, true);
    history.note();
    worldClock.stop();
    simulator.faults.clear();
    const twoIntervals = (2 * SETTINGS.discoveryInterval) / SECOND;
    await live(LASTS, LASTS + twoIntervals, false);
    expect(samplesOfScrape(hour.scrape())).toEqual(samplesOfWorld(world, ACCOUNT));
    expect(model.compared).toBeGreaterThan(20_000);
    await hour.stop();
  }, 120_000);
});
