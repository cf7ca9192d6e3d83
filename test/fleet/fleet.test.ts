import { describe, expect, it } from 'vitest';
import { FleetBench, INTERVALS } from '../support/fleet-bench.ts';

describe('the fleet', () => {
  it('returns the same record of an account or region each time', () => {
    const { fleet } = new FleetBench();
    fleet.account('prod').up = true;
    expect(fleet.account('prod').up).toBe(true);
    expect(fleet.region('prod', 'cn-shanghai', 1)).toBe(fleet.region('prod', 'cn-shanghai', 2));
    expect([...fleet.accounts]).toHaveLength(1);
    expect([...fleet.regions]).toHaveLength(1);
  });

  it('keeps instances apart whose ids contain separators', () => {
    const { fleet } = new FleetBench();
    const options = { configured: false, intervals: INTERVALS };
    const one = { account: 'a', regionId: 'b\nc', instanceId: 'd' };
    const other = { account: 'a\nb', regionId: 'c', instanceId: 'd' };
    const record = fleet.addInstance(one, options);
    expect(fleet.instance(other)).toBeUndefined();
    fleet.addInstance(other, options);
    expect(fleet.instance(one)).toBe(record);
    expect([...fleet.instances]).toHaveLength(2);
  });

  it('removes an instance', () => {
    const bench = new FleetBench();
    const record = bench.instance('sag-a');
    bench.instance('sag-b');
    bench.fleet.removeInstance(record.id);
    expect(Array.from(bench.fleet.instances, ({ id }) => id.instanceId)).toEqual(['sag-b']);
    expect(bench.text()).not.toContain('sag-a');
  });
});
