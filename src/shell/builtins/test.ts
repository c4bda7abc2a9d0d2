import type { Environment } from '../runtime/environment.ts';
import {
  compareBinary,
  isBinaryOperator,
  isUnaryOperator,
  TestError,
  testUnary,
} from '../runtime/file-tests.ts';
import { type Builtin, type BuiltinCall, fail } from './builtin.ts';

export const test: Builtin = (call) => runTest(call, call.args);

export const bracket: Builtin = (call) => {
  if (call.args.at(-1) !== ']') return fail(call, "missing `]'", 2);
  return runTest(call, call.args.slice(0, -1));
};

async function runTest(call: BuiltinCall, words: readonly string[]): Promise<number> {
  try {
    return (await new TestReader(call.env, words).evaluate()) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TestError)) throw error;
    return fail(call, error.message, 2);
  }
}

class TestReader {
  readonly #env: Environment;
  readonly #words: readonly string[];
  #at = 0;

  constructor(env: Environment, words: readonly string[]) {
    this.#env = env;
    this.#words = words;
  }

  async evaluate(): Promise<boolean> {
    const [first = '', second = ''] = this.#words;
    // POSIX: the number of words decides what they mean.
    if (this.#words.length === 0) return false;
    if (this.#words.length === 1) return first !== '';
    if (this.#words.length === 2) return this.#evaluateTwo(first, second);
    const value = await this.#or();
    if (this.#at < this.#words.length) {
      throw new TestError(
        this.#words.length === 3 ? `${second}: binary operator expected` : 'too many arguments',
      );
    }
    return value;
  }

  async #evaluateTwo(first: string, second: string): Promise<boolean> {
    if (first === '!') return second === '';
    if (!isUnaryOperator(first)) throw new TestError(`${first}: unary operator expected`);
    return await testUnary(this.#env, first, second);
  }

  async #or(): Promise<boolean> {
    let value = await this.#and();
    while (this.#take('-o')) value = (await this.#and()) || value;
    return value;
  }

  async #and(): Promise<boolean> {
    let value = await this.#not();
    while (this.#take('-a')) value = (await this.#not()) && value;
    return value;
  }

  async #not(): Promise<boolean> {
    const isBinary = isBinaryOperator(this.#words[this.#at + 1] ?? '');
    if (!isBinary && this.#take('!')) return !(await this.#not());
    return this.#primary();
  }

  async #primary(): Promise<boolean> {
    const word = this.#words[this.#at];
    if (word === undefined) throw new TestError('argument expected');
    const operator = this.#words[this.#at + 1] ?? '';
    const right = this.#words[this.#at + 2];
    if (isBinaryOperator(operator) && right !== undefined) {
      this.#at += 3;
      return compareBinary(this.#env, operator, word, right);
    }
    if (this.#take('(')) {
      const value = await this.#or();
      if (!this.#take(')')) throw new TestError("`)' expected");
      return value;
    }
    this.#at++;
    if (!isUnaryOperator(word) || this.#at === this.#words.length) return word !== '';
    const operand = this.#words[this.#at++] ?? '';
    return testUnary(this.#env, word, operand);
  }

  #take(word: string): boolean {
    if (this.#words[this.#at] !== word) return false;
    this.#at++;
    return true;
  }
}
