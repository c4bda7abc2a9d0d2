import type { ByteSink } from '../../base/program.ts';
import { sleep } from '../../base/scheduler.ts';
import { emptySource, nullSink } from '../pipe.ts';
import type { ShellHost } from '../shell-host.ts';

/** Without a broker the tool would go on asking for a minute. */
const deadlineMs = 2_000;
const outputCharactersMax = 1_000_000;

/** The cluster's topics, as `kafka-topics.sh --list` says; none when there is no cluster that answers. */
export async function topicsByTool(host: ShellHost): Promise<readonly string[]> {
  const tool = `${host.environment['KAFKA_HOME'] ?? ''}/bin/kafka-topics.sh`;
  const text: string[] = [];
  const child = await host.spawn({
    path: tool,
    argv: [tool, '--list', '--bootstrap-server', `${host.hostname}:9092`],
    env: definedOf(host.environment),
    cwd: '/',
    stdin: emptySource,
    stdout: textSink(text),
    stderr: nullSink,
  });
  const stop = new AbortController();
  const late = sleep(host.scheduler, deadlineMs, stop.signal).then(() => child.signal('SIGKILL'));
  const status = await child.exit;
  stop.abort();
  await late;
  return status === 0 ? text.join('').split('\n').filter(Boolean) : [];
}

function textSink(text: string[]): ByteSink {
  const decoder = new TextDecoder();
  let characters = 0;
  return {
    isTerminal: false,
    write(data) {
      const part = typeof data === 'string' ? data : decoder.decode(data, { stream: true });
      characters += part.length;
      if (characters <= outputCharactersMax) text.push(part);
      return Promise.resolve();
    },
  };
}

function definedOf(env: ShellHost['environment']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
