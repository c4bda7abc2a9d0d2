import { expect, test } from 'vitest';
import type { ByteSink } from '../base/program.ts';
import {
  type TestProgram,
  VirtualShellHost,
  type VirtualShellOptions,
} from '../testing/virtual-shell-host.ts';
import { runShell } from './shell.ts';

async function run(script: string, options: VirtualShellOptions = {}) {
  const host = await new VirtualShellHost(options).prepare();
  const status = await runShell(host, ['-c', script]);
  return { host, status, stdout: host.output.join(''), stderr: host.errors.join('') };
}

test('a hundred megabytes go through a pipe without being held', async () => {
  let largestWrite = 0;
  const stdout: ByteSink = {
    isTerminal: false,
    write: async (data) => {
      largestWrite = Math.max(largestWrite, data.length);
    },
  };
  const before = process.memoryUsage().rss;
  const { status } = await run('yes | head -c 100000000', { stdout });
  expect(status).toBe(0);
  expect(largestWrite).toBeLessThanOrEqual(65_536);
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
});

test('a writer ends with its reader, in every stage', async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's.
  expect((await run('yes | head -1; echo "${PIPESTATUS[@]}"')).stdout).toBe('y\n141 0\n');
  expect((await run('while true; do echo x; done | head -2')).stdout).toBe('x\nx\n');
  expect((await run('seq 100000000 | sed s/1/2/ | awk "{print}" | head -1')).stdout).toBe('2\n');
});

test('a program at a pipe feels back-pressure and the end of its reader', async () => {
  let written = 0;
  const flood: TestProgram = async ({ stdout }) => {
    for (;;) {
      await stdout.write(new Uint8Array(10_000));
      written += 10_000;
    }
  };
  const { stdout } = await run(
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's.
    'flood | { sleep 0.05; head -c 5 | wc -c; }; echo "${PIPESTATUS[0]}"',
    { programs: { flood } },
  );
  expect(stdout).toBe('5\n141\n');
  expect(written).toBeLessThan(200_000);
});

test('a signal ends a loop that never waits', async () => {
  const host = await new VirtualShellHost().prepare();
  const status = runShell(host, ['-c', 'while true; do :; done']);
  setTimeout(() => host.signal('SIGTERM'), 20);
  expect(await status).toBe(143);
});

test('a signal reaches every stage, and a trap runs instead of the end', async () => {
  const host = await new VirtualShellHost().prepare();
  const status = runShell(host, ['-c', "trap 'echo caught; exit 7' TERM; sleep 100 | cat"]);
  setTimeout(() => host.signal('SIGTERM'), 20);
  expect(await status).toBe(7);
  expect(host.output.join('')).toBe('caught\n');
});

test('a program that handles SIGTERM is waited for', async () => {
  const server: TestProgram = ({ stdout }, onSignal) =>
    new Promise((resolve) => {
      onSignal(() => {
        void stdout.write('shutting down\n').then(() => resolve(0));
      });
    });
  const { stdout } = await run('server & sleep 0.02; kill %1; wait %1; echo status $?', {
    programs: { server },
  });
  expect(stdout).toBe('shutting down\nstatus 0\n');
});

test('the last pid in the background is the program itself', async () => {
  const node: TestProgram = ({ argv, stdout }) => stdout.write(`${argv.join(' ')}\n`).then(() => 0);
  const { stdout, host } = await run('node app.js & [ $! -gt 100 ] && wait $! && echo ok', {
    programs: { node },
  });
  expect(stdout).toBe('node app.js\nok\n');
  expect(host.table.size).toBe(0);
});

test('a job inside the shell is a process that others can kill', async () => {
  const host = await new VirtualShellHost().prepare();
  const status = runShell(host, ['-c', 'sleep 100 & wait $!; echo $?']);
  await new Promise((resolve) => setTimeout(resolve, 20));
  const [job] = await host.processes.list();
  expect(job?.command).toEqual(['sleep', '100']);
  await host.processes.kill(job?.pid ?? 0, 'SIGTERM');
  await status;
  expect(host.output.join('')).toBe('143\n');
});

test('scripts run by their first line: bash inside, node as a program', async () => {
  const node: TestProgram = ({ path, stdout }) => stdout.write(`node runs ${path}\n`).then(() => 0);
  const host = await new VirtualShellHost({ programs: { 'kafka-topics.sh': node } }).prepare();
  host.write('/opt/kafka/bin/kafka-topics.sh', '#!/usr/bin/env node\nrequire(1)', 0o755);
  host.write('/home/learner/s.sh', '#!/bin/bash\necho "$0 $1"; exit 3', 0o755);
  expect(await runShell(host, ['-c', 'kafka-topics.sh --list; ./s.sh a; echo $?'])).toBe(0);
  expect(host.output.join('')).toBe('node runs /opt/kafka/bin/kafka-topics.sh\n./s.sh a\n3\n');
});

test('a program on stdin is run line by line and its commands read what comes after', async () => {
  const host = await new VirtualShellHost({ stdin: 'read x\nvalue\necho "got $x"\n' }).prepare();
  expect(await runShell(host, [])).toBe(0);
  expect(host.output.join('')).toBe('got value\n');
});

test('tail -f prints what is appended until it is killed', async () => {
  const { stdout } = await run(
    'echo 1 > f; timeout 0.7 tail -f f & sleep 0.1; echo 2 >> f; wait; echo end',
  );
  expect(stdout).toBe('1\n2\nend\n');
});

test('tar, gzip and checksums round-trip', async () => {
  const { stdout } = await run(
    'mkdir -p a/b; seq 1000 > a/b/n; tar czf a.tgz a; mv a old; tar xzf a.tgz; cmp a/b/n old/b/n && echo same; gzip -c a/b/n | zcat | wc -l; printf abc | sha256sum; printf hi | base64',
  );
  expect(stdout).toBe(
    'same\n1000\nba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  -\naGk=\n',
  );
});

test('commands say what they want when asked for help, and refuse unknown options', async () => {
  const host = await new VirtualShellHost().prepare();
  for (const name of [
    'ls',
    'grep',
    'sed',
    'awk',
    'find',
    'sort',
    'tail',
    'tar',
    'curl',
    'ssh',
    'diff',
    'xargs',
  ]) {
    expect(await runShell(host, ['-c', `${name} --help`]), name).toBe(0);
  }
  expect(await runShell(host, ['-c', 'ls --nonsense'])).toBe(2);
  expect(host.errors.join('')).toContain("ls: unrecognized option '--nonsense'");
});

test('every command of the table loads', async () => {
  const { commandTable } = await import('./commands/command-table.ts');
  for (const [name, entry] of commandTable) {
    expect(typeof (typeof entry === 'function' ? entry : await entry.load()), name).toBe(
      'function',
    );
  }
});
