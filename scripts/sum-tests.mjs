// Sums up the test reports (JSON of vitest) on the command line. A report without tests, or with a skipped
// test, fails the gate.
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
