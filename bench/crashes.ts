/*
 * Kills the exporter at many random moments, half of them while it writes the state, in a world that changes and
 * with an API that fails now and then. Each start must find a state that it can read, and no figure may contradict
 * the world. The exit code is 1 when something was wrong. The test in test/e2e does the same a few times.
 *
 *   npm run bench:crashes -- [--processes=200] [--seed=1]
 */
import { parseArgs } from 'node:util';
import { crash } from '../test/support/crashes.ts';

const { values } = parseArgs({
  options: {
    processes: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
  },
});
const report = await crash(Number(values.processes), Number(values.seed));
for (const violation of report.violations) console.log(violation);
console.log(
  `${values.processes} processes killed, ${report.duringWrites} of them during a write; ${report.restored} began with the state of an earlier one; ${report.scrapes} scrapes, ${report.compared} figures of users compared, ${report.violations.length} violations`,
);
process.exitCode = report.violations.length === 0 ? 0 : 1;
