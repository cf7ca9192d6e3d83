import type { AccountConfig } from '../../config/config.ts';
import { nearest } from '../../input/nearest.ts';
import { KNOWN_REGIONS } from '../../smartag/known-regions.ts';
import type { Finding } from './finding.ts';

/** The configured regions that are not known: a misspelt one has no instances and fails nowhere else. */
export function* checkRegions({ regions, instances }: AccountConfig): Generator<Finding> {
  for (const region of new Set([...regions, ...instances.map((instance) => instance.region)])) {
    if (KNOWN_REGIONS.includes(region)) continue;
    const near = nearest(region, KNOWN_REGIONS);
    const advice = near ? `Perhaps ${near} is meant.` : `Known are ${KNOWN_REGIONS.join(', ')}.`;
    yield {
      verdict: 'WARN',
      text: `region ${region}: no such region is known`,
      advice: `${advice} A new region can be used as it is.`,
    };
  }
}
