/**
 * The canonical text of a quantity, as the API server stores it: `1000m` is `1`, `1024Mi` is `1Gi`, `0.5` is `500m`.
 * Undefined when the text is no quantity.
 */
export function canonicalQuantity(value: string | number): string | undefined {
  const text = typeof value === "number" ? plainNumber(value) : value;
  const match = text.length > maxDigits ? null : pattern.exec(text);
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = "", suffix = "", exponent] = match;
  if (whole === "" && fraction === "") return undefined;
  const digits = BigInt(whole + fraction);
  const prefix = sign === "-" && digits !== 0n ? "-" : "";
  const binary = binarySuffixes.indexOf(suffix);
  if (binary > 0) return prefix + formatBinary(digits << BigInt(10 * binary), fraction.length);
  const power = exponent === undefined ? decimalPower(suffix) : Number(exponent);
  const amount = roundToNanos({ digits, power: power - fraction.length });
  return prefix + (exponent === undefined ? formatDecimal(amount) : formatExponent(amount));
}

const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,3}))?$/;
const binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const decimalSuffixes: ReadonlyMap<number, string> = new Map([
  [-9, "n"],
  [-6, "u"],
  [-3, "m"],
  [0, ""],
  [3, "k"],
  [6, "M"],
  [9, "G"],
  [12, "T"],
  [15, "P"],
  [18, "E"],
]);
const maxDigits = 400;

/** `digits` × 10^`power`. */
interface Amount {
  readonly digits: bigint;
  readonly power: number;
}

/** JavaScript writes large and small numbers with an exponent, which would change the quantity's format. */
function plainNumber(value: number): string {
  const text = String(value);
  return text.includes("e") && Number.isInteger(value) ? BigInt(value).toString() : text;
}

function decimalPower(suffix: string): number {
  for (const [power, text] of decimalSuffixes) if (text === suffix) return power;
  return 0;
}

/** Nothing finer than a billionth is kept; the rest is rounded away from zero. */
function roundToNanos({ digits, power }: Amount): Amount {
  if (power >= -9) return { digits, power };
  const divisor = 10n ** BigInt(-9 - power);
  return { digits: (digits + divisor - 1n) / divisor, power: -9 };
}

/** Powers of ten moved so that the exponent is a multiple of three and the digits have as few zeros as can be. */
function withoutZeros({ digits, power }: Amount): Amount {
  let amount = { digits, power };
  while (amount.digits !== 0n && amount.digits % 10n === 0n) {
    amount = { digits: amount.digits / 10n, power: amount.power + 1 };
  }
  const excess = ((amount.power % 3) + 3) % 3;
  return { digits: amount.digits * 10n ** BigInt(excess), power: amount.power - excess };
}

function formatDecimal(amount: Amount): string {
  if (amount.digits === 0n) return "0";
  const { digits, power } = withoutZeros(amount);
  if (power > 18) return `${digits * 10n ** BigInt(power - 18)}E`;
  return `${digits}${decimalSuffixes.get(power) ?? ""}`;
}

function formatExponent(amount: Amount): string {
  if (amount.digits === 0n) return "0";
  const { digits, power } = withoutZeros(amount);
  return power === 0 ? `${digits}` : `${digits}e${power}`;
}

/** Small amounts of a binary quantity are written in decimal, others as a whole number. */
function formatBinary(scaled: bigint, fractionDigits: number): string {
  const divisor = 10n ** BigInt(fractionDigits);
  if (scaled / divisor < 1024n) {
    return formatDecimal(roundToNanos({ digits: scaled, power: -fractionDigits }));
  }
  let [whole, suffix] = [(scaled + divisor - 1n) / divisor, 0];
  while (whole % 1024n === 0n && suffix < binarySuffixes.length - 1)
    [whole, suffix] = [whole / 1024n, suffix + 1];
  return `${whole}${binarySuffixes[suffix]}`;
}

/** A canonical quantity without what is finer than a thousandth, as amounts of resources are kept. */
export function roundUpToMilli(text: string): string {
  const match = /^(-?)(\d+)([nu])$/.exec(text);
  if (match === null) return text;
  const [, sign = "", digits = "", suffix] = match;
  const divisor = suffix === "n" ? 1_000_000n : 1_000n;
  const rounded = sign === "-" ? BigInt(digits) / divisor : (BigInt(digits) + divisor - 1n) / divisor;
  return canonicalQuantity(`${sign}${rounded}m`) ?? text;
}
