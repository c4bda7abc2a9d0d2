import type { Signal } from '../../base/program.ts';

const numbers: Readonly<Record<Signal, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGKILL: 9,
  SIGTERM: 15,
  SIGCONT: 18,
  SIGTSTP: 20,
};

/** Status of a process whose output nobody reads: 128 + SIGPIPE. */
export const brokenPipeStatus = 141;

export function statusOfSignal(signal: Signal): number {
  return 128 + numbers[signal];
}

export function signalNumber(signal: Signal): number {
  return numbers[signal];
}

export const signalNames: readonly Signal[] = [
  'SIGHUP',
  'SIGINT',
  'SIGQUIT',
  'SIGKILL',
  'SIGTERM',
  'SIGCONT',
  'SIGTSTP',
];

/** `9`, `KILL`, `SIGKILL`; SIGSTOP is SIGTSTP here (Simplified: a program could catch the latter). */
export function parseSignal(text: string): Signal | undefined {
  const name = text.toUpperCase().replace(/^SIG/, '');
  if (name === 'STOP' || text === '19') return 'SIGTSTP';
  return signalNames.find(
    (signal) => signal === `SIG${name}` || (/^\d+$/.test(text) && numbers[signal] === Number(text)),
  );
}
