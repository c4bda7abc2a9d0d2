import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeShimsForEsbuild } from '../../scripts/node-shims.mjs';
import { type BrowserLab, openBrowserLab } from '../testing/browser-lab.ts';

interface Process {
  write(data: string): void;
  readonly exit: Promise<number>;
}
declare const begin: (
  command: string,
  machine?: string,
  options?: object,
) => Promise<{ process: Process; until(text: string): Promise<string>; rest(): Promise<string> }>;
declare const shell: (
  text: string,
  machine?: string,
) => Promise<{ exitCode: number; output: string; errors: string }>;

describe('the shell in a worker', () => {
  let browser: BrowserLab;

  beforeAll(async () => {
    browser = await openBrowserLab({
      entries: [
        'runtime/e2e/page.ts',
        'runtime/kernel-worker.ts',
        'runtime/e2e/test-program-worker.ts',
        'runtime/node-worker.ts',
      ],
      page: 'page',
      plugins: [nodeShimsForEsbuild],
    });
    await browser.page.evaluate('bootTestLab()');
  });
  afterAll(() => browser?.close());

  async function sh(text: string, machine?: string): Promise<string> {
    const result = await browser.page.evaluate(([t, m]) => shell(t, m), [text, machine] as const);
    return `${result.output}${result.errors}${result.exitCode}`;
  }

  test('runs programs with pipes, redirections and exit codes', async () => {
    expect(await sh('hello a b | tr a-z A-Z; echo $?')).toBe(
      'HELLO A B ON WORKER1\n0\nto stderr\n0',
    );
    expect(await sh('hello x 2>/dev/null >/tmp/out; echo $?; cat < /tmp/out')).toBe(
      '3\nhello x on worker1\n0',
    );
    expect(await sh('echo in | copy-input | wc -c')).toBe('3\n0');
  });

  test('ends a program whose output nobody reads', async () => {
    expect(await sh('yes | head -2; echo $?')).toMatch(/^y\ny\n/);
  });

  test('leaves to the shell what a program does not read', async () => {
    const text = 'printf "a\\nb\\nc\\n" | while read -r line; do hello "$line" 2>/dev/null; done';
    expect(await sh(text)).toBe('hello a on worker1\nhello b on worker1\nhello c on worker1\n3');
  });

  test('says what bash says about what it cannot run', async () => {
    expect(await sh('nosuch')).toContain('nosuch: command not found');
    expect(await sh('touch /tmp/plain; /tmp/plain')).toContain('Permission denied');
  });

  test('reaches other machines', async () => {
    expect(await sh('ssh worker2 hello there 2>/dev/null')).toContain('hello there on worker2');
    expect(await sh('hostname', 'worker3')).toBe('worker3\n0');
  });

  test('has an interactive prompt with job control', async () => {
    const screen = await browser.page.evaluate(async () => {
      const options = { terminal: { columns: 80, rows: 24 } };
      const bash = await begin('bash', 'worker1', options);
      const seen: string[] = [];
      seen.push(await bash.until('$ '));
      bash.process.write('hello you\r');
      seen.push(await bash.until('on worker1'), await bash.until('$ '));
      bash.process.write('spin\r');
      await bash.until('spinning');
      bash.process.write('\x03');
      seen.push(await bash.until('$ '));
      bash.process.write('echo $?\r');
      seen.push(await bash.until('\n130'), await bash.until('$ '));
      bash.process.write('copy-input\r');
      await bash.until('copy-input');
      bash.process.write('typed\r');
      await bash.until('typed\r\ntyped\r\n');
      bash.process.write('\x1a');
      seen.push(await bash.until('Stopped'), await bash.until('$ '));
      bash.process.write('fg\r');
      await bash.until('\ncopy-input');
      bash.process.write('again\r');
      seen.push(await bash.until('again\r\nagain\r\n'));
      bash.process.write('\x04');
      seen.push(await bash.until('$ '));
      bash.process.write('exit 4\r');
      return { seen, exitCode: await bash.process.exit };
    });
    expect(screen.seen[0]).toContain('[learner@worker1 ~]$');
    expect(screen.exitCode).toBe(4);
  });

  test('is at its prompt within a second of the boot', async () => {
    const milliseconds = await browser.page.evaluate('timeToPrompt()');
    process.stdout.write(`boot to prompt: ${milliseconds} ms\n`);
    expect(Number(milliseconds)).toBeLessThan(1_000);
  });

  test('logs no error and asks no other origin', () => {
    expect(browser.errors).toEqual([]);
    expect(browser.foreignRequests).toEqual([]);
  });
});
