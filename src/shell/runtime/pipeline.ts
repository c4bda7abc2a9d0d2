import type { Command } from '../language/syntax.ts';
import { createPipe } from '../pipe.ts';
import type { Environment } from './environment.ts';
import { waitInForeground } from './foreground-wait.ts';
import { OpenFile } from './open-file.ts';
import { runSubshell } from './subshell.ts';
import { Task } from './task.ts';

type Pipeline = Extract<Command, { kind: 'pipeline' }>;

/** Runs the stages side by side; the status is that of the last, or with `pipefail` of the last that failed. */
export async function runPipeline(env: Environment, pipeline: Pipeline): Promise<number> {
  const startedMs = env.host.clock.monotonicMs();
  const status = await runStages(env, pipeline);
  if (pipeline.isTimed) await reportTime(env, env.host.clock.monotonicMs() - startedMs);
  if (!pipeline.isNegated) return status;
  return status === 0 ? 1 : 0;
}

async function runStages(env: Environment, pipeline: Pipeline): Promise<number> {
  const [only, second] = pipeline.commands;
  if (only === undefined) return 0;
  if (second === undefined) {
    if (!pipeline.isNegated) return env.session.execute(env, only);
    env.conditionDepth++;
    try {
      return await env.session.execute(env, only);
    } finally {
      env.conditionDepth--;
    }
  }
  return waitInForeground(env, env.currentText, async (inner) => {
    const statuses = await Promise.all(startStages(inner, pipeline.commands));
    env.pipeStatus = statuses;
    await inner.checkpoint();
    const failed = statuses.findLast((status) => status !== 0);
    return env.options.pipefail ? (failed ?? 0) : (statuses.at(-1) ?? 0);
  });
}

function startStages(env: Environment, commands: readonly Command[]): Promise<number>[] {
  let input: OpenFile | undefined;
  return commands.map((command, index) => {
    const stageInput = input;
    const isLast = index === commands.length - 1;
    let output: OpenFile | undefined;
    if (!isLast) {
      const { reader, writer } = createPipe();
      output = new OpenFile({ sink: writer, close: () => writer.close() });
      input = new OpenFile({ source: reader, close: () => reader.close() });
    }
    return runStage(env, { command, input: stageInput, output });
  });
}

async function runStage(
  env: Environment,
  stage: { command: Command; input: OpenFile | undefined; output: OpenFile | undefined },
): Promise<number> {
  const task = new Task(env.host);
  const link = env.task.addChild(task, false);
  const files = env.files.fork();
  const sub = env.fork(task, { files });
  if (stage.input !== undefined) await files.set(0, stage.input);
  if (stage.output !== undefined) await files.set(1, stage.output);
  try {
    return await runSubshell(sub, stage.command);
  } finally {
    link.dispose();
  }
}

/** `( … )`. */
export async function runSubshellCommand(env: Environment, body: Command): Promise<number> {
  return await waitInForeground(env, env.currentText, async (inner) => {
    const task = new Task(env.host);
    const link = inner.task.addChild(task, false);
    try {
      return await runSubshell(inner.fork(task), body);
    } finally {
      link.dispose();
      await inner.checkpoint();
    }
  });
}

async function reportTime(env: Environment, elapsedMs: number): Promise<void> {
  const minutes = Math.floor(elapsedMs / 60_000);
  const seconds = ((elapsedMs % 60_000) / 1000).toFixed(3);
  // Simplified: a tab does not tell the processor time of its workers.
  const text = `\nreal\t${minutes}m${seconds}s\nuser\t0m0.000s\nsys\t0m0.000s\n`;
  await env.files.stderr.write(text);
}
