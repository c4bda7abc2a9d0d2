import type { FileStat } from '../../base/file-system.ts';
import type { Command, CommandContext } from '../command.ts';
import { compilePattern } from '../language/pattern.ts';
import { baseName, joinPath } from '../paths.ts';
import { attempt, pathOf, report } from './support/files.ts';
import { listFolder } from './support/tree.ts';

interface Visit {
  readonly path: string;
  readonly stat: FileStat;
  readonly depth: number;
  /** `-prune` was met: its content is not visited. */
  isPruned: boolean;
}

type Test = (visit: Visit) => boolean | Promise<boolean>;

class FindError extends Error {
  override readonly name = 'FindError';
}

export const find: Command = async (ctx) => {
  if (ctx.args.includes('--help')) {
    await ctx.stdout.write(
      `Usage: ${ctx.name} [path...] [expression]\n  -name PATTERN -iname -path -type f|d -size [+-]N[ckMG] -mtime [+-]N -mmin -newer FILE -empty -maxdepth N -mindepth N\n  -print -print0 -delete -exec CMD {} ; -exec CMD {} + -prune ! -o -a ( )\n`,
    );
    return 0;
  }
  const start = ctx.args.findIndex((arg) => /^[-(!]/.test(arg) && arg !== '-');
  const paths = ctx.args.slice(0, start === -1 ? undefined : start);
  const compiler = new ExpressionCompiler(ctx, start === -1 ? [] : ctx.args.slice(start));
  try {
    const test = await compiler.compile();
    const walker = new Walker(ctx, compiler, test);
    for (const path of paths.length === 0 ? ['.'] : paths) await walker.start(path);
    await compiler.finish();
    return walker.status || compiler.status;
  } catch (error) {
    if (error instanceof FindError) return report(ctx, error.message);
    throw error;
  }
};

class Walker {
  status = 0;
  readonly #ctx: CommandContext;
  readonly #compiler: ExpressionCompiler;
  readonly #test: Test;

  constructor(ctx: CommandContext, compiler: ExpressionCompiler, test: Test) {
    this.#ctx = ctx;
    this.#compiler = compiler;
    this.#test = test;
  }

  async start(path: string): Promise<void> {
    const stat = await this.#ctx.host.files.stat(pathOf(this.#ctx, path));
    if (stat !== undefined) return this.#visit({ path, stat, depth: 0, isPruned: false });
    this.status = await report(this.#ctx, `‘${path}’: No such file or directory`);
  }

  async #visit(visit: Visit): Promise<void> {
    await this.#ctx.task.checkpoint();
    const { depthMin, depthMax, isDepthFirst } = this.#compiler;
    const isInRange = depthMin <= visit.depth;
    if (!isDepthFirst && isInRange) await this.#test(visit);
    const goesIn = visit.stat.kind === 'directory' && visit.depth < depthMax && !visit.isPruned;
    if (goesIn) await this.#children(visit);
    if (isDepthFirst && isInRange) await this.#test(visit);
  }

  async #children({ path, depth }: Visit): Promise<void> {
    for (const { name } of await listFolder(this.#ctx, path)) {
      const child = joinPath(path, name);
      const stat = await this.#ctx.host.files.stat(pathOf(this.#ctx, child));
      if (stat !== undefined)
        await this.#visit({ path: child, stat, depth: depth + 1, isPruned: false });
    }
  }
}

/** Turns find's expression into one test, actions included. */
class ExpressionCompiler {
  depthMin = 0;
  depthMax = Number.POSITIVE_INFINITY;
  isDepthFirst = false;
  status = 0;
  readonly #ctx: CommandContext;
  readonly #words: readonly string[];
  readonly #batches: { argv: string[]; files: string[] }[] = [];
  #at = 0;
  #hasAction = false;

  constructor(ctx: CommandContext, words: readonly string[]) {
    this.#ctx = ctx;
    this.#words = words;
  }

  async compile(): Promise<Test> {
    const test = this.#words.length === 0 ? () => true : await this.#or();
    if (this.#at < this.#words.length)
      throw new FindError(`paths must precede expression: \`${this.#words[this.#at]}'`);
    if (this.#hasAction) return test;
    return async (visit) => (await test(visit)) && this.#print(visit, '\n');
  }

  /** Runs what `-exec … +` has gathered. */
  async finish(): Promise<void> {
    for (const { argv, files } of this.#batches) {
      if (files.length === 0) continue;
      const at = argv.indexOf('{}');
      const status = await this.#ctx.run(
        at === -1 ? [...argv, ...files] : argv.toSpliced(at, 1, ...files),
      );
      if (status !== 0) this.status = 1;
    }
  }

  async #print({ path }: Visit, end: string): Promise<boolean> {
    await this.#ctx.stdout.write(path + end);
    return true;
  }

  #take(...words: string[]): boolean {
    if (!words.includes(this.#words[this.#at] ?? '')) return false;
    this.#at++;
    return true;
  }

  async #or(): Promise<Test> {
    let left = await this.#and();
    while (this.#take('-o', '-or')) {
      const [first, second] = [left, await this.#and()];
      left = async (visit) => (await first(visit)) || second(visit);
    }
    return left;
  }

  async #and(): Promise<Test> {
    let left = await this.#not();
    while (
      this.#at < this.#words.length &&
      !['-o', '-or', ')'].includes(this.#words[this.#at] ?? '')
    ) {
      this.#take('-a', '-and');
      const [first, second] = [left, await this.#not()];
      left = async (visit) => (await first(visit)) && second(visit);
    }
    return left;
  }

  async #not(): Promise<Test> {
    if (this.#take('!', '-not')) {
      const inner = await this.#not();
      return async (visit) => !(await inner(visit));
    }
    if (this.#take('(')) {
      const inner = await this.#or();
      if (!this.#take(')'))
        throw new FindError("invalid expression; you have used a '(' without a ')'");
      return inner;
    }
    return this.#primary();
  }

  #value(name: string): string {
    const value = this.#words[this.#at++];
    if (value === undefined) throw new FindError(`missing argument to \`${name}'`);
    return value;
  }

  #primary(): Test | Promise<Test> {
    const name = this.#words[this.#at++] ?? '';
    switch (name) {
      case '-print':
        this.#hasAction = true;
        return (visit) => this.#print(visit, '\n');
      case '-print0':
        this.#hasAction = true;
        return (visit) => this.#print(visit, '\0');
      case '-prune':
        return (visit) => {
          visit.isPruned = true;
          return true;
        };
      case '-delete':
        this.#hasAction = true;
        this.isDepthFirst = true;
        return (visit) => this.#delete(visit);
      case '-exec':
        return this.#exec();
      case '-empty':
        return (visit) => this.#isEmpty(visit);
      case '-true':
        return () => true;
      case '-depth':
        this.isDepthFirst = true;
        return () => true;
      default:
        return this.#withValue(name);
    }
  }

  #withValue(name: string): Test | Promise<Test> {
    if (
      !/^-(i?name|i?path|wholename|regex|type|size|m(time|min)|newer|(max|min)depth|perm|user)$/.test(
        name,
      )
    ) {
      throw new FindError(`unknown predicate \`${name}'`);
    }
    const value = this.#value(name);
    const nowMs = this.#ctx.host.clock.nowMs();
    switch (name) {
      case '-name':
      case '-iname': {
        const matcher = compilePattern(value, { ignoresCase: name === '-iname' });
        return ({ path }) => matcher.test(baseName(path));
      }
      case '-type':
        return ({ stat }) =>
          value === 'f' ? stat.kind === 'file' : value === 'd' && stat.kind === 'directory';
      case '-size':
        return sizeTest(value);
      case '-mtime':
      case '-mmin': {
        const unitMs = name === '-mmin' ? 60_000 : 86_400_000;
        return numberTest(value, ({ stat }) => Math.floor((nowMs - stat.modifiedAtMs) / unitMs));
      }
      case '-newer':
        return this.#newer(value);
      case '-maxdepth':
        this.depthMax = Number(value);
        return () => true;
      case '-mindepth':
        this.depthMin = Number(value);
        return () => true;
      case '-perm':
        return ({ stat }) => (stat.mode & 0o777) === Number.parseInt(value.replace(/^[-/]/, ''), 8);
      case '-user':
        return () => value === this.#ctx.host.user;
      case '-regex':
        return ({ path }) => new RegExp(`^(?:${value})$`).test(path);
      default: {
        const matcher = compilePattern(value, { ignoresCase: name === '-ipath' });
        return ({ path }) => matcher.test(path);
      }
    }
  }

  async #newer(file: string): Promise<Test> {
    const stat = await this.#ctx.host.files.stat(pathOf(this.#ctx, file));
    if (stat === undefined) throw new FindError(`‘${file}’: No such file or directory`);
    return (visit) => stat.modifiedAtMs < visit.stat.modifiedAtMs;
  }

  async #isEmpty({ path, stat }: Visit): Promise<boolean> {
    if (stat.kind === 'file') return stat.sizeBytes === 0;
    return (await listFolder(this.#ctx, path)).length === 0;
  }

  async #delete({ path, stat }: Visit): Promise<boolean> {
    if (path === '.') return true;
    const isFull = stat.kind === 'directory' && 0 < (await listFolder(this.#ctx, path)).length;
    const failure = (message: string) => `cannot delete ‘${path}’: ${message}`;
    if (isFull) {
      this.status = await report(this.#ctx, failure('Directory not empty'));
      return false;
    }
    return attempt(this.#ctx, () => this.#ctx.host.files.remove(pathOf(this.#ctx, path)), failure);
  }

  #exec(): Test {
    this.#hasAction = true;
    const end = this.#words.findIndex(
      (word, index) =>
        this.#at <= index && (word === ';' || (word === '+' && this.#words[index - 1] === '{}')),
    );
    if (end === -1) throw new FindError("missing argument to `-exec'");
    const argv = this.#words.slice(this.#at, end);
    this.#at = end + 1;
    if (this.#words[end] === '+') {
      const batch: { argv: string[]; files: string[] } = { argv, files: [] };
      this.#batches.push(batch);
      return ({ path }) => {
        batch.files.push(path);
        return true;
      };
    }
    return async ({ path }) =>
      (await this.#ctx.run(argv.map((word) => word.replaceAll('{}', path)))) === 0;
  }
}

function numberTest(text: string, measure: (visit: Visit) => number): Test {
  const value = Number(text.replace(/^[-+]/, ''));
  if (Number.isNaN(value)) throw new FindError(`invalid argument \`${text}'`);
  if (text.startsWith('+')) return (visit) => value < measure(visit);
  if (text.startsWith('-')) return (visit) => measure(visit) < value;
  return (visit) => measure(visit) === value;
}

function sizeTest(text: string): Test {
  const match = /^([-+]?\d+)([ckMGbw]?)$/.exec(text);
  if (match === null) throw new FindError(`Invalid argument \`${text}' to -size`);
  const units: Readonly<Record<string, number>> = {
    c: 1,
    w: 2,
    b: 512,
    '': 512,
    k: 1024,
    M: 1_048_576,
    G: 1_073_741_824,
  };
  const unit = units[match[2] ?? ''] ?? 512;
  const isSized = ({ stat }: Visit) =>
    Math.ceil((stat.kind === 'file' ? stat.sizeBytes : 4096) / unit);
  return numberTest(match[1] ?? '0', isSized);
}
