import { AwkError, type Statement } from './awk-syntax.ts';

export function usesAsArray(body: Statement, name: string): boolean {
  const text = JSON.stringify(body);
  return (
    ['element', 'in', 'for-in', 'delete'].some((kind) =>
      new RegExp(`"kind":"${kind}"[^{}]*"name":"${name}"`).test(text),
    ) || text.includes(`"name":"${name}","index"`)
  );
}

export function compareBy(operator: string, order: number): boolean {
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
