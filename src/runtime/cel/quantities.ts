import { parseQuantity } from "#core/merge/quantity.ts";
import type { Environment } from "./library.ts";

const name = "kubernetes.Quantity";
const one = 1_000_000_000n;

/** An amount in billionths. */
class Quantity {
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

/** Functions of quantities, such as `quantity(self.cpu).isLessThan(quantity('2'))`. */
export function registerQuantities(environment: Environment): void {
  environment.registerType(name, { ctor: Quantity });
  const method = (signature: string, call: (a: Quantity, b: Quantity) => unknown): void => {
    environment.registerFunction(`${name}.${signature}`, call);
  };
  environment.registerFunction(
    "isQuantity(string): bool",
    (text: string) => parseQuantity(text) !== undefined,
  );
  environment.registerFunction(`quantity(string): ${name}`, (text: string) => {
    const nanos = parseQuantity(text);
    if (nanos === undefined) throw new Error(`quantities must match the regular expression`);
    return new Quantity(nanos);
  });
  method(`isLessThan(${name}): bool`, (a, b) => a.nanos < b.nanos);
  method(`isGreaterThan(${name}): bool`, (a, b) => a.nanos > b.nanos);
  method(`compareTo(${name}): int`, (a, b) => (a.nanos < b.nanos ? -1n : a.nanos > b.nanos ? 1n : 0n));
  method(`add(${name}): ${name}`, (a, b) => new Quantity(a.nanos + b.nanos));
  method(`sub(${name}): ${name}`, (a, b) => new Quantity(a.nanos - b.nanos));
  method("isInteger(): bool", (a) => a.nanos % one === 0n);
  method("asInteger(): int", (a) => a.nanos / one);
  method("asApproximateFloat(): double", (a) => Number(a.nanos) / Number(one));
  method("sign(): int", (a) => (a.nanos < 0n ? -1n : a.nanos > 0n ? 1n : 0n));
}
