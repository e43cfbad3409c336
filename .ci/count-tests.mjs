import { readFileSync } from "node:fs";

// Prints "PASSED FAILED" of a vitest JSON report; a run that failed outside of its tests, or
// ran none, counts as one failure.
const [report, status] = process.argv.slice(2);
const { numPassedTests, numFailedTests, numTotalTests } = JSON.parse(readFileSync(report, "utf8"));
const broken = numFailedTests === 0 && (Number(status) !== 0 || numTotalTests === 0) ? 1 : 0;
console.log(`${numPassedTests} ${numFailedTests + broken}`);
