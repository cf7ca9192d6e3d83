// Writes the pages of docs/ that are made from the code, and the parts of others that are.
import { readFileSync, writeFileSync } from 'node:fs';
import { withConfigReference } from './configuration.ts';
import { metricReference } from './metrics.ts';
import { withQuirkReference } from './quirks.ts';
import { REFERENCE_MARK, scenarioReference } from './scenarios.ts';
import { errorReference } from './simulator-errors.ts';
import { withStatusReference } from './status.ts';

const page = (name: string): URL => new URL(`../../docs/${name}`, import.meta.url);

writeFileSync(page('metrics.md'), metricReference());
writeFileSync(page('simulator-errors.md'), errorReference());

const scenarios = readFileSync(page('scenarios.md'), 'utf8');
const [written = ''] = scenarios.split(REFERENCE_MARK);
writeFileSync(page('scenarios.md'), written + REFERENCE_MARK + scenarioReference());

const configuration = readFileSync(page('configuration.md'), 'utf8');
writeFileSync(page('configuration.md'), withConfigReference(configuration));

const status = readFileSync(page('status.md'), 'utf8');
writeFileSync(page('status.md'), withStatusReference(status));

const simulator = readFileSync(page('simulator.md'), 'utf8');
writeFileSync(page('simulator.md'), withQuirkReference(simulator));
