import { expect, test } from 'vitest';
import type { Signal } from '../../base/program.ts';
import { Terminal } from './terminal.ts';

const size = { columns: 80, rows: 24 };
const job = { group: 7, isGone: false };

function open() {
  const signals: [number, Signal][] = [];
  const terminal = new Terminal(size, {
    signalGroup: (group, signal) => signals.push([group, signal]),
  });
  terminal.setForeground(job.group);
  const screen = async () => text(await terminal.screen.read({ group: 0, isGone: false }));
  return { terminal, signals, screen };
}

function text(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : new TextDecoder().decode(bytes);
}

test('a line comes when Enter is pressed, edited and echoed', async () => {
  const { terminal, screen } = open();
  terminal.type('one twx\x7fo three\x17four\r');
  expect(text(await terminal.read(job))).toBe('one two four\n');
  expect(await screen()).toBe(`one twx\b \bo three${'\b \b'.repeat(5)}four\r\n`);
});

test('a wide character is erased with both its columns', async () => {
  const { terminal, screen } = open();
  terminal.type('文\x7f');
  expect(await screen()).toBe('文\b \b\b \b');
});

test('Ctrl-U empties the line, Ctrl-D sends it unfinished, and on an empty line ends the input', async () => {
  const { terminal } = open();
  terminal.type('gone\x15kept\x04\x04');
  expect(text(await terminal.read(job))).toBe('kept');
  expect(await terminal.read(job)).toBeNull();
});

test('Ctrl-C, Ctrl-Z and Ctrl-\\ are signals for the foreground group and drop the line', async () => {
  const { terminal, signals, screen } = open();
  terminal.type('half\x03');
  terminal.type('\x1a\x1c');
  expect(signals).toEqual([
    [7, 'SIGINT'],
    [7, 'SIGTSTP'],
    [7, 'SIGQUIT'],
  ]);
  expect(await screen()).toBe('half^C^Z^\\');
  terminal.type('next\r');
  expect(text(await terminal.read(job))).toBe('next\n');
});

test('raw mode passes every key on, unechoed', async () => {
  const { terminal, signals, screen } = open();
  terminal.setRaw(true);
  terminal.type('\x03\x1b[A');
  expect(text(await terminal.read(job))).toBe('\x03\x1b[A');
  expect(signals).toEqual([]);
  void terminal.write(new TextEncoder().encode('a\nb'));
  expect(await screen()).toBe('a\r\nb');
});

test('only the foreground reads, and a process that has ended takes nothing', async () => {
  const { terminal } = open();
  const ended = { group: 7, isGone: false };
  const lost = terminal.read(ended);
  const background = terminal.read({ group: 9, isGone: false });
  ended.isGone = true;
  terminal.type('first\r');
  expect(text(await terminal.read(job))).toBe('first\n');
  terminal.setForeground(9);
  terminal.type('second\r');
  expect(text(await background)).toBe('second\n');
  expect(await Promise.race([lost, Promise.resolve('pending')])).toBe('pending');
});

test('when its leader ends, readers get an end, the screen too, and the foreground a SIGHUP', async () => {
  const { terminal, signals, screen } = open();
  const waiting = terminal.read({ group: 9, isGone: false });
  terminal.hangUp();
  expect([await waiting, await screen(), signals]).toEqual([null, null, [[7, 'SIGHUP']]]);
});

test('what was typed ahead in raw mode is a line when a program takes over', async () => {
  const { terminal, screen } = open();
  terminal.setRaw(true);
  terminal.type('ahead\r');
  terminal.setRaw(false);
  expect(text(await terminal.read(job))).toBe('ahead\n');
  expect(await screen()).toBe('ahead\r\n');
});
