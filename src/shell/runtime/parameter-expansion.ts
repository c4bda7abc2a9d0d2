import { evaluateArithmetic } from '../language/arithmetic.ts';
import { compilePattern, patternSource } from '../language/pattern.ts';
import type { Parameter, ParameterOperator, Word } from '../language/syntax.ts';
import { ShellExit } from './control-flow.ts';
import type { Environment } from './environment.ts';
import { arithmeticVariables, parameterList, parameterValue } from './parameters.ts';

/** How an operator's operand is expanded; given by the expander. */
export interface WordExpander {
  toText(env: Environment, word: Word): Promise<string>;
  toPattern(env: Environment, word: Word): Promise<string>;
}

/** A parameter's value: one text, a list (`$@`, `${a[@]}`), or the operand that takes its place. */
export type ParameterValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[]; readonly isJoined: boolean }
  | { readonly kind: 'word'; readonly word: Word };

export async function expandParameter(
  env: Environment,
  parameter: Parameter,
  expander: WordExpander,
): Promise<ParameterValue> {
  if (parameter.isIndirect === true) return expandIndirect(env, parameter, expander);
  const value = await readValue(env, parameter, expander);
  if (parameter.isLength === true) {
    const length = value.kind === 'list' ? value.items.length : [...(value.text ?? '')].length;
    return { kind: 'text', text: String(length) };
  }
  const { operator } = parameter;
  if (operator !== undefined && /^:?[-=?+]$/.test(operator.symbol)) {
    const outcome = await applyDefault(env, { parameter, operator, value }, expander);
    if (outcome !== undefined) return outcome;
  } else if (operator !== undefined) {
    await requireSet(env, parameter, value);
    return mapValue(value, await transformation(env, operator, expander), {
      operator,
      env,
      expander,
    });
  }
  if (operator === undefined) await requireSet(env, parameter, value);
  return value.kind === 'list' ? value : { kind: 'text', text: value.text ?? '' };
}

type RawValue =
  | { readonly kind: 'text'; readonly text: string | undefined }
  | {
      readonly kind: 'list';
      readonly items: readonly string[];
      readonly isJoined: boolean;
      readonly isPositional?: boolean;
    };

async function readValue(
  env: Environment,
  { name, subscript }: Parameter,
  expander: WordExpander,
): Promise<RawValue> {
  if (name === '@' || name === '*') {
    return { kind: 'list', items: env.positional, isJoined: name === '*', isPositional: true };
  }
  if (subscript === undefined) {
    if (name === 'PIPESTATUS') return { kind: 'text', text: String(env.pipeStatus[0] ?? 0) };
    return { kind: 'text', text: parameterValue(env, name) };
  }
  const index = await expander.toText(env, subscript);
  if (index === '@' || index === '*') {
    return { kind: 'list', items: parameterList(env, name), isJoined: index === '*' };
  }
  const at = Number(evaluateArithmetic(index, arithmeticVariables(env)));
  if (name === 'PIPESTATUS') return { kind: 'text', text: env.pipeStatus.at(at)?.toString() };
  const elements = env.variables.elements(name);
  const position = at < 0 ? Math.max(-1, ...elements.keys()) + 1 + at : at;
  return { kind: 'text', text: elements.get(position) };
}

async function expandIndirect(
  env: Environment,
  parameter: Parameter,
  expander: WordExpander,
): Promise<ParameterValue> {
  const index = parameter.subscript && (await expander.toText(env, parameter.subscript));
  if (index === '@' || index === '*') {
    const keys = [...env.variables.elements(parameter.name).keys()].map(String);
    return { kind: 'list', items: keys, isJoined: index === '*' };
  }
  const name = parameterValue(env, parameter.name) ?? '';
  const { operator } = parameter;
  return expandParameter(env, { name, ...(operator && { operator }) }, expander);
}

/** `-`, `=`, `?`, `+`, with and without the colon; undefined: the value itself. */
async function applyDefault(
  env: Environment,
  parts: { parameter: Parameter; operator: ParameterOperator; value: RawValue },
  expander: WordExpander,
): Promise<ParameterValue | undefined> {
  const { parameter, operator, value } = parts;
  const isMissing = isUnset(value, operator.symbol.startsWith(':'));
  const kind = operator.symbol.at(-1);
  if (kind === '+') return isMissing ? { kind: 'text', text: '' } : wordValue(operator.operand);
  if (!isMissing) return undefined;
  if (kind === '-') return wordValue(operator.operand);
  const text = await expander.toText(env, operator.operand);
  if (kind === '=') {
    env.variables.set(parameter.name, text);
    return { kind: 'text', text };
  }
  const fallback = operator.symbol.startsWith(':')
    ? 'parameter null or not set'
    : 'parameter not set';
  await env.complain(`${parameter.name}: ${text === '' ? fallback : text}`);
  throw new ShellExit(127, true);
}

function wordValue(word: Word): ParameterValue {
  return { kind: 'word', word };
}

function isUnset(value: RawValue, emptyCounts: boolean): boolean {
  if (value.kind === 'list') {
    return value.items.length === 0 || (emptyCounts && value.items.join('') === '');
  }
  return value.text === undefined || (emptyCounts && value.text === '');
}

