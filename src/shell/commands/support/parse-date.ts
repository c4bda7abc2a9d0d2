/** A date as `date -d` reads it: `@seconds`, ISO forms, `now`, `yesterday`, `2 days ago`. In ms; UTC. */
export function parseDate(text: string, nowMs: number): number | undefined {
  const trimmed = text.trim();
  const seconds = /^@(-?\d+(?:\.\d+)?)$/.exec(trimmed);
  if (seconds !== null) return Number(seconds[1]) * 1000;
  const relative = parseRelative(trimmed.toLowerCase(), nowMs);
  if (relative !== undefined) return relative;
  return parseAbsolute(trimmed, nowMs);
}

const unitMs: Readonly<Record<string, number>> = {
  second: 1000,
  sec: 1000,
  minute: 60_000,
  min: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

function parseRelative(text: string, nowMs: number): number | undefined {
  const dayMs = 86_400_000;
  const midnight = Math.floor(nowMs / dayMs) * dayMs;
  const words: Readonly<Record<string, number>> = {
    '': midnight,
    now: nowMs,
    today: nowMs,
    yesterday: nowMs - dayMs,
    tomorrow: nowMs + dayMs,
  };
  if (Object.hasOwn(words, text)) return words[text];
  const match = /^([-+]?\s*\d+)\s*([a-z]+?)s?(\s+ago)?$/.exec(text);
  const unit = match === null ? undefined : unitMs[match[2] ?? ''];
  if (match === null || unit === undefined) return undefined;
  const count = Number((match[1] ?? '').replace(/\s/g, ''));
  return nowMs + count * unit * (match[3] === undefined ? 1 : -1);
}

function parseAbsolute(text: string, nowMs: number): number | undefined {
  const time = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (time !== null) {
    const midnight = Math.floor(nowMs / 86_400_000) * 86_400_000;
    const [hours, minutes, seconds] = [time[1], time[2], time[3] ?? 0].map(Number);
    return midnight + ((hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * 1000;
  }
  const hasZone = /(Z|[-+]\d{2}:?\d{2}|UTC|GMT)$/.test(text);
  const iso = /^\d{4}-\d{2}-\d{2}( \d{2}:\d{2}.*)?$/.test(text) ? text.replace(' ', 'T') : text;
  const parsed = Date.parse(hasZone ? iso : addUtc(iso));
  return Number.isNaN(parsed) ? undefined : parsed;
}

function addUtc(text: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) || text.includes('T')
    ? text.replace(/(T.*)$/, '$1Z')
    : `${text} UTC`;
}
