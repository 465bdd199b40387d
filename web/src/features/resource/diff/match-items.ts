import type { Json } from "../manifest/json.ts";
import { isJsonObject, isSame } from "../manifest/json.ts";

/** What tells the items of lists in Kubernetes apart. */
const keys = ["name", "key", "mountPath", "containerPort", "port", "host", "path", "ip", "uid", "type"];

/** The field by which the items of these lists are the same ones; undefined when none tells them apart. */
function keyOfItems(lists: readonly (readonly Json[])[]): string | undefined {
  return keys.find((key) =>
    lists.every((list) => {
      const values = list.map((item) => (isJsonObject(item) ? item[key] : undefined));
      const isTold = values.every((value) => typeof value === "string" || typeof value === "number");
      return isTold && new Set(values).size === values.length;
    }),
  );
}

export type Pair = readonly [left: number | undefined, right: number | undefined];

/** Which item of one list is which of another, by position; what is in one only stands alone. */
export function pairItems(left: readonly Json[], right: readonly Json[]): readonly Pair[] {
  const key = keyOfItems([left, right]);
  if (key !== undefined) return pairByKey(left, right, key);
  if (left.length === right.length) return left.map((_, i) => [i, i]);
  return pairEqual(left, right, isSame);
}

function pairByKey(left: readonly Json[], right: readonly Json[], key: string): readonly Pair[] {
  const valueOf = (item: Json): Json | undefined => (isJsonObject(item) ? item[key] : undefined);
  const places = new Map(right.map((item, i) => [valueOf(item), i]));
  const paired = left.map((item, i): Pair => [i, places.get(valueOf(item))]);
  const found = new Set(paired.map(([, i]) => i));
  return [
    ...paired,
    ...right
      .keys()
      .filter((i) => !found.has(i))
      .map((i): Pair => [undefined, i]),
  ];
}

/** A table of more than so many places takes too long. */
const maxTable = 4_000_000;

/** A longest common subsequence; lists that are too long for it have only their beginning and their end in common. */
export function pairEqual<T>(
  left: readonly T[],
  right: readonly T[],
  isEqual: (a: T, b: T) => boolean,
): readonly Pair[] {
  const same = (i: number, j: number): boolean => isEqual(left[i] as T, right[j] as T);
  let start = 0;
  while (start < left.length && start < right.length && same(start, start)) start += 1;
  let end = 0;
  while (
    end < left.length - start &&
    end < right.length - start &&
    same(left.length - 1 - end, right.length - 1 - end)
  )
    end += 1;
  const [rows, columns] = [left.length - start - end, right.length - start - end];
  const middle =
    rows * columns > maxTable
      ? apart(rows, columns)
      : longest(rows, columns, (i, j) => same(start + i, start + j));
  return [
    ...Array.from({ length: start }, (_, i): Pair => [i, i]),
    ...middle.map(([i, j]): Pair => [
      i === undefined ? undefined : start + i,
      j === undefined ? undefined : start + j,
    ]),
    ...Array.from({ length: end }, (_, i): Pair => [left.length - end + i, right.length - end + i]),
  ];
}

function apart(rows: number, columns: number): readonly Pair[] {
  return [
    ...Array.from({ length: rows }, (_, i): Pair => [i, undefined]),
    ...Array.from({ length: columns }, (_, j): Pair => [undefined, j]),
  ];
}

function longest(rows: number, columns: number, same: (i: number, j: number) => boolean): readonly Pair[] {
  const width = columns + 1;
  const lengths = new Uint32Array((rows + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = rows - 1; i >= 0; i -= 1) {
    for (let j = columns - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = same(i, j) ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: Pair[] = [];
  let [i, j] = [0, 0];
  while (i < rows || j < columns) {
    if (i < rows && j < columns && same(i, j)) pairs.push([i++, j++]);
    else if (i < rows && (j === columns || at(i + 1, j) >= at(i, j + 1))) pairs.push([i++, undefined]);
    else pairs.push([undefined, j++]);
  }
  return pairs;
}
