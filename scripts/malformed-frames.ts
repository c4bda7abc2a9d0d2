// `npm run fuzz:frames [-- FRAMES SEED LISTENER]`: malformed and truncated frames against a node's broker (or controller) listener (100,000).
import { sendMalformedFrames } from '../src/testing/malformed-frames.ts';

const frames = Number(process.argv[2] ?? 100_000);
const seed = Number(process.argv[3] ?? 1);
const startedAt = performance.now();
const listener = process.argv[4] === 'controller' ? 'controller' : 'broker';
const report = await sendMalformedFrames({ frames, seed, listener });
const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
const memory = report.memoryBytes.map((bytes) => Math.round(bytes / 1_048_576)).join(', ');
console.log(
  `${report.frames} frames (seed ${seed}) in ${seconds} s: ${report.closedConnections} connections closed, ` +
    `${report.witnessRecords} records of a witness right, ${report.errorLines.length} errors logged, ` +
    `${report.connectionsLeft} connection left, memory in MB by quarter: ${memory}`,
);
for (const line of report.errorLines.slice(0, 10)) console.log(line);
process.exitCode = report.errorLines.length === 0 ? 0 : 1;
