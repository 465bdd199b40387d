/** A Kubernetes quantity, exactly: `units` × 10^-9, the finest step that the API server keeps. */
type Nanos = bigint;

const DECIMAL: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  "": 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const BINARY: Readonly<Record<string, bigint>> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n };
const QUANTITY = /^([+-]?)(\d*)(?:\.(\d*))?(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,3}))?$/;
const MAX_DIGITS = 400;

/**
 * The value of a quantity such as `100m`, `1.5Gi`, `1e3` or the number 2, in billionths, rounded away from zero as
 * Kubernetes does; undefined when the text is no quantity.
 */
export function parseQuantity(value: string | number): Nanos | undefined {
  const text = typeof value === "number" ? String(value) : value;
  const match = text.length > MAX_DIGITS ? null : QUANTITY.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = "", suffix = "", exponent] = match;
  if (whole === "" && fraction === "") return undefined;
  const digits = BigInt(whole + fraction);
  const binary = BINARY[suffix];
  const power = exponent === undefined ? (DECIMAL[suffix] ?? 0) : Number(exponent);
  const scaled = binary === undefined ? digits : digits << binary;
  const nanos = shiftDecimal(scaled, 9 - fraction.length + (binary === undefined ? power : 0));
  return sign === "-" ? -nanos : nanos;
}

function shiftDecimal(digits: bigint, power: number): bigint {
  if (power >= 0) return digits * 10n ** BigInt(power);
  const divisor = 10n ** BigInt(-power);
  return (digits + divisor - 1n) / divisor;
}

/** True when both are quantities of the same amount: `1000m` and `1`, `1Gi` and `1024Mi`. */
export function sameQuantity(a: string | number, b: string | number): boolean {
  const amount = parseQuantity(a);
  return amount !== undefined && amount === parseQuantity(b);
}
