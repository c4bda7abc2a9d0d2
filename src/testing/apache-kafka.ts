import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './project-root.ts';

const libs = join(projectRoot, '.cache', 'apache-kafka-3.8.0', 'libs');
/** As `kafka-server-start.sh` and `kafka-run-class.sh` of 3.8.0 have them. */
const brokerHeap = ['-Xmx1G', '-Xms1G'];
const performanceOptions = [
  ...['-server', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20'],
  ...['-XX:InitiatingHeapOccupancyPercent=35', '-XX:+ExplicitGCInvokesConcurrent'],
  ...['-XX:MaxInlineLevel=15', '-Djava.awt.headless=true'],
];
const toolHeap = '-Xmx512M';

interface RunOptions {
  readonly stdin?: string;
  readonly timeoutMs?: number;
  /** A configuration of its log beside `log4j.properties` in `bench/apache-kafka`. */
  readonly log4j?: string;
}

/** The real Kafka 3.8.0 on the JVM, as oracle and yardstick; absent where there is no Java or no Maven. */
export interface ApacheKafka {
  /** Runs a main class to its end, as `kafka-run-class.sh` does; after `timeoutMs` it is killed, with status 1. */
  run(
    mainClass: string,
    args: readonly string[],
    options?: RunOptions,
  ): { status: number; stdout: string; stderr: string };
  /** As `run`, but answers what it printed and throws with all that it said unless it ended with 0. */
  output(mainClass: string, args: readonly string[], options?: RunOptions): string;
  /** Starts a main class with the broker's heap. */
  start(mainClass: string, args: readonly string[]): ChildProcess;
}

export class ApacheKafkaError extends Error {
  override readonly name = 'ApacheKafkaError';
}

/** Fetches the jars with Maven on first use. Answers the reason instead where they cannot be had. */
export function findApacheKafka(options: { fetch: boolean }): ApacheKafka | { reason: string } {
  if (spawnSync('java', ['-version']).status !== 0) return { reason: 'there is no Java here' };
  if (!hasJars()) {
    if (!options.fetch) return { reason: 'Apache Kafka has not been fetched (npm run bench does)' };
    const reason = fetchJars();
    if (reason !== undefined) return { reason };
  }
  return { run: runJava, output: outputOfJava, start: startJava };
}

function hasJars(): boolean {
  if (!existsSync(libs)) return false;
  const names = readdirSync(libs);
  return ['kafka_2.13', 'kafka-shell'].every((jar) => names.some((name) => name.startsWith(jar)));
}

/** Into a folder beside the real one first: nobody may see half of the jars. */
function fetchJars(): string | undefined {
  const pom = join(projectRoot, 'bench', 'apache-kafka', 'pom.xml');
  const partial = `${libs}-${process.pid}`;
  mkdirSync(partial, { recursive: true });
  const goal = 'dependency:copy-dependencies';
  const result = spawnSync('mvn', ['-q', '-B', '-f', pom, goal, `-DoutputDirectory=${partial}`]);
  if (result.status === 0 && !existsSync(libs)) renameSync(partial, libs);
  rmSync(partial, { recursive: true, force: true });
  if (result.error !== undefined) return 'there is no Maven here to fetch Apache Kafka with';
  return hasJars() ? undefined : 'Maven could not fetch Apache Kafka 3.8.0';
}

function javaArgs(log4j = 'log4j.properties'): string[] {
  const log = join(projectRoot, 'bench', 'apache-kafka', log4j);
  const classPath = ['-cp', join(libs, '*')];
  return [...performanceOptions, ...classPath, `-Dlog4j.configuration=file:${log}`];
}

function runJava(
  mainClass: string,
  args: readonly string[],
  { stdin = '', timeoutMs: timeout, log4j }: RunOptions = {},
) {
  const command = [...javaArgs(log4j), toolHeap, mainClass, ...args];
  const options = { encoding: 'utf8', maxBuffer: 1 << 28, input: stdin, timeout } as const;
  const result = spawnSync('java', command, options);
  return { status: result.status ?? 1, stdout: result.stdout, stderr: result.stderr };
}

function outputOfJava(mainClass: string, args: readonly string[], options?: RunOptions): string {
  const { status, stdout, stderr } = runJava(mainClass, args, options);
  if (status === 0) return stdout;
  throw new ApacheKafkaError(`${mainClass} ${args.join(' ')}: ${status}: ${stdout} ${stderr}`);
}

function startJava(mainClass: string, args: readonly string[]): ChildProcess {
  return spawn('java', [...javaArgs(), ...brokerHeap, mainClass, ...args]);
}
