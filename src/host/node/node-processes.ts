import { spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import {
  type DetachedCommand,
  ProcessError,
  type Processes,
  type ProcessInfo,
  type Signal,
} from '../../base/program.ts';
import { listWithPs } from './internal/ps.ts';

/** The machine's processes: from /proc where there is one, else from `ps`. */
export class NodeProcesses implements Processes {
  list(): Promise<readonly ProcessInfo[]> {
    return process.platform === 'linux' ? Promise.resolve(listFromProc()) : listWithPs();
  }

  kill(pid: number, signal: Signal): Promise<void> {
    try {
      process.kill(pid, signal);
      return Promise.resolve();
    } catch (error) {
      return Promise.reject(new ProcessError(`(${pid}) - No such process`, { cause: error }));
    }
  }

  spawnDetached(command: DetachedCommand): Promise<ProcessInfo> {
    const [path = '', ...args] = command.command;
    const output = openSync(command.outputPath, 'a');
    const child = spawn(path, args, {
      cwd: command.cwd,
      env: command.env,
      detached: true,
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    return new Promise((resolve, reject) => {
      child.once('error', (error) =>
        reject(new ProcessError(`${path}: ${error.message}`, { cause: error })),
      );
      child.once('spawn', () => {
        child.unref();
        resolve({
          pid: child.pid ?? 0,
          parentPid: process.pid,
          command: command.command,
          startedAtMs: Date.now(),
        });
      });
    });
  }
}

function listFromProc(): readonly ProcessInfo[] {
  const found: ProcessInfo[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const info = readProcEntry(Number(name));
    if (info !== undefined) found.push(info);
  }
  return found;
}

/** Undefined when the process has gone meanwhile. */
function readProcEntry(pid: number): ProcessInfo | undefined {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name in parentheses and may hold blanks; the parent stands after it.
    const parentPid = Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
    return { pid, parentPid, command, startedAtMs: statSync(`/proc/${pid}`).ctimeMs };
  } catch {
    return undefined;
  }
}
