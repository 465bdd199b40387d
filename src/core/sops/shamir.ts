/**
 * Shamir's secret sharing over GF(2^8), the field of AES, as SOPS splits a data key between key groups: the last byte of a
 * part is its x, and each other byte a value of the polynomial whose constant term is a byte of the secret.
 */
export function combineParts(parts: readonly Uint8Array[]): Uint8Array {
  const length = parts[0]?.length ?? 0;
  const xs = parts.map((part) => part[length - 1] ?? 0);
  const malformed = parts.length < 2 || length < 2 || parts.some((part) => part.length !== length);
  if (malformed || xs.includes(0) || new Set(xs).size !== xs.length) {
    throw new RangeError("the parts of the data key do not fit together");
  }
  const weights = xs.map((x, at) => weightAtZero(x, xs.toSpliced(at, 1)));
  const secret = new Uint8Array(length - 1);
  for (let byte = 0; byte < secret.length; byte += 1) {
    for (const [at, part] of parts.entries()) {
      secret[byte] = (secret[byte] ?? 0) ^ multiply(part[byte] ?? 0, weights[at] ?? 0);
    }
  }
  return secret;
}

/** The Lagrange basis polynomial of `x` at zero; subtraction is exclusive or. */
function weightAtZero(x: number, others: readonly number[]): number {
  return others.reduce((weight, other) => multiply(weight, multiply(other, invert(x ^ other))), 1);
}

function multiply(a: number, b: number): number {
  let product = 0;
  let shifted = a;
  for (let bits = b; bits > 0; bits >>= 1) {
    if ((bits & 1) === 1) product ^= shifted;
    shifted = (shifted << 1) ^ ((shifted & 0x80) === 0 ? 0 : 0x11b);
  }
  return product;
}

/** The power 254: every element but zero to the power 255 is one. */
function invert(a: number): number {
  let power = 1;
  for (let bit = 7; bit >= 0; bit -= 1) {
    power = multiply(power, power);
    if (((254 >> bit) & 1) === 1) power = multiply(power, a);
  }
  return power;
}
