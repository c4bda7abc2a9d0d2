import { execFile } from 'node:child_process';
import { ProcessError, type ProcessInfo } from '../../../base/program.ts';

/** Lists processes with POSIX `ps`, for hosts without /proc. Arguments with blanks come apart. */
export function listWithPs(): Promise<readonly ProcessInfo[]> {
  return new Promise((resolve, reject) => {
    execFile('ps', ['-A', '-o', 'pid=,ppid=,args='], (error, stdout) => {
      if (error !== null) return reject(new ProcessError('ps failed', { cause: error }));
      resolve(stdout.split('\n').filter(Boolean).map(parseLine));
    });
  });
}

function parseLine(line: string): ProcessInfo {
  const [pid = '0', parentPid = '0', ...command] = line.trim().split(/\s+/);
  return { pid: Number(pid), parentPid: Number(parentPid), command, startedAtMs: 0 };
}
