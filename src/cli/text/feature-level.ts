export interface FeatureLevel {
  readonly name: string;
  readonly level: number;
}

/** `metadata.version=20`. Throws what `refuse` makes of Kafka's words where it is none. */
export function parseFeatureLevel(text: string, refuse: (message: string) => Error): FeatureLevel {
  const problem = `Can't parse feature=level string ${text}: `;
  const equals = text.indexOf('=');
  if (equals < 0) throw refuse(`${problem}equals sign not found.`);
  const level = text.slice(equals + 1).trim();
  const isShort = /^[+-]?\d{1,5}$/.test(level) && -32_768 <= +level && +level <= 32_767;
  if (!isShort) throw refuse(`${problem}unable to parse ${level} as a short.`);
  return { name: text.slice(0, equals).trim(), level: Number(level) };
}
