import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowserLab, openBrowserLab } from '../testing/browser-lab.ts';

// Types of what `e2e/page.ts` puts on its page; the functions below run there.
interface TestProcess {
  readonly pid: number;
  readonly output: ReadableStream<Uint8Array>;
  readonly errors: ReadableStream<Uint8Array>;
  readonly exit: Promise<number>;
  write(data: string): void;
  end(): void;
  kill(signal: string): void;
}
interface TestSandbox {
  readonly notices: readonly { id: string }[];
  spawn(machine: string, command: readonly string[], options?: object): Promise<TestProcess>;
  kill(machine: string, pid: number, signal: string): Promise<void>;
  processes(machine: string): Promise<readonly { pid: number; command: readonly string[] }[]>;
  fetch(machine: string, port: number, path: string): Promise<Response>;
  readonly network: {
    cut(a: string, b: string): Promise<void>;
    heal(): Promise<void>;
    delay(a: string, b: string, delayMs: number): Promise<void>;
  };
  dispose(): Promise<void>;
}
declare const lab: TestSandbox;
declare const run: (
  command: string,
  machine?: string,
) => Promise<{ exitCode: number; output: string; errors: string }>;
declare const begin: (
  command: string,
  machine?: string,
  options?: object,
) => Promise<{
  process: TestProcess;
  until(text: string): Promise<string>;
  rest(): Promise<string>;
}>;

const entries = [
  'runtime/e2e/page.ts',
  'runtime/kernel-worker.ts',
  'runtime/e2e/test-program-worker.ts',
];

describe.each([
  { name: 'in a secure context', isInsecure: false },
  { name: 'on plain http', isInsecure: true },
])('in-tab machines $name', ({ isInsecure }) => {
  let browser: BrowserLab;

  beforeAll(async () => {
    browser = await openBrowserLab({ entries, page: 'page', isInsecure });
    await browser.page.evaluate('bootTestLab()');
  });
  afterAll(() => browser?.close());

  test('run a program with arguments, both outputs and its exit code', async () => {
    const result = await browser.page.evaluate(() => run('hello you and me', 'worker2'));
    expect(result).toEqual({
      exitCode: 3,
      output: 'hello you and me on worker2\n',
      errors: 'to stderr\n',
    });
  });

  test('say where files are kept', async () => {
    const notices = await browser.page.evaluate(() => lab.notices.map(({ id }) => id));
    expect(notices).toEqual(isInsecure ? ['memory-disk'] : []);
  });

  test('connect two processes on different machines by name', async () => {
    const output = await browser.page.evaluate(async () => {
      const server = await begin('echo-server 9092', 'worker2');
      await server.until('listening');
      const { output } = await run('echo-client worker2 9092 one two', 'worker1');
      server.process.kill('SIGTERM');
      return { output, exitCode: await server.process.exit };
    });
    expect(output).toEqual({ output: 'one\ntwo\nend\nclosed\n', exitCode: 143 });
  });

  test('refuse a connection to a closed port', async () => {
    const { errors } = await browser.page.evaluate(() => run('echo-client worker3 9999 one'));
    expect(errors).toContain('Connection refused: 10.0.0.13:9999');
  });

  test('lose nothing that was written when a process is killed', async () => {
    const result = await browser.page.evaluate(async () => {
      const writer = await begin('append-for-ever');
      await writer.until('\n200\n');
      await lab.kill('worker1', writer.process.pid, 'SIGKILL');
      const exitCode = await writer.process.exit;
      const told = (await writer.rest()).trim().split('\n').map(Number);
      const { output } = await run('count-bytes /tmp/log');
      return { exitCode, told: Math.max(...told, 200), output };
    });
    const [bytes, isIntact] = result.output.trim().split(' ');
    expect(result.exitCode).toBe(137);
    expect(Number(bytes)).toBeGreaterThanOrEqual(result.told * 65_536);
    expect(isIntact).toBe('true');
  });

  test('kill a loop that never yields, and let a handler answer a signal', async () => {
    const exitCodes = await browser.page.evaluate(async () => {
      const spinning = await begin('spin');
      await spinning.until('spinning');
      spinning.process.kill('SIGINT');
      const handling = await begin('wait-for-signal');
      await handling.until('up');
      handling.process.kill('SIGINT');
      return [await spinning.process.exit, await handling.process.exit];
    });
    expect(exitCodes).toEqual([130, 7]);
  });

  test('drop, not reset, what crosses a cut network, and deliver it when it is healed', async () => {
    const result = await browser.page.evaluate(async () => {
      const server = await begin('echo-server 9093', 'worker2');
      await server.until('listening');
      const client = await begin('echo-client worker2 9093 stay', 'worker1');
      await client.until('stay');
      await lab.network.cut('worker1', 'worker2');
      const refused = await run('echo-client worker2 9093 late', 'worker1');
      await lab.network.heal();
      const after = await run('echo-client worker2 9093 again', 'worker1');
      server.process.kill('SIGKILL');
      return { refused: refused.errors, after: after.output, client: await client.rest() };
    });
    expect(result.refused).toContain('Connection timed out');
    expect(result.after).toBe('again\nend\nclosed\n');
    expect(result.client).toBe('ECONNRESET\n');
  });

  test('carry much from worker to worker', async () => {
    const rates = await browser.page.evaluate(async () => {
      const server = await begin('sink-server 9094');
      await server.until('listening');
      const first = await run('flood localhost 9094 200');
      const second = await run('flood localhost 9094 1000');
      server.process.kill('SIGKILL');
      return [Number(first.output), Number(second.output)];
    });
    process.stdout.write(`worker to worker, 64 KiB: ${rates.join(', ')} MB/s\n`);
    expect(rates.every((rate) => 0 < rate)).toBe(true);
  });

  test('answer HTTP to the page', async () => {
    const text = await browser.page.evaluate(async () => {
      const server = await begin('http-server', 'worker3');
      await server.until('listening');
      const response = await lab.fetch('worker3', 8080, '/metrics?a=1');
      server.process.kill('SIGKILL');
      return `${response.status} ${await response.text()}`;
    });
    expect(text).toBe('200 you asked for /metrics?a=1');
  });

  test('give a program a terminal with line editing and Ctrl-D', async () => {
    const output = await browser.page.evaluate(async () => {
      const cat = await begin('copy-input', 'worker1', { terminal: { columns: 80, rows: 24 } });
      cat.process.write('helo\x7flo\r');
      await cat.until('hello\r\nhello\r\n'.slice(7));
      cat.process.write('\x04');
      return { exitCode: await cat.process.exit };
    });
    expect(output).toEqual({ exitCode: 0 });
  });

  test('ask nothing of any other origin and log no error', () => {
    expect(browser.foreignRequests).toEqual([]);
    expect(browser.errors).toEqual([]);
  });
});
