import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import { FileError, type FileSystem, type RandomAccessFile } from '../../base/file-system.ts';
import type { Connection, ConnectionHandler, Listener, Network } from '../../base/network.ts';
import type { Scheduler } from '../../base/scheduler.ts';

/** What the machine offers to all its processes. */
export interface MachinePorts {
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  readonly files: FileSystem;
  readonly network: Network;
}

/**
 * One life of one program on a virtual machine. Everything that reaches the program comes through its
 * ports, so that it can be stopped dead in any state (`kill`: no timer, no answer, no packet ever comes
 * again) or stand still for a while (`pause`: all of that waits, in order, until `resume`).
 */
export class VirtualProcess implements MachinePorts {
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  readonly files: FileSystem;
  readonly network: Network;
  readonly #scheduler: Scheduler;
  readonly #waiting: (() => void)[] = [];
  #life: 'running' | 'paused' | 'dead' = 'running';

  constructor(machine: MachinePorts) {
    const { scheduler, clock, files, network } = machine;
    this.clock = clock;
    this.#scheduler = scheduler;
    this.scheduler = {
      after: (delayMs, task) => scheduler.after(delayMs, () => this.run(task)),
      soon: (task) => {
        scheduler.soon(() => this.run(task));
      },
    };
    this.files = this.#gateFiles(files);
    this.network = this.#gateNetwork(network);
  }

  get isAlive(): boolean {
    return this.#life !== 'dead';
  }

  /** Whether something that comes now would have to wait: until `resume`, or until all before it has been heard. */
  get isPaused(): boolean {
    return this.#life === 'paused' || 0 < this.#waiting.length;
  }

  kill(): void {
    this.#life = 'dead';
    this.#waiting.length = 0;
  }

  pause(): void {
    if (this.#life === 'running') this.#life = 'paused';
  }

  /** What came in the meantime comes now, in its order. */
  resume(): void {
    if (this.#life !== 'paused') return;
    this.#life = 'running';
    this.#catchUp();
  }

  /** One thing a turn, so that what a turn resolves has its effect before the next one. */
  #catchUp(): void {
    if (this.#life !== 'running') return;
    this.#waiting.shift()?.();
    if (0 < this.#waiting.length) this.#scheduler.soon(() => this.#catchUp());
  }

  /** Runs something from outside (a message, a timer) in the process: now, after the pause, or never. */
  run(task: () => void): void {
    if (this.#life === 'running' && this.#waiting.length === 0) task();
    else if (this.#life !== 'dead') this.#waiting.push(task);
  }

  /** A result from the machine: it comes when the process runs, or never. */
  enter<T>(result: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      result.then(
        (value) => this.run(() => resolve(value)),
        (error: unknown) => this.run(() => reject(error)),
      );
    });
  }

  #requireAlive(path: string): void {
    if (this.#life === 'dead') throw new FileError('EIO', path, 'the process is dead');
  }

  #gateFiles(files: FileSystem): FileSystem {
    const enter = <T>(work: () => Promise<T>): Promise<T> => {
      if (this.#life === 'dead') return new Promise<T>(() => undefined);
      return this.enter(work());
    };
    return {
      open: async (path) => this.#gateFile(await enter(() => files.open(path))),
      create: (path) => {
        this.#requireAlive(path);
        return this.#gateFile(files.create(path));
      },
      stat: async (path) => enter(() => files.stat(path)),
      list: async (path) => enter(() => files.list(path)),
      makeDirectory: async (path) => enter(() => files.makeDirectory(path)),
      rename: async (from, to) => enter(() => files.rename(from, to)),
      remove: async (path) => enter(() => files.remove(path)),
      flushDirectory: async (path) => enter(() => files.flushDirectory(path)),
    };
  }

  #gateFile(file: RandomAccessFile): RandomAccessFile {
    const { path } = file;
    const requireAlive = () => this.#requireAlive(path);
    return {
      path,
      get sizeBytes() {
        return file.sizeBytes;
      },
      read: (position, length) => this.enter(file.read(position, length)),
      write: (position, chunks) => {
        requireAlive();
        file.write(position, chunks);
      },
      truncate: (sizeBytes) => {
        requireAlive();
        file.truncate(sizeBytes);
      },
      flush: () => this.enter(file.flush()),
      close: () => this.enter(file.close()),
    };
  }

  #gateNetwork(network: Network): Network {
    return {
      listen: (address, onConnection): Promise<Listener> =>
        this.enter(
          network.listen(address, (connection) => {
            const gated = this.#gateConnection(connection);
            this.run(() => onConnection(gated));
          }),
        ),
      connect: (address, options) =>
        this.enter(
          network.connect(address, options).then((connection) => this.#gateConnection(connection)),
        ),
    };
  }

  /** Takes the connection over at once, as the operating system does, and tells the program when it runs. */
  #gateConnection(connection: Connection): Connection {
    let handler: ConnectionHandler | undefined;
    const tell = (event: (handler: ConnectionHandler) => void): void => {
      this.run(() => {
        assert(
          handler !== undefined,
          'a connection is started in the turn in which it is handed over',
        );
        event(handler);
      });
    };
    connection.start({
      onData: (chunk) => tell((to) => to.onData(chunk)),
      onDrain: () => tell((to) => to.onDrain?.()),
      onEnd: () => tell((to) => to.onEnd?.()),
      onClose: (error) => tell((to) => to.onClose(error)),
    });
    const ifAlive = (act: () => void) => {
      if (this.isAlive) act();
    };
    return {
      local: connection.local,
      remote: connection.remote,
      start: (given) => {
        handler = given;
      },
      write: (chunks) => !this.isAlive || connection.write(chunks),
      get bufferedBytes() {
        return connection.bufferedBytes;
      },
      pause: () => connection.pause(),
      resume: () => connection.resume(),
      end: () => ifAlive(() => connection.end()),
      dispose: () => ifAlive(() => connection.dispose()),
    };
  }
}
