// Writes the pages of docs/ that are made from the code, and the parts of others that are.
import { readFileSync, writeFileSync } from 'node:fs';
import { metricReference } from '../src/metrics/reference.ts';
import { errorReference } from '../src/simulator/reference.ts';
import { REFERENCE_MARK, scenarioReference } from '../src/simulator/scenario/reference.ts';

writeFileSync(new URL('../docs/metrics.md', import.meta.url), metricReference());
writeFileSync(new URL('../docs/simulator-errors.md', import.meta.url), errorReference());

const scenarios = new URL('../docs/scenarios.md', import.meta.url);
const [written = ''] = readFileSync(scenarios, 'utf8').split(REFERENCE_MARK);
writeFileSync(scenarios, written + REFERENCE_MARK + scenarioReference());
