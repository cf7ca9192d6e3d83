import type { AccountConfig } from '../../config/config.ts';
import { nearest } from '../../input/nearest.ts';
import { KNOWN_REGIONS } from '../../smartag/known-regions.ts';
import type { Finding } from './finding.ts';

/** Findings about unknown regions. This is the only place where a misspelt region is noticed. */
export function* checkRegions({ regions, instances }: AccountConfig): Generator<Finding> {
  for (const region of new Set([...regions, ...instances.map((instance) => instance.region)])) {
    if (KNOWN_REGIONS.includes(region)) continue;
    const near = nearest(region, KNOWN_REGIONS);
    const advice = near ? `Did you mean ${near}?` : `Known regions: ${KNOWN_REGIONS.join(', ')}.`;
    yield {
      verdict: 'WARN',
      text: `region ${region} is unknown`,
      advice: `${advice} If it is a new region, ignore this warning.`,
    };
  }
}
