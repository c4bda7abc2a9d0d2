/** A file in the origin's private file system that is open for synchronous use (a dedicated worker only). */
interface OpfsFile {
  read(target: Uint8Array, position: number): void;
  write(bytes: Uint8Array, position: number): void;
  truncate(sizeBytes: number): void;
  flush(): void;
}

const folderName = 'brokerlab-disks';
const readyFiles = 24;
const probeWrites = 3;
const probeBytes = 65_536;
/** A real disk takes the probe in 0.04 ms, a private window's in more than 1. */
const slowWriteMs = 0.4;
const maximumFiles = 512;

/**
 * Files of the origin private file system, opened ahead of need: opening takes 2 ms and a promise,
 * using them takes neither. Each session has a folder of its own, held by a lock; folders of sessions
 * that are gone are removed.
 */
export class OpfsDiskPool {
  readonly #folder: FileSystemDirectoryHandle;
  readonly #ready: OpfsFile[] = [];
  #openedFiles = 0;
  #isFilling = false;
  /** In a private window the files lie in the memory of the browser's main process: a write is a call to it, and saves no memory. */
  isMemory = false;

  private constructor(folder: FileSystemDirectoryHandle) {
    this.#folder = folder;
  }

  /** Undefined where the browser has no such file system (an insecure context, a private window). */
  static async open(): Promise<OpfsDiskPool | undefined> {
    try {
      const storage = navigator.storage;
      if (storage?.getDirectory === undefined || navigator.locks === undefined) return undefined;
      const root = await storage.getDirectory();
      const all = await root.getDirectoryHandle(folderName, { create: true });
      const session = crypto.randomUUID();
      await holdLock(session);
      const pool = new OpfsDiskPool(await all.getDirectoryHandle(session, { create: true }));
      await pool.#fill(1);
      pool.isMemory = pool.#probe();
      removeLeftovers(all, session).catch(() => {});
      pool.#fill(readyFiles).catch(() => {});
      return pool;
    } catch {
      return undefined;
    }
  }

  /** Whether even the fastest of a few writes is slow. */
  #probe(): boolean {
    const [file] = this.#ready;
    const bytes = new Uint8Array(probeBytes);
    let fastestMs = Number.POSITIVE_INFINITY;
    for (let round = 0; round < probeWrites; round += 1) {
      const startedAt = performance.now();
      file?.write(bytes, 0);
      fastestMs = Math.min(fastestMs, performance.now() - startedAt);
    }
    file?.truncate(0);
    return slowWriteMs < fastestMs;
  }

  take(): OpfsFile | undefined {
    const file = this.#ready.shift();
    this.#fill(readyFiles).catch(() => {});
    return file;
  }

  giveBack(file: OpfsFile): void {
    file.truncate(0);
    this.#ready.push(file);
  }

  async #fill(wanted: number): Promise<void> {
    if (this.#isFilling) return;
    this.#isFilling = true;
    try {
      while (this.#ready.length < wanted && this.#openedFiles < maximumFiles) {
        this.#openedFiles += 1;
        this.#ready.push(await this.#open(`disk-${this.#openedFiles}`));
      }
    } finally {
      this.#isFilling = false;
    }
  }

  async #open(name: string): Promise<OpfsFile> {
    const entry = await this.#folder.getFileHandle(name, { create: true });
    const handle = await entry.createSyncAccessHandle();
    return {
      read: (target, position) => {
        handle.read(target as Uint8Array<ArrayBuffer>, { at: position });
      },
      write: (bytes, position) => {
        const written = handle.write(bytes as Uint8Array<ArrayBuffer>, { at: position });
        if (written < bytes.length) throw new Error('short write');
      },
      truncate: (sizeBytes) => handle.truncate(sizeBytes),
      flush: () => handle.flush(),
    };
  }
}

/** Resolves when the lock is held; it is until the worker ends. */
function holdLock(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(`${folderName}/${name}`, () => {
        resolve();
        return new Promise<never>(() => {});
      })
      .catch(reject);
  });
}

async function removeLeftovers(all: FileSystemDirectoryHandle, session: string): Promise<void> {
  for await (const name of all.keys()) {
    if (name === session) continue;
    await navigator.locks.request(`${folderName}/${name}`, { ifAvailable: true }, async (lock) => {
      if (lock) await all.removeEntry(name, { recursive: true });
    });
  }
}
