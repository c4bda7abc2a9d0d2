/** The letters of Java's SimpleDateFormat that dates and times of the day need. Local time. */
export class DateFormat {
  readonly #pattern: string;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  format(epochMs: number): string {
    const date = new Date(epochMs);
    const values: Readonly<Record<string, number>> = {
      y: date.getFullYear(),
      M: date.getMonth() + 1,
      d: date.getDate(),
      H: date.getHours(),
      m: date.getMinutes(),
      s: date.getSeconds(),
      S: date.getMilliseconds(),
    };
    return this.#pattern.replace(/'([^']*)'|([a-zA-Z])\2*/g, (run, quoted, letter) => {
      if (letter === undefined) return quoted === '' ? "'" : quoted;
      const value = values[letter];
      if (value === undefined) return run;
      const isShortYear = letter === 'y' && run.length === 2;
      return String(isShortYear ? value % 100 : value).padStart(run.length, '0');
    });
  }
}
