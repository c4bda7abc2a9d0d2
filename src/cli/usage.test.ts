import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ToolMachine } from '../testing/tool-run.ts';
import { programs } from './programs.ts';

interface Recorded {
  readonly args: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

// What Kafka 3.8.0 said; the option tables are held to theirs elsewhere, stack traces are left out.
const recorded: Record<string, Recorded[]> = JSON.parse(
  readFileSync(new URL('./testdata/usage.json', import.meta.url), 'utf8'),
);

const cases = Object.entries(recorded).flatMap(([name, all]) =>
  all.map((each) => [`${name} ${each.args.join(' ')}`, name, each] as const),
);

/** Log lines, causes and stack frames. */
const noise =
  /^(\[\d{4}-.*\] ERROR [\s\S]*?\(org\.apache[^)]*\)\n?|Caused by: .*\n?|\t\.\.\. .*\n?)/gm;

/** Our tool also has 3.9's subcommands; the specs without them are held to 3.8's help elsewhere. */
const additions = /\{describe,add-controller,remove-controller\}\s+\.\.\./g;

test.each(cases)('%s says what Kafka says', async (_, name, expected) => {
  const program = await programs[name]?.();
  expect(program).toBeDefined();
  if (program === undefined) return;
  const { stdout, stderr, exitCode } = await new ToolMachine().run(program, expected.args);
  const option = stderr.search(/^Option {10,}Description/m);
  const said = option === -1 ? stderr : `${stderr.slice(0, option)}<options>`;
  expect({
    stdout,
    stderr: said.replace(additions, '{describe} ...').replace(noise, '').trimEnd(),
    exitCode,
  }).toEqual({
    stdout: expected.stdout,
    stderr: expected.stderr.replace(noise, '').trimEnd(),
    exitCode: expected.exitCode,
  });
});
