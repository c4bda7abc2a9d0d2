import { savedFileBytesMax } from '../../course/progress.ts';
import type { Sandbox } from '../../runtime/provider.ts';

export interface KeptFile {
  readonly machine: string;
  readonly path: string;
  readonly content: string;
}

/** Where learners write; logs and topics are not kept. */
const folders = ['/home/learner', '/opt/kafka_2.13-3.8.0/config'];
const settleMs = 400;

/** Sees changed text files of the machines and reports each once it has settled. */
export class FileKeeper {
  readonly #sandbox: Sandbox;
  readonly #onFile: (file: KeptFile) => void;
  readonly #unsubscribe: (() => void)[] = [];
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(sandbox: Sandbox, onFile: (file: KeptFile) => void) {
    this.#sandbox = sandbox;
    this.#onFile = onFile;
    for (const machine of sandbox.machines) {
      for (const folder of folders) {
        const stop = sandbox.files.watch(machine, folder, (path) => this.#settle(machine, path));
        this.#unsubscribe.push(stop);
      }
    }
  }

  dispose(): void {
    for (const stop of this.#unsubscribe) stop();
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #settle(machine: string, path: string): void {
    const key = `${machine}:${path}`;
    clearTimeout(this.#timers.get(key));
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      void this.#keep(machine, path);
    }, settleMs);
    this.#timers.set(key, timer);
  }

  async #keep(machine: string, path: string): Promise<void> {
    const bytes = await this.#sandbox.files.read(machine, path).catch(() => undefined);
    if (bytes === undefined || savedFileBytesMax < bytes.length || bytes.includes(0)) return;
    this.#onFile({ machine, path, content: new TextDecoder().decode(bytes) });
  }
}
