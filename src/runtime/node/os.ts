import { nodeRuntime } from './runtime.ts';

/** `node:os`: the machine as far as it is one. */
export const EOL = '\n';
export const hostname = (): string => nodeRuntime().context.hostname;
export const homedir = (): string => nodeRuntime().context.env['HOME'] ?? '/';
export const tmpdir = (): string => '/tmp';
export const platform = (): string => 'linux';
export const type = (): string => 'Linux';
export const arch = (): string => 'x64';
export const release = (): string => '6.1.0';
export const endianness = (): string => 'LE';
export const uptime = (): number => performance.now() / 1_000;
export const loadavg = (): readonly number[] => [0, 0, 0];
export const totalmem = (): number => 4_294_967_296;
export const freemem = (): number => 2_147_483_648;
export const availableParallelism = (): number => navigator.hardwareConcurrency;
export const cpus = (): readonly object[] =>
  Array.from({ length: navigator.hardwareConcurrency }, () => ({ model: 'worker', speed: 0 }));
export const networkInterfaces = (): object => ({});
export const userInfo = (): object => ({
  username: 'learner',
  uid: 1000,
  gid: 1000,
  homedir: homedir(),
});
export const constants = { signals: { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGKILL: 9, SIGTERM: 15 } };
