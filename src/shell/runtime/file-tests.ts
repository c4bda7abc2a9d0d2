import { resolvePath } from '../paths.ts';
import type { Environment } from './environment.ts';

/** `-f path`, `-n text` and the like. */
export async function testUnary(
  env: Environment,
  operator: string,
  operand: string,
): Promise<boolean> {
  switch (operator) {
    case '-n':
      return operand !== '';
    case '-z':
      return operand === '';
    case '-v':
      return (await env.variables.get(operand)) !== undefined;
    case '-t':
      return isTerminal(env, Number(operand));
    case '-o':
      return Object.entries(env.options).some(([name, isOn]) => isOn && name === operand);
    default:
      return testFile(env, operator, operand);
  }
}

function isTerminal(env: Environment, descriptor: number): boolean {
  const file = env.files.get(descriptor);
  return file?.source?.isTerminal === true || file?.sink?.isTerminal === true;
}

async function testFile(env: Environment, operator: string, operand: string): Promise<boolean> {
  if (operand === '') return false;
  const path = resolvePath(env.cwd, operand);
  const isDevice = /^\/dev\/(null|zero|random|urandom|tty)$/.test(path);
  const stat = await env.host.files.stat(path);
  if (stat === undefined) return isDevice && 'aecrw'.includes(operator.charAt(1));
  switch (operator) {
    case '-f':
      return stat.kind === 'file';
    case '-d':
      return stat.kind === 'directory';
    case '-s':
      return 0 < stat.sizeBytes || stat.kind === 'directory';
    case '-x':
      return (stat.mode & 0o111) !== 0 || stat.kind === 'directory';
    case '-r':
      return (stat.mode & 0o444) !== 0;
    case '-w':
      return (stat.mode & 0o222) !== 0;
    case '-a':
    case '-e':
    case '-G':
    case '-N':
    case '-O':
      return true;
    default:
      return false;
  }
}

const unaryOperators = /^-[abcdefghknoprstuvwxzGLNOS]$/;
const binaryOperators = /^(=|==|!=|<|>|-eq|-ne|-lt|-le|-gt|-ge|-nt|-ot|-ef)$/;

export function isUnaryOperator(text: string): boolean {
  return unaryOperators.test(text);
}

export function isBinaryOperator(text: string): boolean {
  return binaryOperators.test(text);
}

/** Thrown for what is no number where one must be; the message is bash's after `[: `. */
export class TestError extends Error {
  override readonly name = 'TestError';
}

/** `a = b`, `1 -lt 2`, `x -nt y`. Rejects with TestError. */
export async function compareBinary(
  env: Environment,
  operator: string,
  left: string,
  right: string,
): Promise<boolean> {
  switch (operator) {
    case '=':
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return right < left;
    case '-nt':
    case '-ot':
    case '-ef':
      return await compareFiles(env, operator, [left, right]);
    default:
      return compareNumbers(operator, toInteger(left), toInteger(right));
  }
}

function compareNumbers(operator: string, left: bigint, right: bigint): boolean {
  switch (operator) {
    case '-eq':
      return left === right;
    case '-ne':
      return left !== right;
    case '-lt':
      return left < right;
    case '-le':
      return left <= right;
    case '-gt':
      return left > right;
    default:
      return left >= right;
  }
}

function toInteger(text: string): bigint {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw new TestError(`${text}: integer expression expected`);
  return BigInt(text.trim().replace(/^\+/, ''));
}

async function compareFiles(
  env: Environment,
  operator: string,
  names: readonly [string, string],
): Promise<boolean> {
  const [leftPath, rightPath] = names.map((name) => resolvePath(env.cwd, name));
  if (operator === '-ef') return leftPath === rightPath;
  const left = await env.host.files.stat(leftPath ?? '/');
  const right = await env.host.files.stat(rightPath ?? '/');
  const leftMs = left?.modifiedAtMs ?? -1;
  const rightMs = right?.modifiedAtMs ?? -1;
  return operator === '-nt' ? leftMs > rightMs : leftMs < rightMs;
}
