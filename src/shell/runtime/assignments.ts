import { evaluateArithmetic } from '../language/arithmetic.ts';
import type { Assignment, Word } from '../language/syntax.ts';
import type { Environment } from './environment.ts';
import { expandText, expandWords } from './expander.ts';
import { arithmeticVariables, parameterValue } from './parameters.ts';

/** Carries out `name=value`, `name+=value`, `name[i]=value` or `name=(…)`. Throws VariableError. */
export async function assign(env: Environment, assignment: Assignment): Promise<void> {
  const { name, subscript, isAppend, value } = assignment;
  const [array] = value.parts;
  if (array?.kind === 'array') {
    await assignArray(env, { name, isAppend }, array.elements);
    return;
  }
  if (subscript === undefined) {
    env.variables.set(name, await assignmentValue(env, assignment));
    return;
  }
  const text = await expandText(env, subscript);
  const index = Number(evaluateArithmetic(text, arithmeticVariables(env)));
  const before = isAppend ? (env.variables.elements(name).get(index) ?? '') : '';
  env.variables.setElement(name, index, before + (await expandText(env, value)));
}

/** The text that a plain assignment gives its variable. */
export async function assignmentValue(
  env: Environment,
  { name, isAppend, value }: Assignment,
): Promise<string> {
  const text = await expandText(env, withTildes(value));
  const isInteger = env.variables.lookup(name)?.isInteger === true;
  const before = parameterValue(env, name) ?? '';
  if (isInteger) {
    const expression = isAppend ? `${before || '0'}+(${text})` : text;
    return String(evaluateArithmetic(expression, arithmeticVariables(env)));
  }
  return isAppend ? before + text : text;
}

async function assignArray(
  env: Environment,
  { name, isAppend }: { name: string; isAppend: boolean },
  elements: readonly Word[],
): Promise<void> {
  const values = await expandWords(env, elements);
  const before = isAppend ? env.variables.elements(name) : new Map<number, string>();
  const start = Math.max(-1, ...before.keys()) + 1;
  const added = values.map((value, index) => [start + index, value] as const);
  env.variables.setElements(name, new Map([...before, ...added]));
}

/** A tilde after a colon counts, too: `PATH=$PATH:~/bin`. */
function withTildes(value: Word): Word {
  const hasTilde = value.parts.some(
    (part) => part.kind === 'literal' && !part.isQuoted && part.text.includes(':~'),
  );
  if (!hasTilde) return value;
  const parts = value.parts.flatMap((part) => {
    if (part.kind !== 'literal' || part.isQuoted) return [part];
    return part.text.split(/(?<=:)(?=~)/).flatMap((text) => {
      const match = /^~(?=\/|:|$)/.exec(text);
      if (match === null) return [{ ...part, text }];
      const home = { kind: 'parameter' as const, parameter: { name: 'HOME' }, isQuoted: true };
      return [home, { ...part, text: text.slice(1) }];
    });
  });
  return { ...value, parts };
}
