import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { TracedTree } from "./traced-tree.ts";

export const readConcurrency = 8;

/** Reads a file; throws RENDER_TOO_LARGE with the hint when it is larger than the limit. */
export async function readLimited(
  tree: TracedTree,
  path: string,
  options: { readonly maxBytes: number; readonly hint: string; readonly signal: AbortSignal },
): Promise<Uint8Array> {
  try {
    return await tree.read(path, options);
  } catch (error) {
    if (!isMooringError(error, "GIT_TOO_LARGE")) throw error;
    throw new MooringError(
      "RENDER_TOO_LARGE",
      `${path}: file is larger than the limit of ${options.maxBytes} bytes; ${options.hint}`,
      { cause: error },
    );
  }
}

/** What one render may still read. */
export interface ReadBudget {
  readonly maxFileBytes: number;
  readonly maxTotalBytes: number;
  usedBytes: number;
}

export interface BudgetedRead {
  readonly tree: TracedTree;
  readonly budget: ReadBudget;
  readonly signal: AbortSignal;
}

export async function readWithin({ tree, budget, signal }: BudgetedRead, path: string): Promise<Uint8Array> {
  const hint = "make it smaller, or move it out of the chart";
  const content = await readLimited(tree, path, { maxBytes: budget.maxFileBytes, hint, signal });
  budget.usedBytes += content.length;
  if (budget.usedBytes > budget.maxTotalBytes) {
    throw new MooringError(
      "RENDER_TOO_LARGE",
      `${path}: the files read are together larger than the limit of ${budget.maxTotalBytes} bytes; split the application`,
    );
  }
  return content;
}
