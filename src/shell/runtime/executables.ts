import type { Command } from '../command.ts';
import { joinPath, resolvePath } from '../paths.ts';
import type { ShellHost } from '../shell-host.ts';

/** Where the shell's own commands are as if they were files. */
export const commandDirectory = '/usr/bin';
const commandDirectories = ['/usr/bin', '/bin', '/usr/local/bin'];

export type CommandLoader = () => Promise<Command>;

/** A command by name: there at once, or loaded when first used. */
export type CommandTable = ReadonlyMap<string, Command | CommandLoaderEntry>;

export interface CommandLoaderEntry {
  readonly load: CommandLoader;
}

export type Executable =
  | { readonly kind: 'command'; readonly name: string; readonly path: string }
  /** A file, or a program that the host knows. */
  | { readonly kind: 'file'; readonly path: string; readonly isHostProgram: boolean };

interface SearchPlace {
  readonly cwd: string;
  readonly path: string | undefined;
}

/** Finds what a command's name means, and remembers it as bash's hash table does. */
export class Executables {
  readonly #host: ShellHost;
  readonly #commands: CommandTable;
  readonly #remembered = new Map<string, Executable>();
  #rememberedPath: string | undefined;

  constructor(host: ShellHost, commands: CommandTable) {
    this.#host = host;
    this.#commands = commands;
  }

  get commandNames(): readonly string[] {
    return [...this.#commands.keys()];
  }

  async command(name: string): Promise<Command | undefined> {
    const entry = this.#commands.get(name);
    return typeof entry === 'object' ? await entry.load() : entry;
  }

  forget(): void {
    this.#remembered.clear();
  }

  async find(name: string, place: SearchPlace): Promise<Executable | undefined> {
    if (name.includes('/')) return this.#atPath(resolvePath(place.cwd, name));
    if (this.#rememberedPath !== place.path) this.forget();
    this.#rememberedPath = place.path;
    const known = this.#remembered.get(name);
    if (known !== undefined && (await this.#isStillThere(known))) return known;
    const found = await this.#search(name, place);
    if (found !== undefined) this.#remembered.set(name, found);
    return found;
  }

  async #isStillThere(executable: Executable): Promise<boolean> {
    if (executable.kind === 'command' || executable.isHostProgram) return true;
    return (await this.#host.files.stat(executable.path))?.kind === 'file';
  }

  async #search(name: string, place: SearchPlace): Promise<Executable | undefined> {
    for (const entry of (place.path ?? '').split(':')) {
      const directory = resolvePath(place.cwd, entry);
      if (commandDirectories.includes(directory) && this.#commands.has(name)) {
        return { kind: 'command', name, path: joinPath(commandDirectory, name) };
      }
      const path = joinPath(directory, name);
      const stat = await this.#host.files.stat(path);
      if (stat?.kind === 'file' && (stat.mode & 0o111) !== 0) {
        return { kind: 'file', path, isHostProgram: false };
      }
    }
    const path = this.#host.resolveExecutable(name);
    if (path !== undefined) return { kind: 'file', path, isHostProgram: true };
    // A machine without /usr/bin in its PATH (a WebContainer) has the shell's commands all the same.
    if (!this.#commands.has(name)) return undefined;
    return { kind: 'command', name, path: joinPath(commandDirectory, name) };
  }

  async #atPath(path: string): Promise<Executable | undefined> {
    const slash = path.lastIndexOf('/');
    const name = path.slice(slash + 1);
    if (commandDirectories.includes(path.slice(0, slash)) && this.#commands.has(name)) {
      return { kind: 'command', name, path };
    }
    const stat = await this.#host.files.stat(path);
    if (stat !== undefined) return { kind: 'file', path, isHostProgram: false };
    if (this.#host.resolveExecutable(name) !== path) return undefined;
    return { kind: 'file', path, isHostProgram: true };
  }
}
