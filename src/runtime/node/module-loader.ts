import { transform } from 'sucrase';
import { directoryOf, resolvePath } from '../kernel/virtual-files.ts';
import { builtinModules } from './builtin-modules.ts';
import { loadKafkajs } from './kafkajs-loader.js';
import type { MirrorFiles } from './mirror-files.ts';

interface LoadedModule {
  exports: unknown;
  readonly filename: string;
  readonly id: string;
  loaded: boolean;
}
// biome-ignore lint/complexity/useMaxParams: Node's own module wrapper
type Compiled = (
  exports: unknown,
  require: (name: string) => unknown,
  module: LoadedModule,
  filename: string,
  directory: string,
  meta: object,
) => unknown;

/** Packages that come with the lab; loaded before a program that names them starts. */
const packages: ReadonlyMap<string, () => Promise<{ readonly default: unknown }>> = new Map([
  ['kafkajs', loadKafkajs],
]);
const extensions = ['', '.ts', '.js', '.mjs', '.cjs', '.mts', '.cts', '.json'];

/**
 * Node's modules over the machine's files: TypeScript and `import` become CommonJS (sucrase), each file a
 * function on its own lines, so that a stack names the learner's file and line. The entry may await at top level.
 */
export class ModuleLoader {
  readonly #files: MirrorFiles;
  readonly #modules = new Map<string, LoadedModule>();
  readonly #packages = new Map<string, unknown>();

  constructor(files: MirrorFiles) {
    this.#files = files;
  }

  /** Runs the program's first file. */
  async runEntry(path: string): Promise<void> {
    const filename = this.#findFile(path);
    if (filename === undefined) throw notFound(path, undefined);
    await this.#loadPackages(filename, new Set());
    await this.#run(filename, true);
  }

  /** Runs a program given as text (`node -e`). */
  async runText(text: string, directory: string): Promise<void> {
    const filename = `${directory}/[eval]`;
    await this.#loadPackagesIn(text);
    const module: LoadedModule = { exports: {}, filename, id: filename, loaded: false };
    await this.#call(compile(text, filename, true), module);
  }

  /** Packages cannot be loaded inside `require`; so the files that a program can reach are read first. */
  async #loadPackages(filename: string, seen: Set<string>): Promise<void> {
    if (seen.has(filename) || filename.endsWith('.json')) return;
    seen.add(filename);
    const text = decoder.decode(this.#files.read(filename));
    await this.#loadPackagesIn(text);
    for (const [, , name = ''] of text.matchAll(/(['"])(\.{1,2}\/[^'"\n]+|\/[^'"\n]+)\1/g)) {
      const found = this.#findFile(resolvePath(directoryOf(filename), name));
      if (found !== undefined) await this.#loadPackages(found, seen);
    }
  }

  async #loadPackagesIn(text: string): Promise<void> {
    for (const [name, load] of packages) {
      if (this.#packages.has(name) || !new RegExp(`['"]${name}['"]`).test(text)) continue;
      this.#packages.set(name, (await load()).default);
    }
  }

  #run(filename: string, isEntry: boolean): unknown {
    const known = this.#modules.get(filename);
    if (known) return known.exports;
    const module: LoadedModule = { exports: {}, filename, id: filename, loaded: false };
    this.#modules.set(filename, module);
    const text = decoder.decode(this.#files.read(filename));
    if (filename.endsWith('.json')) {
      module.exports = JSON.parse(text);
      return module.exports;
    }
    const result = this.#call(compile(text, filename, isEntry), module);
    module.loaded = true;
    return isEntry ? result : module.exports;
  }

  #call(code: Compiled, module: LoadedModule): unknown {
    const { filename } = module;
    const directory = directoryOf(filename);
    const require = Object.assign((name: string) => this.#require(String(name), filename), {
      main: module,
      cache: {},
      resolve: (name: string) => this.#resolve(name, filename),
    });
    const meta = { url: `file://${filename}`, filename, dirname: directory };
    return code.call(module.exports, module.exports, require, module, filename, directory, meta);
  }

  #require(name: string, from: string): unknown {
    const builtin = builtinModules.get(name.replace(/^node:/, ''));
    if (builtin) return builtin();
    if (this.#packages.has(name)) return this.#packages.get(name);
    return this.#run(this.#resolve(name, from), false);
  }

  /** Throws as Node does when there is no such module. */
  #resolve(name: string, from: string): string {
    if (/^\.{0,2}\//.test(name) || name === '.' || name === '..') {
      const found = this.#findFile(resolvePath(directoryOf(from), name));
      if (found !== undefined) return found;
      throw notFound(name, from);
    }
    for (let folder = directoryOf(from); ; folder = directoryOf(folder)) {
      const found = this.#findPackage(`${folder === '/' ? '' : folder}/node_modules/${name}`);
      if (found !== undefined) return found;
      if (folder === '/') throw notFound(name, from);
    }
  }

  #findFile(path: string): string | undefined {
    for (const extension of extensions) {
      const entry = this.#files.get(path + extension);
      if (entry && !entry.isDirectory) return path + extension;
    }
    // TypeScript's way: an import of `./x.js` may mean `./x.ts`.
    const source = path.replace(/\.([cm]?)js$/, '.$1ts');
    if (source !== path && this.#files.get(source)) return source;
    return this.#files.get(path)?.isDirectory ? this.#findPackage(path) : undefined;
  }

  #findPackage(path: string): string | undefined {
    if (this.#files.get(path)?.isDirectory === true) {
      const description = this.#files.get(`${path}/package.json`)?.bytes;
      const { main = 'index' } = description
        ? (JSON.parse(decoder.decode(description)) as { main?: string })
        : {};
      return this.#findFile(resolvePath(path, main));
    }
    return path.includes('/node_modules/') ? this.#findFile(path) : undefined;
  }
}

const decoder = new TextDecoder();

function compile(text: string, filename: string, isEntry: boolean): Compiled {
  const isTypeScript = !/\.[cm]?js$/.test(filename);
  const source = text.replace(/^#!.*/, '').replaceAll('import.meta', '__meta');
  let code: string;
  try {
    code = transform(source, {
      transforms: isTypeScript ? ['typescript', 'imports'] : ['imports'],
      disableESTransforms: true,
      keepUnusedImports: !isTypeScript,
      filePath: filename,
    }).code;
  } catch (error) {
    throw syntaxError(error as Error, filename);
  }
  const head = `(${isEntry ? 'async ' : ''}function(exports,require,module,__filename,__dirname,__meta){`;
  // Indirect eval: a scope of its own, and the learner's own line numbers.
  // biome-ignore lint/security/noGlobalEval: running the learner's program is what this worker is for
  const evaluate = globalThis.eval;
  return evaluate(`${head}${code}\n})\n//# sourceURL=${filename}`) as Compiled;
}

function syntaxError(error: Error, filename: string): Error {
  const [, line = '', column = ''] = /\((\d+):(\d+)\)/.exec(error.message) ?? [];
  const message = error.message
    .replace(/^Error transforming [^:]*: /, '')
    .replace(/ \(\d+:\d+\)$/, '');
  const result = new SyntaxError(message);
  result.stack = `${filename}:${line}:${column}\n\nSyntaxError: ${message}`;
  return result;
}

function notFound(name: string, from: string | undefined): Error {
  const stack = from === undefined ? '' : `\nRequire stack:\n- ${from}`;
  const error = new Error(`Cannot find module '${name}'${stack}`);
  return Object.assign(error, {
    code: 'MODULE_NOT_FOUND',
    requireStack: from === undefined ? [] : [from],
  });
}
