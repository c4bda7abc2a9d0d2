const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** The first three letters of a month, 0 to 11. */
export function shortMonth(month: number): string {
  return (months[month] ?? '').slice(0, 3);
}

type Part = (date: Date, atMs: number) => string;

const two = (value: number) => String(value).padStart(2, '0');
const hour12 = (date: Date) => date.getUTCHours() % 12 || 12;

const parts: Readonly<Record<string, Part>> = {
  '%': () => '%',
  a: (date) => (days[date.getUTCDay()] ?? '').slice(0, 3),
  A: (date) => days[date.getUTCDay()] ?? '',
  b: (date) => shortMonth(date.getUTCMonth()),
  B: (date) => months[date.getUTCMonth()] ?? '',
  c: (_, atMs) => formatDate('%a %b %e %H:%M:%S %Y', atMs),
  C: (date) => two(Math.floor(date.getUTCFullYear() / 100)),
  d: (date) => two(date.getUTCDate()),
  D: (_, atMs) => formatDate('%m/%d/%y', atMs),
  e: (date) => String(date.getUTCDate()).padStart(2),
  F: (_, atMs) => formatDate('%Y-%m-%d', atMs),
  h: (date) => shortMonth(date.getUTCMonth()),
  H: (date) => two(date.getUTCHours()),
  I: (date) => two(hour12(date)),
  j: (date) => String(dayOfYear(date)).padStart(3, '0'),
  k: (date) => String(date.getUTCHours()).padStart(2),
  l: (date) => String(hour12(date)).padStart(2),
  m: (date) => two(date.getUTCMonth() + 1),
  M: (date) => two(date.getUTCMinutes()),
  n: () => '\n',
  N: (_, atMs) => `${String(Math.floor(atMs % 1000)).padStart(3, '0')}000000`,
  p: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  P: (date) => (date.getUTCHours() < 12 ? 'am' : 'pm'),
  r: (_, atMs) => formatDate('%I:%M:%S %p', atMs),
  R: (_, atMs) => formatDate('%H:%M', atMs),
  s: (_, atMs) => String(Math.floor(atMs / 1000)),
  S: (date) => two(date.getUTCSeconds()),
  t: () => '\t',
  T: (_, atMs) => formatDate('%H:%M:%S', atMs),
  u: (date) => String(date.getUTCDay() || 7),
  w: (date) => String(date.getUTCDay()),
  x: (_, atMs) => formatDate('%m/%d/%y', atMs),
  X: (_, atMs) => formatDate('%H:%M:%S', atMs),
  y: (date) => two(date.getUTCFullYear() % 100),
  Y: (date) => String(date.getUTCFullYear()),
  z: () => '+0000',
  Z: () => 'UTC',
};

/** Formats a moment as `date +format` does. Simplified: a lab machine's time zone is UTC. */
export function formatDate(format: string, atMs: number): string {
  const date = new Date(atMs);
  return format.replace(
    /%([-0_^#]?)(\d*):?([a-zA-Z%])/g,
    (all, flag: string, width: string, letter: string) => {
      const part = Object.hasOwn(parts, letter) ? parts[letter] : undefined;
      if (part === undefined) return all;
      const text = part(date, atMs);
      if (letter === 'N' && width !== '') return text.slice(0, Number(width));
      if (flag === '-') return text.replace(/^[ 0]+(?=\d)/, '');
      if (flag === '_') return text.replace(/^0+(?=\d)/, (zeros) => ' '.repeat(zeros.length));
      return flag === '^' ? text.toUpperCase() : text;
    },
  );
}

function dayOfYear(date: Date): number {
  const start = Date.UTC(date.getUTCFullYear(), 0, 1);
  return Math.floor((date.getTime() - start) / 86_400_000) + 1;
}
