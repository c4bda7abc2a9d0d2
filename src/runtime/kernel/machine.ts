import type { FileContent } from '../provider.ts';
import { programFile } from './executable.ts';
import type { FileBody } from './file-body.ts';
import { addressOf } from './switchboard.ts';
import { VirtualFiles } from './virtual-files.ts';

/** One computer of the lab. */
export interface Machine {
  readonly name: string;
  readonly files: VirtualFiles;
  readonly environment: Readonly<Record<string, string>>;
}

export interface MachinePlan {
  readonly name: string;
  /** All machines of the lab, in order. */
  readonly machines: readonly string[];
  readonly files: Readonly<Record<string, FileContent>>;
}

const kafkaHome = '/opt/kafka_2.13-3.8.0';
export const homeFolder = '/home/learner';
const folders = [homeFolder, '/tmp', '/etc', '/usr/bin', '/usr/local/bin', '/var/log', '/opt'];
/** Programs that have no file of their own in a Kafka home. */
const systemPrograms = ['bash', 'sh', 'node', 'jps', 'lab'];
const encoder = new TextEncoder();

/** A fresh machine: its system files, then the lesson's files over them. */
export function createMachine(
  plan: MachinePlan,
  nowMs: () => number,
  newBody: () => FileBody,
): Machine {
  const files = new VirtualFiles(nowMs, newBody);
  for (const folder of folders) files.makeDirectory(folder);
  for (const name of systemPrograms) {
    files.write(`/usr/bin/${name}`, encoder.encode(programFile(name)), 0o755);
  }
  for (const name of ['bash', 'sh']) {
    files.write(`/bin/${name}`, encoder.encode(programFile(name)), 0o755);
  }
  files.write('/etc/hostname', encoder.encode(`${plan.name}\n`));
  files.write('/etc/hosts', encoder.encode(hostsFile(plan.machines)));
  files.changeMode('/tmp', 0o1777);
  for (const [path, { content, mode }] of Object.entries(plan.files)) {
    const bytes = typeof content === 'string' ? encoder.encode(content) : content;
    files.write(path, bytes, mode ?? (isScript(bytes) ? 0o755 : 0o644));
  }
  return { name: plan.name, files, environment: environmentOf(plan.name) };
}

/** It begins with `#!`. */
function isScript(bytes: Uint8Array): boolean {
  return bytes[0] === 0x23 && bytes[1] === 0x21;
}

function environmentOf(name: string): Readonly<Record<string, string>> {
  return {
    HOME: homeFolder,
    HOSTNAME: name,
    KAFKA_HOME: kafkaHome,
    LANG: 'C.UTF-8',
    LOGNAME: 'learner',
    PATH: `${kafkaHome}/bin:/usr/local/bin:/usr/bin:/bin`,
    PWD: homeFolder,
    SHELL: '/bin/bash',
    TERM: 'xterm-256color',
    USER: 'learner',
  };
}

function hostsFile(machines: readonly string[]): string {
  const lines = machines.map((name, index) => `${addressOf(index)} ${name}`);
  return ['127.0.0.1 localhost', ...lines, ''].join('\n');
}
