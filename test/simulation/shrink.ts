import type { FaultKind } from "./faults.ts";
import { faultKinds } from "./faults.ts";
import type { Verdict } from "./run-seed.ts";
import type { SeedOptions } from "./seed-runner.ts";

export interface Shrunk {
  readonly options: SeedOptions;
  readonly verdict: Verdict;
}

type Run = (options: SeedOptions) => Promise<Verdict>;

/**
 * Finds fewer steps and fewer kinds of faults with which the seed still fails: halves first, then single ones, as in delta debugging
 * (Zeller and Hildebrandt, 2002).
 */
export async function shrink(failing: SeedOptions, run: Run): Promise<Shrunk> {
  let best: Shrunk = { options: failing, verdict: await run(failing) };
  const attempt = async (options: SeedOptions): Promise<boolean> => {
    const verdict = await run(options);
    if (verdict.findings.length === 0) return false;
    best = { options, verdict };
    return true;
  };
  const numbers = Array.from({ length: failing.steps }, (_, number) => number);
  await reduce([...(failing.only ?? numbers)], (kept) => attempt({ ...best.options, only: new Set(kept) }));
  await reduce<FaultKind>(
    faultKinds.filter((kind) => failing.without?.has(kind) !== true),
    (kept) =>
      attempt({ ...best.options, without: new Set(faultKinds.filter((kind) => !kept.includes(kind))) }),
  );
  return best;
}

/** Leaves out as many items as it can while what remains still fails. */
async function reduce<T>(
  items: readonly T[],
  fails: (kept: readonly T[]) => Promise<boolean>,
): Promise<void> {
  let kept = items;
  for (let size = Math.ceil(kept.length / 2); size >= 1 && kept.length > 0;) {
    let hasShrunk = false;
    for (let at = 0; at < kept.length;) {
      const rest = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (await fails(rest)) {
        kept = rest;
        hasShrunk = true;
      } else at += size;
    }
    if (size === 1 && !hasShrunk) return;
    size = size === 1 ? 1 : Math.ceil(size / 2);
  }
}
