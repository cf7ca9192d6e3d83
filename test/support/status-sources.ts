import type { Clock } from '../../src/clock.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import { plainUserNames } from '../../src/metrics/user-names.ts';
import type { StatusSources, StatusView } from '../../src/web/status/sources.ts';
import { STALE_AFTER } from './fleet-bench.ts';
import { ManualClock } from './manual-clock.ts';
import { DEFAULT_METRICS } from './settings.ts';

export const DOCUMENTS = 'https://git.example.com/exporter/blob/v1.2.3/docs';

/** The sources of the status document, with nothing in them except what a test gives. */
export function statusSources(
  wishes: Partial<Omit<StatusSources, 'view'>> & { readonly view?: Partial<StatusView> } = {},
): StatusSources {
  const clock: Clock = wishes.clock ?? new ManualClock();
  const view: StatusView = {
    staleAfter: STALE_AFTER,
    settings: DEFAULT_METRICS,
    userName: 'plain',
    userNames: plainUserNames,
    requestsPerSecond: 10,
    ...wishes.view,
  };
  return {
    fleet: new Fleet(clock),
    clock,
    build: { version: '1.2.3', revision: '', nodeVersion: 'v20.0.0', documents: DOCUMENTS },
    startedAt: clock.now() / 1000,
    calls: { operationsOf: () => [], failed: () => [] },
    configuration: () => ({ loadedAt: clock.now() / 1000 }),
    series: () => undefined,
    lastScrape: () => undefined,
    keepsState: () => true,
    storageProblem: () => undefined,
    ...wishes,
    view: () => view,
  };
}
