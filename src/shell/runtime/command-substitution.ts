import type { Command } from '../language/syntax.ts';
import type { Environment } from './environment.ts';
import { OpenFile } from './open-file.ts';
import { runSubshell } from './subshell.ts';
import { Task } from './task.ts';

/** More output than this is no argument any more. */
const outputBytesMax = 64 * 1024 * 1024;

/** Runs `$( )` and answers its output without newlines at the end; its status becomes `$?`. */
export async function substituteCommand(env: Environment, body: Command): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  const encoder = new TextEncoder();
  const sink = {
    isTerminal: false,
    async write(data: string | Uint8Array) {
      const bytes = typeof data === 'string' ? encoder.encode(data) : data;
      sizeBytes += bytes.length;
      if (sizeBytes <= outputBytesMax) chunks.push(bytes.slice());
      await Promise.resolve();
    },
  };
  const task = new Task(env.host);
  const link = env.task.addChild(task, false);
  const files = env.files.fork();
  await files.set(1, new OpenFile({ sink }));
  const sub = env.fork(task, { files });
  try {
    const status = await runSubshell(sub, body);
    env.lastStatus = status;
    if (task.killedBy !== undefined) await env.checkpoint();
  } finally {
    link.dispose();
  }
  if (outputBytesMax < sizeBytes) {
    await env.complain('command substitution: output is too long: it was cut');
  }
  return decodeAll(chunks).replace(/\n+$/, '').replaceAll('\0', '');
}

function decodeAll(chunks: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  const texts = chunks.map((chunk) => decoder.decode(chunk, { stream: true }));
  return texts.join('') + decoder.decode();
}
