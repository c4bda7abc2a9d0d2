import type { Command } from '../language/syntax.ts';
import { createPipe } from '../pipe.ts';
import type { Environment } from './environment.ts';
import { OpenFile } from './open-file.ts';
import { runSubshell } from './subshell.ts';
import { Task } from './task.ts';

/** Descriptors of process substitutions go downwards from here, as in bash. */
const firstDescriptor = 63;

/** Starts the body of `<( )` or `>( )` and answers the path by which a command reads or feeds it. */
export async function substituteProcess(
  env: Environment,
  { direction, body }: { direction: '<' | '>'; body: Command },
): Promise<string> {
  const { reader, writer } = createPipe();
  const readEnd = new OpenFile({ source: reader, close: () => reader.close() });
  const writeEnd = new OpenFile({ sink: writer, close: () => writer.close() });
  const task = new Task(env.host);
  const link = env.task.addChild(task, false);
  const files = env.files.fork();
  await files.set(direction === '<' ? 1 : 0, direction === '<' ? writeEnd : readEnd);
  const done = runSubshell(env.fork(task, { files }), body);
  const release = () => link.dispose();
  done.then(release, release);
  let descriptor = firstDescriptor;
  while (env.files.get(descriptor) !== undefined) descriptor--;
  await env.files.set(descriptor, direction === '<' ? readEnd : writeEnd);
  env.substituted.push(descriptor);
  return `/dev/fd/${descriptor}`;
}
