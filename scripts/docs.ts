// Writes the pages of docs/ that are made from the code.
import { writeFileSync } from 'node:fs';
import { metricReference } from '../src/metrics/reference.ts';
import { errorReference } from '../src/simulator/reference.ts';

writeFileSync(new URL('../docs/metrics.md', import.meta.url), metricReference());
writeFileSync(new URL('../docs/simulator-errors.md', import.meta.url), errorReference());
