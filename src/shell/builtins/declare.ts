import { evaluateArithmetic } from '../language/arithmetic.ts';
import { Parser } from '../language/parser.ts';
import { assign } from '../runtime/assignments.ts';
import type { Environment } from '../runtime/environment.ts';
import { arithmeticVariables } from '../runtime/parameters.ts';
import { quoteDouble, quoteForTrace } from '../runtime/quoting.ts';
import type { Variable } from '../runtime/variables.ts';
import { type Builtin, type BuiltinCall, fail, isIdentifier, print } from './builtin.ts';

interface Declaration {
  readonly flags: string;
  /** Letters after `+`. */
  readonly cleared: string;
  readonly operands: readonly string[];
}

export const exportVariables: Builtin = async (call) => {
  const { flags, operands } = parseDeclaration(call.args);
  if (operands.length === 0) return await printDeclarations(call, ({ isExported }) => isExported);
  return declareAll(call, {
    flags: `${flags}${flags.includes('n') ? '' : 'x'}`,
    cleared: flags.includes('n') ? 'x' : '',
    operands,
  });
};

export const readonlyVariables: Builtin = async (call) => {
  const { flags, operands } = parseDeclaration(call.args);
  if (operands.length === 0) return await printDeclarations(call, ({ isReadonly }) => isReadonly);
  return declareAll(call, { flags: `${flags}r`, cleared: '', operands });
};

export const local: Builtin = async (call) => {
  if (!call.env.variables.isInFunction) return await fail(call, 'can only be used in a function');
  const declaration = parseDeclaration(call.args);
  for (const operand of declaration.operands) call.env.variables.declareLocal(nameOf(operand));
  return declareAll(call, declaration);
};

export const declare: Builtin = async (call) => {
  const { env } = call;
  const declaration = parseDeclaration(call.args);
  const { flags, operands } = declaration;
  if (flags.includes('F') || flags.includes('f')) return await printFunctions(call, operands);
  if (flags.includes('p') && 0 < operands.length) return printOnly(call, operands);
  if (operands.length === 0)
    return printDeclarations(call, ({ isExported }) => !flags.includes('x') || isExported);
  if (env.variables.isInFunction && !flags.includes('g')) {
    for (const operand of operands) env.variables.declareLocal(nameOf(operand));
  }
  if (flags.includes('A')) return fail(call, '-A: associative arrays are not supported', 2);
  return declareAll(call, declaration);
};

function parseDeclaration(args: readonly string[]): Declaration {
  let flags = '';
  let cleared = '';
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      at++;
      break;
    }
    if (/^-[a-zA-Z]+$/.test(arg)) flags += arg.slice(1);
    else if (/^\+[a-zA-Z]+$/.test(arg)) cleared += arg.slice(1);
    else break;
  }
  return { flags, cleared, operands: args.slice(at) };
}

function nameOf(operand: string): string {
  return operand.replace(/\+?=[\s\S]*$/, '');
}

async function declareAll(call: BuiltinCall, declaration: Declaration): Promise<number> {
  let status = 0;
  for (const operand of declaration.operands) {
    if (!isIdentifier(nameOf(operand))) {
      status = await fail(call, `\`${operand}': not a valid identifier`);
    } else await declareOne(call.env, operand, declaration);
  }
  return status;
}

async function declareOne(
  env: Environment,
  operand: string,
  { flags, cleared }: Declaration,
): Promise<void> {
  const name = nameOf(operand);
  if (flags.includes('i')) env.variables.setAttributes(name, { isInteger: true });
  if (operand !== name) await assignOperand(env, operand, name);
  if (flags.includes('x')) env.variables.setAttributes(name, { isExported: true });
  if (cleared.includes('x')) env.variables.setAttributes(name, { isExported: false });
  if (flags.includes('r')) env.variables.setAttributes(name, { isReadonly: true });
}

async function assignOperand(env: Environment, operand: string, name: string): Promise<void> {
  const rest = operand.slice(name.length);
  const isAppend = rest.startsWith('+=');
  const value = rest.slice(isAppend ? 2 : 1);
  if (value.startsWith('(') && value.endsWith(')')) {
    const command = new Parser(operand).next();
    const item = command?.kind === 'list' ? command.items[0]?.command : undefined;
    const assignment = item?.kind === 'simple' ? item.assignments[0] : undefined;
    if (assignment !== undefined) await assign(env, assignment);
    return;
  }
  const before = isAppend ? (env.variables.get(name) ?? '') : '';
  const isInteger = env.variables.lookup(name)?.isInteger === true;
  const text = isInteger
    ? String(evaluateArithmetic(isAppend ? `${before}+${value}` : value, arithmeticVariables(env)))
    : before + value;
  env.variables.set(name, text);
}

function printDeclarations(call: BuiltinCall, filter: (variable: Variable) => boolean) {
  const lines = call.env.variables
    .entries()
    .filter(([, variable]) => filter(variable))
    .map(([name, variable]) => describe(name, variable));
  return print(call, lines.join(''));
}

async function printOnly(call: BuiltinCall, names: readonly string[]): Promise<number> {
  let status = 0;
  for (const name of names) {
    const variable = call.env.variables.lookup(name);
    if (variable === undefined) status = await fail(call, `${name}: not found`);
    else await print(call, describe(name, variable));
  }
  return status;
}

function describe(name: string, variable: Variable): string {
  const { elements, isReadonly, isExported, isInteger, value } = variable;
  const letters = [
    elements === undefined ? '' : 'a',
    isInteger === true ? 'i' : '',
    isReadonly ? 'r' : '',
    isExported ? 'x' : '',
  ].join('');
  const head = `declare -${letters || '-'} ${name}`;
  if (elements !== undefined) {
    const items = [...elements].map(([index, text]) => `[${index}]=${quoteDouble(text)}`);
    return `${head}=(${items.join(' ')})\n`;
  }
  return value === undefined ? `${head}\n` : `${head}=${quoteDouble(value)}\n`;
}

function printFunctions(call: BuiltinCall, names: readonly string[]): number | Promise<number> {
  const { functions } = call.env;
  const shown =
    names.length === 0 ? [...functions.keys()] : names.filter((name) => functions.has(name));
  if (shown.length < names.length) return 1;
  const prefix = names.length === 0 ? 'declare -f ' : '';
  return print(call, shown.map((name) => `${prefix}${name}\n`).join(''));
}

export const unset: Builtin = (call) => {
  const { env, args } = call;
  const onlyFunctions = args[0] === '-f';
  for (const name of args.filter((arg) => arg !== '-f' && arg !== '-v')) {
    const element = /^(\w+)\[(.+)\]$/.exec(name);
    if (element !== null) unsetElement(env, element[1] ?? '', element[2] ?? '');
    else if (onlyFunctions) env.functions.delete(name);
    else if (env.variables.lookup(name) === undefined) env.functions.delete(name);
    else env.variables.unset(name);
  }
  return 0;
};

function unsetElement(env: Environment, name: string, index: string): void {
  const elements = new Map(env.variables.elements(name));
  elements.delete(Number(evaluateArithmetic(index, arithmeticVariables(env))));
  env.variables.setElements(name, elements);
}

/** `set` without operands: all variables. */
export function printVariables(call: BuiltinCall): Promise<number> {
  const lines = call.env.variables
    .entries()
    .filter(([, { value }]) => value !== undefined)
    .map(([name, { value }]) => `${name}=${quoteForTrace(value ?? '')}\n`);
  return print(call, lines.join(''));
}