async function requireSet(env: Environment, parameter: Parameter, value: RawValue): Promise<void> {
  if (!env.options.nounset || value.kind === 'list' || value.text !== undefined) return;
  const name = parameter.subscript
    ? `${parameter.name}[${parameter.subscript.text}]`
    : parameter.name;
  await env.complain(`${/^\d+$/.test(name) ? `$${name}` : name}: unbound variable`);
  throw new ShellExit(127, true);
}

type Transform = (text: string) => string;

async function mapValue(
  value: RawValue,
  transform: Transform | undefined,
  slice: { operator: ParameterOperator; env: Environment; expander: WordExpander },
): Promise<ParameterValue> {
  if (transform === undefined) return await sliceValue(value, slice);
  if (value.kind === 'list') return { ...value, items: value.items.map(transform) };
  return { kind: 'text', text: transform(value.text ?? '') };
}

async function transformation(
  env: Environment,
  operator: ParameterOperator,
  expander: WordExpander,
): Promise<Transform | undefined> {
  const { symbol } = operator;
  if (symbol === ':') return undefined;
  const pattern = await expander.toPattern(env, operator.operand);
  if (symbol === '#' || symbol === '##')
    return (text) => removePrefix(text, pattern, symbol === '##');
  if (symbol === '%' || symbol === '%%')
    return (text) => removeSuffix(text, pattern, symbol === '%%');
  if (symbol.startsWith('/')) {
    const replacement = operator.second ? await expander.toText(env, operator.second) : '';
    return (text) => replacePattern(text, { symbol, pattern, replacement });
  }
  if (symbol === '@') return (text) => (operator.operand.text === 'Q' ? quoteForShell(text) : text);
  return (text) => changeCase(text, symbol, pattern);
}

function removePrefix(text: string, pattern: string, isLongest: boolean): string {
  const matcher = compilePattern(pattern);
  for (const length of lengths(text.length, isLongest)) {
    if (matcher.test(text.slice(0, length))) return text.slice(length);
  }
  return text;
}

function removeSuffix(text: string, pattern: string, isLongest: boolean): string {
  const matcher = compilePattern(pattern);
  for (const length of lengths(text.length, isLongest)) {
    const start = text.length - length;
    if (matcher.test(text.slice(start))) return text.slice(0, start);
  }
  return text;
}

function lengths(length: number, isLongest: boolean): number[] {
  const ascending = Array.from({ length: length + 1 }, (_, index) => index);
  return isLongest ? ascending.reverse() : ascending;
}

function replacePattern(
  text: string,
  { symbol, pattern, replacement }: { symbol: string; pattern: string; replacement: string },
): string {
  if (pattern === '') return symbol === '/#' ? replacement + text : text;
  const source = patternSource(pattern);
  if (symbol === '/#') return text.replace(new RegExp(`^${source}`, 'su'), () => replacement);
  if (symbol === '/%') return text.replace(new RegExp(`${source}$`, 'su'), () => replacement);
  return text.replace(new RegExp(source, symbol === '//' ? 'gsu' : 'su'), () => replacement);
}

function changeCase(text: string, symbol: string, pattern: string): string {
  const matcher = compilePattern(pattern === '' ? '?' : pattern);
  const change = (letter: string) => {
    if (!matcher.test(letter)) return letter;
    return symbol.startsWith('^') ? letter.toUpperCase() : letter.toLowerCase();
  };
  const letters = [...text];
  if (symbol.length === 2) return letters.map(change).join('');
  return letters.map((letter, index) => (index === 0 ? change(letter) : letter)).join('');
}

async function sliceValue(
  value: RawValue,
  {
    operator,
    env,
    expander,
  }: { operator: ParameterOperator; env: Environment; expander: WordExpander },
): Promise<ParameterValue> {
  const number = async (word: Word) =>
    Number(evaluateArithmetic(await expander.toText(env, word), arithmeticVariables(env)));
  const offset = await number(operator.operand);
  const length = operator.second ? await number(operator.second) : undefined;
  if (value.kind === 'list') {
    const items = value.isPositional === true ? [env.name, ...value.items] : value.items;
    return { ...value, items: sliceList(items, offset, length) };
  }
  const letters = [...(value.text ?? '')];
  const begin = offset < 0 ? letters.length + offset : offset;
  if (begin < 0) return { kind: 'text', text: '' };
  const end = length === undefined ? letters.length : sliceEnd(letters.length, begin, length);
  return { kind: 'text', text: letters.slice(begin, end).join('') };
}

/** `${@:n}` counts `$0` in. */
function sliceList(
  items: readonly string[],
  offset: number,
  length: number | undefined,
): readonly string[] {
  const begin = offset < 0 ? Math.max(items.length + offset, 0) : offset;
  return items.slice(begin, length === undefined ? undefined : begin + length);
}

function sliceEnd(size: number, begin: number, length: number): number {
  return length < 0 ? Math.max(begin, size + length) : begin + length;
}

/** The text quoted so that the shell reads it as one word. */
export function quoteForShell(text: string): string {
  return `'${text.replace(/'/g, "'\\''")}'`;
}
