/** `640 ms`, `1.4 s`, `12 s`, `3 min`: no more digits than were measured. */
export function durationText(durationMs: number): string {
  if (durationMs < 1_000) return `${Math.round(durationMs)} ms`;
  if (durationMs < 10_000) return `${(durationMs / 1_000).toFixed(1)} s`;
  if (durationMs < 120_000) return `${Math.round(durationMs / 1_000)} s`;
  return `${Math.round(durationMs / 60_000)} min`;
}

/** The time of day with tenths: `13:05:02.3`. */
export function clockText(atMs: number): string {
  const at = new Date(atMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const tenths = Math.floor(at.getMilliseconds() / 100);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${tenths}`;
}
