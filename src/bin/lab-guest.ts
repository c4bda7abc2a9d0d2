import { programs } from '../cli/programs.ts';
import { NodeNetwork } from '../host/node/node-network.ts';
import { nodeProgramContext, runProgram } from '../host/node/run-program.ts';
import { runShell } from '../shell/shell.ts';
import { GuestMachine } from './guest/guest-machine.ts';
import { GuestShellHost } from './guest/guest-shell-host.ts';

/** `node lab-guest.mjs PROGRAM …`: a machine's program, or its shell (`bash`), inside a container. */
const [bundle = '', name = 'bash', ...args] = process.argv.slice(1);
const machineName = process.env['LAB_HOST'] ?? 'worker1';
const machine = new GuestMachine(process.env['LAB_ROOT'] ?? process.cwd(), machineName, bundle);
machine.register([name, ...args]);
const context = {
  ...nodeProgramContext(args),
  cwd: process.env['LAB_CWD'] ?? '/',
  hostname: machineName,
  files: machine.files,
  network: new NodeNetwork({ hosts: { [machineName]: '127.0.0.1' } }),
  processes: machine.processes,
};
const load = programs[name];
if (name === 'bash') {
  const host = new GuestShellHost(context, machine);
  const status = await runShell(host, args);
  await host.finish();
  process.exit(status);
} else if (load === undefined) {
  process.stderr.write(`${name}: command not found\n`);
  process.exit(127);
} else await runProgram(await load(), args, context);
