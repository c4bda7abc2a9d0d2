import { expect, test } from 'vitest';
import { TestTerminal } from '../../testing/test-terminal.ts';
import { type TestProgram, VirtualShellHost } from '../../testing/virtual-shell-host.ts';
import { runShell } from '../shell.ts';

const prompt = '[learner@worker1 ~]$ ';

async function startShell(programs: Record<string, TestProgram> = {}) {
  const terminal = new TestTerminal();
  const host = await new VirtualShellHost({ terminal, programs }).prepare();
  terminal.onKeySignal = (signal, foreground) => {
    if (foreground === 'shell') host.signal(signal);
    else host.table.get(foreground)?.signal(signal);
  };
  const exit = runShell(host, []);
  await terminal.waitFor(prompt);
  const run = async (line: string, expected = prompt) => {
    const from = terminal.plain.length;
    terminal.type(`${line}\r`);
    await terminal.waitFor('\n', from);
    await terminal.waitFor(expected, terminal.plain.indexOf('\n', from));
    return terminal.plain.slice(terminal.plain.indexOf('\n', from) + 1);
  };
  return { terminal, host, exit, run };
}

test('a line runs and the prompt comes back', async () => {
  const { run } = await startShell();
  expect(await run('echo hello')).toBe(`hello\n${prompt}`);
});

test('Ctrl-D ends the shell with the last status', async () => {
  const { run, terminal, exit } = await startShell();
  await run('false');
  terminal.type('\x04');
  expect(await exit).toBe(1);
});

test('Ctrl-C ends a loop of nothing, with status 130', async () => {
  const { run, terminal } = await startShell();
  terminal.type('while true; do :; done\r');
  await new Promise((resolve) => setTimeout(resolve, 30));
  terminal.type('\x03');
  await terminal.waitFor(`^C\n${prompt}`);
  expect(await run('echo $?')).toBe(`130\n${prompt}`);
});

test('Ctrl-C ends a command of the shell and the rest of its line', async () => {
  const { terminal } = await startShell();
  terminal.type('sleep 100; echo after\r');
  await new Promise((resolve) => setTimeout(resolve, 20));
  terminal.type('\x03');
  await terminal.waitFor(`^C\n${prompt}`);
  expect(terminal.plain).not.toContain('\nafter');
});

test('Ctrl-Z stops a command, bg lets it go on, fg waits for it', async () => {
  const { run, terminal } = await startShell();
  terminal.type('sleep 0.2\r');
  await new Promise((resolve) => setTimeout(resolve, 20));
  terminal.type('\x1a');
  await terminal.waitFor('[1]+  Stopped                 sleep 0.2');
  await terminal.waitFor(prompt, terminal.plain.indexOf('Stopped'));
  expect(await run('jobs')).toContain('[1]+  Stopped                 sleep 0.2');
  expect(await run('bg')).toContain('[1]+ sleep 0.2 &');
  expect(await run('fg')).toBe(`sleep 0.2\n${prompt}`);
});

test('a background job is announced and told about when done', async () => {
  const { run } = await startShell();
  expect(await run('sleep 0.05 &')).toMatch(/^\[1\] \d+\n/);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await run('')).toContain('[1]+  Done                    sleep 0.05');
});

test('a program in the foreground has the terminal and gets its Ctrl-C', async () => {
  const signals: string[] = [];
  const server: TestProgram = (command, onSignal) =>
    new Promise((resolve) => {
      onSignal((signal) => {
        signals.push(signal);
        resolve(130);
      });
      void command.stdout.write(`tty ${command.stdin.isTerminal}\n`);
    });
  const { run, terminal } = await startShell({ server });
  terminal.type('server\r');
  await terminal.waitFor('tty true');
  expect(terminal.foreground).toBeTypeOf('number');
  terminal.type('\x03');
  await terminal.waitFor(prompt, terminal.plain.indexOf('tty true'));
  expect(signals).toEqual(['SIGINT']);
  expect(await run('echo back')).toBe(`back\n${prompt}`);
});

test('Ctrl-C of a cat leaves what is typed next to the prompt', async () => {
  const { run, terminal } = await startShell();
  terminal.type('cat\r');
  await new Promise((resolve) => setTimeout(resolve, 20));
  terminal.type('one\r');
  await terminal.waitFor('one\none\n');
  terminal.type('\x03');
  await terminal.waitFor(prompt, terminal.plain.indexOf('^C'));
  expect(await run('echo next')).toBe(`next\n${prompt}`);
});

test('lines are edited with the keys of bash', async () => {
  const { run } = await startShell();
  // Ctrl-A, Ctrl-K, Ctrl-Y twice; left, backspace, alt-b.
  expect(await run('cho a\x01e\x05 b\x17c')).toContain('a c\n');
  expect(await run('echo 中文\x1b[D\x7f国')).toContain('国文\n');
  expect(await run('one two\x15echo \x19')).toContain('one two\n');
});

test('history comes back with the arrow and by search', async () => {
  const { run, host } = await startShell();
  await run('echo first');
  await run('echo second');
  expect(await run('\x1b[A\x1b[A')).toContain('first\n');
  expect(await run('\x12sec')).toContain('second\n');
  expect(await run('!echo')).toContain('second\n');
  const file = await host.files.open('/home/learner/.bash_history');
  expect(new TextDecoder().decode(await file.read(0, 1000))).toContain('echo first\necho second\n');
});

test('Tab completes commands, files, variables and topics', async () => {
  const { run, host, terminal } = await startShell();
  Object.assign(host, { completeTopics: async () => ['orders', 'payments'] });
  host.write('/home/learner/some file.txt', 'inside\n');
  expect(await run('cat so\t')).toContain('inside\n');
  expect(await run('echo $HOM\t')).toContain('/home/learner\n');
  expect(await run('echo --topic o\t')).toContain('--topic orders\n');
  terminal.type('base\t\t');
  await terminal.waitFor('base64    basename');
  terminal.type('\x03');
});

test('a command of several lines is asked for until it is complete', async () => {
  const { terminal, run } = await startShell();
  await run('for x in 1 2; do', '> ');
  await run('echo n$x', '> ');
  expect(await run('done')).toBe(`n1\nn2\n${prompt}`);
  await run('cat <<END', '> ');
  await run('text', '> ');
  expect(await run('END')).toBe(`text\n${prompt}`);
  expect(terminal.mode).toBe('raw');
});

test('a paste of several lines is one command', async () => {
  const { terminal } = await startShell();
  terminal.type('\x1b[200~echo 1\necho 2\n\x1b[201~\r');
  await terminal.waitFor(`echo 2\n1\n2\n${prompt}`);
});

test('a syntax error and an unbound variable give the prompt back', async () => {
  const { run } = await startShell();
  expect(await run('fi')).toContain("bash: syntax error near unexpected token `fi'");
  expect(await run('set -u; echo $nothing')).toContain('bash: nothing: unbound variable');
  expect(await run('echo ok')).toContain('ok\n');
});
