import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { quirkKeys, written } from '../../../src/simulator/rules/quirks/keys.ts';
import {
  DEFAULT_QUIRKS,
  QUIRK_PRESETS,
  QUIRK_ROWS,
} from '../../../src/simulator/rules/quirks/table.ts';

describe('quirks in a scenario file', () => {
  it('can be all quirks and a preset', () => {
    const { properties = {} } = z.toJSONSchema(quirkKeys(), { io: 'input' });
    expect(Object.keys(properties)).toEqual([
      'preset',
      ...QUIRK_ROWS.map(([name]) => written(name)),
    ]);
  });

  it('do not change quirks that are not named', () => {
    expect(quirkKeys().parse({ total_count: 'page' })).toEqual({ totalCount: 'page' });
  });

  it('may start from a preset and change single quirks', () => {
    const parsed = quirkKeys().parse({ preset: 'live', totals: 'zero' });
    expect(parsed).toEqual({ ...QUIRK_PRESETS.live, totals: 'zero' });
  });
});

describe('the table of quirks', () => {
  it.each(QUIRK_ROWS)('%s: default and live are among its readings', (_, row) => {
    const { takes, byDefault, live = byDefault } = row;
    expect([takes.parse(byDefault), takes.parse(live)]).toEqual([byDefault, live]);
  });

  it('has in its preset live the readings that public evidence supports, and the defaults otherwise', () => {
    expect(QUIRK_PRESETS.live).toEqual({
      ...DEFAULT_QUIRKS,
      totals: 'gone',
      regions: ['newer', 'closed', 'internal'],
      maxBandwidth: 'M',
      hardwareVersion: true,
      expiredInstances: 'SmartAccessGatewayInArrears',
      mailNames: 0.5,
    });
  });
});
