import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instanceData, restoreInstance } from '../../../src/fleet/handover.ts';
import { FleetBench, INTERVALS } from '../../support/fleet-bench.ts';
import { parseExposition } from '../../support/parse-exposition.ts';
import { anyInstanceData } from './any-instance-data.ts';

describe('an instance from a state file', () => {
  it('can be shown, polled and stored again, whatever the file says', () => {
    fc.assert(
      fc.property(anyInstanceData, (data) => {
        const bench = new FleetBench();
        restoreInstance(bench.fleet, data, bench.clock);
        const detail = 'sessions';
        // The parser throws when a series stands there twice.
        expect(() => parseExposition(bench.render({ detail }).text)).not.toThrow();
        const record = bench.fleet.addInstance(data.id, { configured: true, intervals: INTERVALS });
        bench.users(record, data.snapshot.users?.users ?? []);
        bench.online(record, { ada: 1 });
        bench.sessions(record, { ada: [{ clientIp: '10.0.0.1' }] });
        expect(() => parseExposition(bench.render({ detail }).text)).not.toThrow();
        expect(instanceData(bench.fleet, record, bench.clock).id).toEqual(data.id);
      }),
      { numRuns: 200 },
    );
  });
});
