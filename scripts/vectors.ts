// npm run vectors -- FILE…: checks messages that the real Kafka serialized against our codec.
import { readFileSync } from 'node:fs';
import { checkVectorLine, loadSchemas } from '../src/testing/message-vectors.ts';

const FAILURES_SHOWN = 20;

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('usage: npm run vectors -- FILE…');
  process.exit(2);
}
const schemas = await loadSchemas();
const totals = { passed: 0, failed: 0, skipped: 0 };
for (const file of files) checkFile(file);
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed === 0 ? 0 : 1;

function checkFile(file: string): void {
  for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    if (line.trim() === '') continue;
    const result = checkVectorLine(line, schemas);
    totals[result.kind]++;
    if (result.kind === 'failed' && totals.failed <= FAILURES_SHOWN) {
      console.log(`${file}:${index + 1} ${result.reason}`);
    }
  }
}
