import { programs } from '../cli/programs.ts';
import { runProgram } from '../host/node/run-program.ts';

/** Runs one of Kafka's tools as this process; `sandboxes/kafka/bin/run.cjs` calls it. */
export async function main(name: string, args: readonly string[]): Promise<void> {
  const load = programs[name];
  if (load === undefined) {
    process.stderr.write(`${name}: no such program in libs/; run npm run build:sandboxes\n`);
    process.exit(127);
  }
  await runProgram(await load(), args);
}
