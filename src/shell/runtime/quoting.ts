/** A word as `set -x`, `declare -p` and `type` show it: quoted only where it must be. */
export function quoteForTrace(text: string): string {
  if (text === '') return "''";
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  return `'${text.replace(/'/g, "'\\''")}'`;
}

/** A value as `export -p` shows it. */
export function quoteDouble(text: string): string {
  return `"${text.replace(/[\\"$`]/g, '\\$&')}"`;
}

/** A word as `printf %q` shows it. */
export function quoteBackslash(text: string): string {
  if (text === '') return "''";
  if ([...text].some((letter) => letter < ' ')) {
    const escaped = text.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n').replace(/\t/g, '\\t');
    return `$'${escaped}'`;
  }
  return text.replace(/[^\w@%+=:,./\u0080-\uffff-]/g, '\\$&');
}
