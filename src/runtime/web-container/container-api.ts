/** What we use of `@webcontainer/api`; the stand-in of the tests offers exactly this. */
export interface Container {
  readonly workdir: string;
  readonly fs: ContainerFiles;
  mount(tree: FileTree): Promise<void>;
  spawn(
    command: string,
    args: string[],
    options?: ContainerSpawnOptions,
  ): Promise<ContainerProcess>;
  teardown(): void;
}

export interface FileTree {
  [name: string]: { directory: FileTree } | { file: { contents: string | Uint8Array } };
}

export interface ContainerFiles {
  readdir(path: string, options: { withFileTypes: true }): Promise<ContainerEntry[]>;
  readFile(path: string): Promise<Uint8Array>;
  writeFile(path: string, data: string | Uint8Array): Promise<void>;
  mkdir(path: string, options: { recursive: true }): Promise<string | undefined>;
  rm(path: string, options?: { force?: boolean; recursive?: boolean }): Promise<void>;
  watch(
    path: string,
    options: { recursive: boolean },
    listener: (event: 'rename' | 'change', name: string | Uint8Array) => void,
  ): { close(): void };
}

export interface ContainerEntry {
  readonly name: string;
  isDirectory(): boolean;
}

export interface ContainerSpawnOptions {
  cwd?: string;
  env?: Record<string, string>;
  terminal?: { cols: number; rows: number };
}

/** Output and errors come merged, `kill` takes no signal, there is no pid. */
export interface ContainerProcess {
  readonly exit: Promise<number>;
  readonly input: WritableStream<string>;
  readonly output: ReadableStream<string>;
  kill(): void;
  resize(size: { cols: number; rows: number }): void;
}
