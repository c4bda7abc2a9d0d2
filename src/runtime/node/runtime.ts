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
