const escapes: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

/** Parses a Java properties file: comments, `=`, `:` or blanks as separators, continued lines, escapes. */
export function parseProperties(text: string): Record<string, string> {
  const properties: Record<string, string> = {};
  for (const line of logicalLines(text)) {
    const { key, value } = splitLine(line);
    properties[key] = value;
  }
  return properties;
}

/** A value or key as Java's Properties.store writes it. */
export function escapeProperty(text: string, isKey: boolean): string {
  const escaped = text.replace(/[\\\t\n\r\f=:#!]/g, (character) => {
    const name = Object.entries(escapes).find(([, meant]) => meant === character)?.[0];
    return `\\${name ?? character}`;
  });
  return isKey ? escaped.replaceAll(' ', '\\ ') : escaped.replace(/^ /, '\\ ');
}

function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let current: string | undefined;
  for (const natural of text.split(/\r\n|[\r\n]/)) {
    const line = natural.replace(/^[ \t\f]+/, '');
    if (current === undefined && (line === '' || /^[#!]/.test(line))) continue;
    const joined: string = (current ?? '') + line;
    if (endsInOpenBackslash(joined)) {
      current = joined.slice(0, -1);
      continue;
    }
    lines.push(joined);
    current = undefined;
  }
  if (current !== undefined) lines.push(current);
  return lines;
}

function endsInOpenBackslash(line: string): boolean {
  const [backslashes = ''] = /\\*$/.exec(line) ?? [];
  return backslashes.length % 2 === 1;
}

function splitLine(line: string): { key: string; value: string } {
  const [whole = '', key = ''] =
    /^((?:\\.|[^\\=: \t\f])*)[ \t\f]*(?:[=:][ \t\f]*)?/s.exec(line) ?? [];
  return { key: unescapeProperty(key), value: unescapeProperty(line.slice(whole.length)) };
}

function unescapeProperty(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, hex?: string, character = '') => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return escapes[character] ?? character;
  });
}
