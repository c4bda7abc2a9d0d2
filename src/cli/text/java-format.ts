/** `%.<digits>f` of Java's Formatter: rounds half up the shortest decimal form, where JavaScript rounds the exact binary value. */
export function formatFixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) {
    if (Number.isNaN(value)) return 'NaN';
    return value < 0 ? '-Infinity' : 'Infinity';
  }
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const { mantissa, exponent } = decimalOf(Math.abs(value));
  // mantissa × 10^exponent; scaled is the same number in units of 10^-digits.
  const shift = exponent + digits;
  const scaled = 0 <= shift ? mantissa * 10n ** BigInt(shift) : roundHalfUp(mantissa, -shift);
  const text = scaled.toString().padStart(digits + 1, '0');
  if (digits === 0) return sign + text;
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

function decimalOf(value: number): { mantissa: bigint; exponent: number } {
  const [, whole = '0', fraction = '', power = '0'] =
    /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  return { mantissa: BigInt(whole + fraction), exponent: Number(power) - fraction.length };
}

function roundHalfUp(mantissa: bigint, places: number): bigint {
  const unit = 10n ** BigInt(places);
  return (mantissa + unit / 2n) / unit;
}

/** `Double.toString` for the values that tools print: always with a fraction. */
export function formatDouble(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
