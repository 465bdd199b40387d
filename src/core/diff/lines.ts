/** A step of an edit script over two sequences, by index into them. */
export type Step =
  | { readonly kind: "same"; readonly before: number; readonly after: number }
  | { readonly kind: "removed"; readonly before: number }
  | { readonly kind: "added"; readonly after: number };

/** Above this many edits the changed middle is shown as replaced: time and memory grow with the square of it. */
const MAX_EDITS = 1500;

/**
 * The shortest edit script between two texts, line by line (E. Myers, "An O(ND) Difference Algorithm and Its
 * Variations", 1986), removals before additions. Texts that differ in very many lines get a longer script.
 */
export function diffLines(before: readonly string[], after: readonly string[]): readonly Step[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let tail = 0;
  while (
    tail < before.length - start &&
    tail < after.length - start &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail += 1;
  }
  const middle = editScript(
    before.slice(start, before.length - tail),
    after.slice(start, after.length - tail),
  );
  return [
    ...sameRun(0, 0, start),
    ...middle.map((step) => shifted(step, start)),
    ...sameRun(before.length - tail, after.length - tail, tail),
  ];
}

function sameRun(before: number, after: number, count: number): readonly Step[] {
  return Array.from({ length: count }, (_, i) => ({ kind: "same", before: before + i, after: after + i }));
}

function shifted(step: Step, by: number): Step {
  switch (step.kind) {
    case "same":
      return { kind: "same", before: step.before + by, after: step.after + by };
    case "removed":
      return { kind: "removed", before: step.before + by };
    case "added":
      return { kind: "added", after: step.after + by };
  }
}

function editScript(before: readonly string[], after: readonly string[]): readonly Step[] {
  const trace = findPath(before, after);
  return trace === undefined
    ? replaced(before.length, after.length)
    : walkBack(trace, before.length, after.length);
}

function replaced(removed: number, added: number): readonly Step[] {
  return [
    ...Array.from({ length: removed }, (_, before): Step => ({ kind: "removed", before })),
    ...Array.from({ length: added }, (_, after): Step => ({ kind: "added", after })),
  ];
}

/** For each number of edits the furthest point reached on every diagonal; undefined when there are too many edits. */
function findPath(before: readonly string[], after: readonly string[]): readonly Int32Array[] | undefined {
  const limit = Math.min(before.length + after.length, MAX_EDITS);
  const trace: Int32Array[] = [];
  let furthest = new Int32Array(3);
  for (let edits = 0; edits <= limit; edits += 1) {
    const next = new Int32Array(2 * edits + 3);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = edits === 0 ? 0 : startOn({ furthest, edits, diagonal });
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x += 1;
      next[diagonal + edits + 1] = x;
      if (x >= before.length && x - diagonal >= after.length) return [...trace, next];
    }
    trace.push(next);
    furthest = next;
  }
  return undefined;
}

interface Frontier {
  /** Furthest points of one edit less; the diagonal d is at index d + edits. */
  readonly furthest: Int32Array;
  readonly edits: number;
  readonly diagonal: number;
}

/** Comes from the diagonal above (an addition) or below (a removal), whichever reaches further. */
function startOn(frontier: Frontier): number {
  const { furthest, edits, diagonal } = frontier;
  const removal = furthest[diagonal - 1 + edits] ?? 0;
  const addition = furthest[diagonal + 1 + edits] ?? 0;
  return isAddition(frontier) ? addition : removal + 1;
}

function isAddition({ furthest, edits, diagonal }: Frontier): boolean {
  if (diagonal === -edits) return true;
  return diagonal !== edits && (furthest[diagonal - 1 + edits] ?? 0) < (furthest[diagonal + 1 + edits] ?? 0);
}

function walkBack(trace: readonly Int32Array[], removed: number, added: number): readonly Step[] {
  const steps: Step[] = [];
  let [x, y] = [removed, added];
  for (let edits = trace.length - 1; edits > 0; edits -= 1) {
    const frontier = { furthest: trace[edits - 1] ?? new Int32Array(0), edits, diagonal: x - y };
    const start = startOn(frontier);
    while (x > start) steps.push({ kind: "same", before: --x, after: --y });
    if (isAddition(frontier)) steps.push({ kind: "added", after: --y });
    else steps.push({ kind: "removed", before: --x });
  }
  while (x > 0 && y > 0) steps.push({ kind: "same", before: --x, after: --y });
  return steps.toReversed();
}
