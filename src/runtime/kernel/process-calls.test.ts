import { afterEach, expect, test } from 'vitest';
import type { Program } from '../../base/program.ts';
import { createPortHost, type PortHost } from '../../testing/port-host.ts';
import { programFile } from './executable.ts';

let host: PortHost | undefined;
afterEach(() => host?.dispose());

test('who logs in by ssh has the environment of that machine, also on the own one', async () => {
  const seen: (string | undefined)[] = [];
  const report: Program = {
    name: 'report',
    run: async (ctx) => {
      seen.push(ctx.env['HOSTNAME'], ctx.env['PATH'], ctx.env['TERM']);
      return 0;
    },
  };
  const opened = createPortHost(new Map([['report', async () => report]]));
  host = opened;
  for (const { files } of opened.kernel.machines.values()) {
    files.write('/usr/bin/report', new TextEncoder().encode(programFile('report')), 0o755);
  }
  const { kernel } = opened.openProcess('worker1');
  for (const machine of ['worker1', 'worker2']) {
    const path = '/usr/bin/report';
    const env = { TERM: 'dumb' };
    const request = { command: [path], env, cwd: '/', fds: [0, 1, 2] as const, machine };
    const answer = await kernel.call('spawn', request);
    if (!('pid' in answer)) throw new TypeError('the program is there');
    await kernel.call('wait', { pid: answer.pid });
  }
  const path = opened.kernel.machine('worker1').environment['PATH'];
  expect(seen).toEqual(['worker1', path, 'xterm-256color', 'worker2', path, 'xterm-256color']);
});
