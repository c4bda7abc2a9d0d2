import type { FileStat } from '../../../base/file-system.ts';

/** `drwxr-xr-x`. */
export function modeText({ kind, mode }: FileStat): string {
  const letters = [6, 3, 0].map((shift) => {
    const bits = (mode >> shift) & 7;
    return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${bits & 1 ? 'x' : '-'}`;
  });
  return (kind === 'directory' ? 'd' : '-') + letters.join('');
}

/** The mode that `u+x`, `go=r` or `755` make of another; undefined where the text is none. */
export function changeMode(text: string, before: number): number | undefined {
  if (/^[0-7]{1,4}$/.test(text)) return Number.parseInt(text, 8) & 0o777;
  let mode = before;
  for (const clause of text.split(',')) {
    const match = /^([ugoa]*)([-+=])([rwxX]*)$/.exec(clause);
    if (match === null) return undefined;
    mode = applyClause(mode, match[1] || 'a', match[2] ?? '+', match[3] ?? '');
  }
  return mode;
}

function applyClause(before: number, who: string, operator: string, permissions: string): number {
  const shifts: Readonly<Record<string, readonly number[]>> = {
    u: [6],
    g: [3],
    o: [0],
    a: [6, 3, 0],
  };
  const bit: Readonly<Record<string, number>> = { r: 4, w: 2, x: 1, X: before & 0o111 ? 1 : 0 };
  const bits = [...permissions].reduce((sum, letter) => sum | (bit[letter] ?? 0), 0);
  let mode = before;
  for (const shift of [...who].flatMap((letter) => shifts[letter] ?? [])) {
    if (operator === '+') mode |= bits << shift;
    else if (operator === '-') mode &= ~(bits << shift);
    else mode = (mode & ~(7 << shift)) | (bits << shift);
  }
  return mode;
}
