import { AwkError, type Statement } from './awk-syntax.ts';
import { type AwkValue, compareValues, toNumber, toText } from './awk-value.ts';

/** Concatenation, a comparison or a calculation of two values. */
export function combine(
  operator: string,
  { left, right, format }: { left: AwkValue; right: AwkValue; format: string },
): AwkValue {
  if (operator === ' ') return toText(left, format) + toText(right, format);
  if (!/^[<>=!]/.test(operator)) return calculate(operator, toNumber(left), toNumber(right));
  return compareBy(operator, compareValues(left, right, format)) ? 1 : 0;
}

export function usesAsArray(body: Statement, name: string): boolean {
  const text = JSON.stringify(body);
  return (
    ['element', 'in', 'for-in', 'delete'].some((kind) =>
      new RegExp(`"kind":"${kind}"[^{}]*"name":"${name}"`).test(text),
    ) || text.includes(`"name":"${name}","index"`)
  );
}

function compareBy(operator: string, order: number): boolean {
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return 0 < order;
    case '>=':
      return 0 <= order;
    case '==':
      return order === 0;
    default:
      return order !== 0;
  }
}

export function calculate(operator: string, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      if (right === 0) throw new AwkError('division by zero');
      return left / right;
    case '%':
      if (right === 0) throw new AwkError('division by zero in %');
      return left % right;
    default:
      return left ** right;
  }
}
