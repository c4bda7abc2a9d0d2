import { evaluateArithmetic } from '../language/arithmetic.ts';
import { compilePattern, escapeRegex, unescapePattern } from '../language/pattern.ts';
import type { Conditional } from '../language/syntax.ts';
import type { Environment } from './environment.ts';
import { expandPattern, expandText } from './expander.ts';
import { compareBinary, testUnary } from './file-tests.ts';
import { arithmeticVariables } from './parameters.ts';

/** `[[ … ]]`. Throws ArithmeticError. */
export async function evaluateConditional(
  env: Environment,
  expression: Conditional,
): Promise<boolean> {
  switch (expression.kind) {
    case 'not':
      return !(await evaluateConditional(env, expression.operand));
    case 'and':
      return (
        (await evaluateConditional(env, expression.left)) &&
        (await evaluateConditional(env, expression.right))
      );
    case 'or':
      return (
        (await evaluateConditional(env, expression.left)) ||
        (await evaluateConditional(env, expression.right))
      );
    case 'unary':
      return testUnary(env, expression.operator, await expandText(env, expression.operand));
    case 'binary':
      return evaluateBinary(env, expression);
  }
}

async function evaluateBinary(
  env: Environment,
  { operator, left, right }: Extract<Conditional, { kind: 'binary' }>,
): Promise<boolean> {
  const text = await expandText(env, left);
  if (operator === '=~') return matchRegex(env, text, await expandPattern(env, right));
  if (operator === '=' || operator === '==' || operator === '!=') {
    const isMatch = compilePattern(await expandPattern(env, right)).test(text);
    return isMatch === (operator !== '!=');
  }
  const other = await expandText(env, right);
  if (/^-(eq|ne|lt|le|gt|ge)$/.test(operator)) {
    const variables = arithmeticVariables(env);
    const numbers = [text, other].map((side) => String(evaluateArithmetic(side, variables)));
    return compareBinary(env, operator, numbers[0] ?? '', numbers[1] ?? '');
  }
  return compareBinary(env, operator, text, other);
}

/** What was quoted in the pattern is literal; groups become BASH_REMATCH. */
function matchRegex(env: Environment, text: string, pattern: string): boolean {
  const source = pattern.replace(/\\([*?[\]\\])/g, (_, character: string) =>
    escapeRegex(character),
  );
  let match: RegExpExecArray | null;
  try {
    match = new RegExp(source, 's').exec(text);
  } catch {
    match = new RegExp(escapeRegex(unescapePattern(pattern))).exec(text);
  }
  const groups = (match ?? []).map((group, index) => [index, group ?? ''] as const);
  env.variables.setElements('BASH_REMATCH', new Map(groups));
  return match !== null;
}
