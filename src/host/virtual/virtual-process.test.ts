import { describe, expect, test } from 'vitest';
import { readFile } from '../../base/file-system.ts';
import { sleep } from '../../base/scheduler.ts';
import { MemoryFileSystem } from './memory-file-system.ts';
import { SeededRandom } from './seeded-random.ts';
import { VirtualClock } from './virtual-clock.ts';
import { VirtualNetwork } from './virtual-network.ts';
import { VirtualProcess } from './virtual-process.ts';
import { VirtualScheduler } from './virtual-scheduler.ts';

function newMachine() {
  const clock = new VirtualClock();
  const scheduler = new VirtualScheduler(clock);
  const files = new MemoryFileSystem({ clock, canCrash: true });
  const net = new VirtualNetwork(scheduler);
  const network = net.host('worker1');
  const client = net.host('client');
  return { clock, scheduler, files, network, client };
}

describe('a virtual process', () => {
  test('hears no timer any more once it is killed', async () => {
    const machine = newMachine();
    const process = new VirtualProcess(machine);
    let ticks = 0;
    process.scheduler.after(10, () => ticks++);
    process.scheduler.after(30, () => ticks++);
    await machine.scheduler.advance(20);
    process.kill();
    await machine.scheduler.advance(100);
    expect(ticks).toBe(1);
  });

  test('leaves its files as they are when it is killed between two writes', async () => {
    const machine = newMachine();
    const process = new VirtualProcess(machine);
    const write = async () => {
      const file = process.files.create('/a');
      file.write(0, [Uint8Array.of(1)]);
      await sleep(process.scheduler, 10);
      file.write(1, [Uint8Array.of(2)]);
    };
    write().catch(() => undefined);
    await machine.scheduler.advance(5);
    process.kill();
    await machine.scheduler.advance(100);
    expect(await readFile(machine.files, '/a')).toEqual(Uint8Array.of(1));
    expect(() => process.files.create('/b')).toThrow('the process is dead');
  });

  test('stands still in a pause and then hears of everything in order', async () => {
    const machine = newMachine();
    const process = new VirtualProcess(machine);
    const heard: string[] = [];
    process.scheduler.after(10, () => heard.push('timer'));
    await process.network.listen({ host: '', port: 9092 }, (connection) => {
      heard.push('connection');
      connection.start({ onData: () => heard.push('data'), onClose: () => heard.push('close') });
    });
    process.pause();
    const connecting = machine.client.connect({ host: 'worker1', port: 9092 });
    const connection = await machine.scheduler.runUntil(connecting);
    connection.start({ onData: () => undefined, onClose: () => undefined });
    connection.write([Uint8Array.of(1)]);
    await machine.scheduler.advance(100);
    expect(heard).toEqual([]);
    process.resume();
    await machine.scheduler.settle();
    expect(heard.sort()).toEqual(['connection', 'data', 'timer']);
  });
});

describe('a disk that loses power', () => {
  const bytes = (file: Uint8Array) => [...file];

  test('keeps what was written when a flush began, not what was written while it ran', async () => {
    const { clock, scheduler } = newMachine();
    const flushTime = () => sleep(scheduler, 20);
    const files = new MemoryFileSystem({ clock, canCrash: true, flushTime });
    const file = files.create('/a');
    file.write(0, [Uint8Array.of(1, 2)]);
    const flushing = Promise.all([file.flush(), files.flushDirectory('/')]);
    file.write(2, [Uint8Array.of(3)]);
    await scheduler.runUntil(flushing);
    files.crash();
    expect(bytes(await readFile(files, '/a'))).toEqual([1, 2]);
  });

  test('loses what a flush had not finished', async () => {
    const { clock, scheduler } = newMachine();
    const flushTime = () => sleep(scheduler, 20);
    const files = new MemoryFileSystem({ clock, canCrash: true, flushTime });
    const file = files.create('/a');
    const named = files.flushDirectory('/');
    await scheduler.runUntil(named);
    file.write(0, [Uint8Array.of(1, 2)]);
    file.flush().catch(() => undefined);
    await scheduler.advance(10);
    files.crash();
    expect(bytes(await readFile(files, '/a'))).toEqual([]);
  });

  test('with luck keeps a part, and always what was flushed', async () => {
    const survivors = new Set<number>();
    for (let seed = 0; seed < 40; seed++) {
      const { clock } = newMachine();
      const files = new MemoryFileSystem({ clock, canCrash: true });
      const file = files.create('/a');
      file.write(0, [Uint8Array.of(1, 2)]);
      await file.flush();
      await files.flushDirectory('/');
      file.write(2, [Uint8Array.of(3, 4, 5)]);
      files.crash({ luck: new SeededRandom(seed) });
      survivors.add((await readFile(files, '/a')).length);
    }
    expect([...survivors].sort()).toEqual([2, 3, 4, 5]);
  });
});
