import { assert } from '../base/assert.ts';
import type { Program } from '../base/program.ts';
import { runShell } from '../shell/shell.ts';
import { ProcessContext } from './process/process-context.ts';
import { ProcessShellHost } from './process/process-shell-host.ts';

/** The shell as a program of a machine. */
export const shell: Program = {
  name: 'bash',
  run(ctx) {
    assert(ctx instanceof ProcessContext, 'a shell runs in a process of the kernel');
    return runShell(new ProcessShellHost(ctx), ctx.args);
  },
};
