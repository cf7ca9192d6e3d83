// One closing line over all test reports (vitest's JSON) named on the command line; a report that
// ran no test, or in which something was skipped, is a failure of the gate.
import { readFileSync } from 'node:fs';

const sums = { passed: 0, failed: 0, skipped: 0 };
let sound = true;
for (const file of process.argv.slice(2)) {
  const report = JSON.parse(readFileSync(file, 'utf8'));
  sums.passed += report.numPassedTests;
  sums.failed += report.numFailedTests;
  sums.skipped += report.numPendingTests + report.numTodoTests;
  sound &&= report.success && report.numPassedTests > 0;
}
console.log(`${sums.passed} passed, ${sums.failed} failed, ${sums.skipped} skipped`);
process.exitCode = sound && sums.failed === 0 && sums.skipped === 0 ? 0 : 1;
