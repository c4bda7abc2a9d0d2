import {
  type BootOptions,
  type FileContent,
  type Sandbox,
  type SandboxProvider,
  SandboxUnavailableError,
} from '../provider.ts';
import type { Container } from './container-api.ts';
import { filesOfMachine, toFileTree, WebContainerSandbox } from './web-container-sandbox.ts';

export interface WebContainerOptions {
  /** Loads the client library and boots a container; may hang for ever. */
  readonly bootContainer: () => Promise<Container>;
  /** Resolves when StackBlitz's host answers; rejects or hangs when it does not. */
  readonly probe: (signal: AbortSignal) => Promise<unknown>;
  /** Why this page cannot have a container; undefined when it may. */
  readonly obstacle: () => string | undefined;
  /** What every fresh machine has: a Kafka home with `libs/`. */
  readonly systemFiles: () => Promise<Readonly<Record<string, FileContent>>>;
  readonly probeTimeoutMs?: number;
  readonly bootTimeoutMs?: number;
}

const defaultProbeTimeoutMs = 5_000;
const defaultBootTimeoutMs = 30_000;

/** StackBlitz's Node in the tab: real Node and npm, from the network, one machine. */
export class WebContainerProvider implements SandboxProvider {
  readonly kind = 'webcontainer';
  readonly #options: WebContainerOptions;

  constructor(options: WebContainerOptions) {
    this.#options = options;
  }

  async boot(options: BootOptions): Promise<Sandbox> {
    const obstacle = this.#options.obstacle();
    if (obstacle !== undefined) throw new SandboxUnavailableError(obstacle);
    options.onProgress?.('Looking for stackblitz.com');
    await this.#probe();
    options.onProgress?.('Starting a WebContainer');
    const container = await this.#bootContainer(options.signal);
    try {
      options.onProgress?.('Copying files');
      const files = { ...(await this.#options.systemFiles()), ...filesOfMachine(options) };
      await container.mount(toFileTree(files));
      for (const folder of emptyFolders) await container.fs.mkdir(folder, { recursive: true });
      options.onProgress?.('Ready');
      return new WebContainerSandbox(container, options.machines, files);
    } catch (error) {
      container.teardown();
      throw error;
    }
  }

  async #probe(): Promise<void> {
    const abort = new AbortController();
    try {
      const limit = this.#options.probeTimeoutMs ?? defaultProbeTimeoutMs;
      await withDeadline(this.#options.probe(abort.signal), limit);
    } catch (cause) {
      const text = 'WebContainer comes from stackblitz.com, which cannot be reached from here.';
      throw unavailable(text, cause);
    } finally {
      abort.abort();
    }
  }

  async #bootContainer(signal: AbortSignal | undefined): Promise<Container> {
    const limit = this.#options.bootTimeoutMs ?? defaultBootTimeoutMs;
    const booting = this.#options.bootContainer();
    try {
      return await withDeadline(booting, limit, signal);
    } catch (cause) {
      // One that comes too late must not stay: a page can have one only.
      void booting.then(
        (late) => late.teardown(),
        () => {},
      );
      const isLate = cause instanceof DeadlineError;
      const reason = isLate ? `did not start within ${limit / 1_000} s` : (cause as Error).message;
      throw unavailable(`WebContainer: ${reason}`, cause);
    }
  }
}

const emptyFolders = ['tmp', 'home/learner', '.lab/processes', 'etc', 'usr/local/bin'];

class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

function unavailable(text: string, cause: unknown): SandboxUnavailableError {
  return new SandboxUnavailableError(text, { cause });
}

function withDeadline<T>(promise: Promise<T>, limitMs: number, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new DeadlineError('too late')), limitMs);
    signal?.addEventListener('abort', () => reject(new Error('cancelled')));
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
