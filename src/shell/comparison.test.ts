import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { VirtualShellHost } from '../testing/virtual-shell-host.ts';
import { runShell } from './shell.ts';

/** What bash 5.2 and GNU coreutils answered on a Debian; recorded anew with RECORD=1. */
interface Case {
  readonly theme: string;
  readonly script: string;
  stdout: string;
  stderr: string;
  status: number;
  /** Why stderr is not compared. */
  readonly differs?: string;
}

const recording = join(import.meta.dirname, 'testdata/comparison.json');
const cases: Case[] = JSON.parse(readFileSync(recording, 'utf8'));

if (process.env['RECORD'] === '1') {
  for (const entry of cases) record(entry);
  writeFileSync(recording, `${JSON.stringify(cases, null, 1)}\n`);
}

function record(entry: Case): void {
  const home = mkdtempSync(join(tmpdir(), 'bash-'));
  const run = spawnSync('bash', ['-c', entry.script], {
    cwd: home,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: home, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
    input: '',
    timeout: 10_000,
  });
  rmSync(home, { recursive: true });
  entry.stdout = run.stdout.toString();
  entry.stderr = run.stderr.toString();
  entry.status = run.status ?? -1;
}

const themes = Map.groupBy(cases, ({ theme }) => theme);

describe.for([...themes])('%s', ([, group]) => {
  test.for(group.map((entry) => [entry.script, entry] as const))('%s', async ([script, entry]) => {
    const host = await new VirtualShellHost({ environment: { PATH: '/usr/bin' } }).prepare();
    await host.files.makeDirectory('/etc');
    host.write('/etc/passwd', 'root:x:0:0::/root:/bin/bash\n');
    await host.files.makeDirectory('/bin');
    await host.files.makeDirectory('/usr/bin');
    const status = await runShell(host, ['-c', script]);
    const found = { stdout: host.output.join(''), stderr: host.errors.join(''), status };
    const { stdout, stderr } = entry;
    expect(found).toEqual({
      stdout,
      stderr: entry.differs ? found.stderr : stderr,
      status: entry.status,
    });
  });
});
