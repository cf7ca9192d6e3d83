import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/clock.ts';
import { demoWorld } from '../../../src/simulator/index.ts';
import { createHour } from '../../support/long-run/hour.ts';
import { ManualClock } from '../../support/manual-clock.ts';

/** Lines of a family that are shown; the rest is counted. */
const SHOWN = 6;
/** By then every stage has run, and some ran again. */
const MOMENT = 400;

function abridged(text: string): string {
  return text
    .split(/^(?=# HELP )/m)
    .flatMap((family) => {
      const lines = family.trimEnd().split('\n');
      const rest = lines.length - 2 - SHOWN;
      return [...lines.slice(0, 2 + SHOWN), ...(rest > 0 ? [`# and ${rest} more`] : [])];
    })
    .map((line) => `${line}\n`)
    .join('');
}

describe('the exposition of the simulator’s default world', () => {
  it('is as it was when it was last looked at by a person', async () => {
    const { instances } = demoWorld({ seed: 1, clock: new ManualClock() });
    const hour = createHour('auto', instances);
    hour.poller.start();
    for (let second = 0; second < MOMENT; second++) await hour.clock.advance(SECOND);
    await expect(abridged(hour.scrape())).toMatchFileSnapshot('golden/default-world.prom');
    await hour.stop();
  });
});
