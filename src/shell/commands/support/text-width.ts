/** Columns that a character takes on a terminal: 2 for East Asian wide ones and emoji, 0 for marks. */
export function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || (0x7f <= code && code < 0xa0)) return 0;
  if (code < 0x300) return 1;
  if (/^(?:\p{Mn}|\p{Me}|\p{Cf}|\ufe0f)$/u.test(character)) return 0;
  return isWide(code) ? 2 : 1;
}

const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];

function isWide(code: number): boolean {
  return wideRanges.some(([first, last]) => first <= code && code <= last);
}

/** Columns of a text without its escape sequences. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of stripEscapes(text)) width += characterWidth(character);
  return width;
}

export function stripEscapes(text: string): string {
  const escapeCode = String.fromCharCode(27);
  if (!text.includes(escapeCode)) return text;
  const sequences = new RegExp(
    `${escapeCode}(?:\\[[0-9;?]*[ -/]*[@-~]|\\][^\\u0007${escapeCode}]*(?:\\u0007|${escapeCode}\\\\)|.)`,
    'g',
  );
  return text.replace(sequences, '');
}

export function padToWidth(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}
