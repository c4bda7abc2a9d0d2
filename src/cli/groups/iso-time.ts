import { JavaError } from '../tool.ts';

/** `YYYY-MM-DDTHH:mm:SS.sss`, with `Z` or an offset or in UTC. Throws JavaError. */
export function parseDateTime(text: string): number {
  const hasZone = /(Z|[+-]\d{2}(:?\d{2})?)$/.test(text.slice(10));
  const epochMs = Date.parse(hasZone ? text.replace(/([+-]\d{2})$/, '$1:00') : `${text}Z`);
  if (!Number.isNaN(epochMs)) return epochMs;
  throw new JavaError('java.text.ParseException', `Unparseable date: "${text}"`);
}

/** `PnDTnHnMnS` in milliseconds. Throws JavaError. */
export function parseDuration(text: string): number {
  const match =
    /^([+-]?)P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i.exec(text);
  if (match === null || text.length < 3) {
    const javaName = 'java.time.format.DateTimeParseException';
    throw new JavaError(javaName, 'Text cannot be parsed to a Duration');
  }
  const [, sign, days = 0, hours = 0, minutes = 0, seconds = 0] = match;
  const hoursInAll = Number(days) * 24 + Number(hours);
  const milliseconds = ((hoursInAll * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -milliseconds : milliseconds;
}
