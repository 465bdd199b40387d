import type { Environment } from "./library.ts";

type Comparable = bigint | number | string | boolean | Date;
type Numeric = bigint | number;

/** Functions of lists: `isSorted`, `sum`, `min`, `max`, `indexOf`, `lastIndexOf`. */
export function registerLists(environment: Environment): void {
  environment.registerFunction("list.isSorted(): bool", (list: readonly Comparable[]) =>
    list.every((item, i) => i === 0 || (list[i - 1] ?? item) <= item),
  );
  environment.registerFunction("list.sum(): dyn", (list: readonly Numeric[]) =>
    list.reduce((sum, item) => addNumbers(sum, item), 0n),
  );
  environment.registerFunction("list.min(): dyn", (list: readonly Comparable[]) =>
    pick(list, (a, b) => (b < a ? b : a)),
  );
  environment.registerFunction("list.max(): dyn", (list: readonly Comparable[]) =>
    pick(list, (a, b) => (b > a ? b : a)),
  );
  environment.registerFunction("list.indexOf(dyn): int", (list: readonly unknown[], item: unknown) =>
    BigInt(list.indexOf(item)),
  );
  environment.registerFunction("list.lastIndexOf(dyn): int", (list: readonly unknown[], item: unknown) =>
    BigInt(list.lastIndexOf(item)),
  );
}

function addNumbers(a: Numeric, b: Numeric): Numeric {
  return typeof a === "bigint" && typeof b === "bigint" ? a + b : Number(a) + Number(b);
}

function pick(list: readonly Comparable[], better: (a: Comparable, b: Comparable) => Comparable): Comparable {
  const [first, ...rest] = list;
  if (first === undefined) throw new Error("min/max called on empty list");
  return rest.reduce((best, item) => better(best, item), first);
}
