import { InTabProvider, type InTabSandbox } from '../in-tab-sandbox.ts';

/** What the browser tests find on their page: a lab, and short ways to run commands in it. */
const provider = new InTabProvider({
  workers: {
    kernel: '/kernel-worker.js',
    program: '/test-program-worker.js',
    node: '/node-worker.js',
    inspector: '/inspector-worker.js',
  },
});
let lab: InTabSandbox;
const machines = ['worker1', 'worker2', 'worker3'];
const programs = [
  'hello',
  'copy-input',
  'yes',
  'spin',
  'wait-for-signal',
  'append-for-ever',
  'count-bytes',
  'echo-server',
  'echo-client',
  'sink-server',
  'flood',
  'http-server',
];

async function bootTestLab(): Promise<void> {
  const files: Record<string, { content: string; mode: number }> = {};
  for (const name of programs) {
    const content = `#!/usr/bin/env node\nrequire('./run.cjs')('${name}')\n`;
    files[`/usr/local/bin/${name}`] = { content, mode: 0o755 };
  }
  lab = await provider.boot({ machines, files: { '*': files } });
  Object.assign(globalThis, { lab });
}

async function begin(command: string, machine = 'worker1', options: object = {}) {
  const process = await lab.spawn(machine, command.split(' '), options);
  const reader = process.output.getReader();
  const decoder = new TextDecoder();
  let seen = '\n';
  const more = async (): Promise<boolean> => {
    const { value, done } = await reader.read();
    seen = withoutEscapes(seen + decoder.decode(value, { stream: true }));
    return !done;
  };
  return {
    process,
    /** Reads on until `text` was seen; answers everything up to its end. */
    async until(text: string): Promise<string> {
      let giveUp: (error: Error) => void = () => {};
      const late = setTimeout(() => {
        giveUp(new Error(`no ${JSON.stringify(text)} within 20 s in ${JSON.stringify(seen)}`));
      }, 20_000);
      const gaveUp = new Promise<never>((_, reject) => {
        giveUp = reject;
      });
      while (!seen.includes(text)) {
        if (!(await Promise.race([more(), gaveUp]))) {
          throw new Error(`ended after ${JSON.stringify(seen)}`);
        }
      }
      clearTimeout(late);
      const end = seen.indexOf(text) + text.length;
      const before = seen.slice(0, end);
      seen = seen.slice(end);
      return before;
    },
    async rest(): Promise<string> {
      while (await more());
      return seen.replace(/^\n/, '');
    },
  };
}

/** What a terminal would show, roughly. */
function withoutEscapes(text: string): string {
  return text.replace(new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[A-Za-z]`, 'g'), '');
}

/** From the call to `boot` to the shell's first prompt, in milliseconds. */
async function timeToPrompt(): Promise<number> {
  const startMs = performance.now();
  const fresh = await provider.boot({ machines, files: {} });
  const terminal = { columns: 80, rows: 24 };
  const { output } = await fresh.spawn('worker1', ['bash'], { terminal });
  const reader = output.getReader();
  let seen = '';
  while (!withoutEscapes(seen).includes('$ ')) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the shell has ended: ${seen}`);
    seen += new TextDecoder().decode(value);
  }
  const tookMs = performance.now() - startMs;
  await fresh.dispose();
  return Math.round(tookMs);
}

const run = (command: string, machine?: string) => collect(command.split(' '), machine);
const shell = (text: string, machine?: string) => collect(['bash', '-c', text], machine);

async function collect(command: readonly string[], machine = 'worker1') {
  const process = await lab.spawn(machine, command);
  const [output, errors, exitCode] = await Promise.all([
    new Response(process.output).text(),
    new Response(process.errors).text(),
    process.exit,
  ]);
  return { exitCode, output, errors };
}

Object.assign(globalThis, { provider, bootTestLab, begin, run, shell, timeToPrompt });
