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
type Recordings = Readonly<Record<string, readonly Recorded[]>>;

// What Kafka 3.8.0 said; the option tables are held to theirs elsewhere, stack traces are left out.
const recorded: Recordings = readJson('usage.json');
const withFiles: { readonly files: Readonly<Record<string, string>>; readonly cases: Recordings } =
  readJson('json-file-usage.json');

const casesOf = (recordings: Recordings) =>
  Object.entries(recordings).flatMap(([name, all]) =>
    all.map((each) => [`${name} ${each.args.join(' ')}`, name, each] as const),
  );

/** Log lines, causes and stack frames; how often a connection is tried in vain is a matter of milliseconds. */
const noise =
  /^(\[\d{4}-.*\] WARN .*\n?|\[\d{4}-.*\] ERROR [\s\S]*?\(org\.apache[^)]*\)\n?|Caused by: .*\n?|\t\.\.\. .*\n?)/gm;

/** Our tool also has 3.9's subcommands; the specs without them are held to 3.8's help elsewhere. */
const additions = /\{describe,add-controller,remove-controller\}\s+\.\.\./g;

test.each(casesOf(recorded))('%s says what Kafka says', async (_, name, expected) => {
  await expectToSay(new ToolMachine(), name, expected);
});

test.each(casesOf(withFiles.cases))(
  '%s says what Kafka says of the file',
  async (_, name, expected) => {
    const machine = new ToolMachine();
    for (const [path, text] of Object.entries(withFiles.files)) {
      const file = machine.files.create(`/${path}`);
      file.write(0, [new TextEncoder().encode(text)]);
      await file.close();
    }
    await expectToSay(machine, name, expected);
  },
);

async function expectToSay(machine: ToolMachine, name: string, expected: Recorded): Promise<void> {
  const program = await programs[name]?.();
  expect(program).toBeDefined();
  if (program === undefined) return;
  const { stdout, stderr, exitCode } = await machine.run(program, expected.args);
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
}

function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`./testdata/${name}`, import.meta.url), 'utf8')) as T;
}
