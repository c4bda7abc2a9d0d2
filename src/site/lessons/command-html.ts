import { escapeHtml } from './inline-code.ts';

/** A command line with its program set off; a word is never broken inside an option if avoidable. */
export function commandHtml(command: string): string {
  return command.split('\n').map(lineHtml).join('\n');
}

function lineHtml(line: string, index: number): string {
  const match = /^(\s*)(\S+)(.*)$/s.exec(line);
  if (match === null || match[1] !== '') return escapeHtml(line);
  const [, , program = '', rest = ''] = match;
  if (program.startsWith('-') && index > 0) return escapeHtml(line);
  return `<b>${escapeHtml(program)}</b>${escapeHtml(rest)}`;
}
