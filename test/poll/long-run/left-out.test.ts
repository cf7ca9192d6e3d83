import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/clock.ts';
import { DEFAULT_QUIRKS } from '../../../src/simulator/index.ts';
import { Churn } from '../../support/long-run/churn.ts';
import { ACCOUNT, createHour, INSTANCES, SEED, SETTINGS } from '../../support/long-run/hour.ts';
import { addMixedFaults } from '../../support/long-run/mixed-faults.ts';
import { readScrape } from '../../support/long-run/scraped-fleet.ts';
import { structuralFaults } from '../../support/long-run/structure.ts';
import { Succession } from '../../support/long-run/succession.ts';
import { samplesOfScrape, samplesOfWorld } from '../../support/world-samples.ts';

/** In seconds. */
const DURATION = 900;
const SCRAPE_INTERVAL = 15;
const CHANGE_INTERVAL = 4;

const APIS = [
  [
    'the operation for totals is gone and the statistics leave out offline users',
    'gone',
    'offline',
  ],
  ['the totals are always 0 and the statistics leave out offline users', 'zero', 'offline'],
  ['the totals are always 0', 'zero', 'unknown'],
] as const;

describe.each(APIS)('a quarter of an hour of faults in which %s', (_, totals, statisticsOmit) => {
  it('every scrape agrees with the world, and at the end all samples equal it', async () => {
    const hour = createHour('auto', INSTANCES, { ...DEFAULT_QUIRKS, totals, statisticsOmit });
    const { clock, worldClock, world, simulator, account, history, model } = hour;
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
    const passTime = async (from: number, to: number, worldChanges: boolean): Promise<void> => {
      for (let second = from; second < to; second++) {
        history.note();
        if (worldChanges && second % CHANGE_INTERVAL === 0) churn.change();
        history.note();
        if (second % SCRAPE_INTERVAL === 0) check(second);
        await clock.advance(SECOND);
      }
    };

    hour.poller.start();
    await passTime(0, DURATION, true);
    history.note();
    worldClock.stop();
    simulator.faults.clear();
    const twoIntervals = (2 * SETTINGS.discoveryInterval) / SECOND;
    await passTime(DURATION, DURATION + twoIntervals, false);
    expect(samplesOfScrape(hour.scrape())).toEqual(samplesOfWorld(world, ACCOUNT));
    expect(model.compared).toBeGreaterThan(20_000);
    await hour.stop();
  }, 120_000);
});
