import type { ProcessContext } from '../process/process-context.ts';
import type { LiveHandles } from './live-handles.ts';
import type { MirrorFiles } from './mirror-files.ts';

/** What the shims of one program share. A worker runs one program, so there is one. */
export interface NodeRuntime {
  readonly context: ProcessContext;
  readonly handles: LiveHandles;
  readonly files: MirrorFiles;
}

let runtime: NodeRuntime | undefined;

export function setRuntime(value: NodeRuntime): void {
  runtime = value;
}

export function nodeRuntime(): NodeRuntime {
  if (!runtime) throw new Error('the Node runtime has not started');
  return runtime;
}

/** An error as Node makes them: `code`, `errno`, `syscall`. */
export function systemError(
  code: string,
  syscall: string,
  detail: string,
  extra: object = {},
): Error & { code: string } {
  const error = new Error(`${syscall} ${code}${detail === '' ? '' : ` ${detail}`}`);
  return Object.assign(error, { code, errno: errorNumbers[code] ?? -1, syscall, ...extra });
}

const errorNumbers: Readonly<Record<string, number>> = {
  EPERM: -1,
  ENOENT: -2,
  EACCES: -13,
  EEXIST: -17,
  ENOTDIR: -20,
  EISDIR: -21,
  EPIPE: -32,
  ENOTEMPTY: -39,
  EADDRINUSE: -98,
  ECONNRESET: -104,
  ETIMEDOUT: -110,
  ECONNREFUSED: -111,
  ENOTFOUND: -3008,
};
