import type { SourceTree } from "#ports/source-tree.ts";

/** Argo CD's names of the tools, as far as files tell them apart. */
export type DetectedTool = "Helm" | "Kustomize" | "Directory";

const kustomizations = new Set(["kustomization.yaml", "kustomization.yml", "Kustomization"]);

/**
 * The tool that Argo CD would choose for a path when the source names none: a `Chart.yaml` means Helm, a kustomization
 * file Kustomize, anything else (a missing path included) a plain directory.
 */
export async function detectTool(tree: SourceTree, path: string, signal: AbortSignal): Promise<DetectedTool> {
  const entries = (await tree.list(path, signal)) ?? [];
  const names = entries.filter((entry) => entry.type !== "directory").map((entry) => entry.name);
  if (names.includes("Chart.yaml")) return "Helm";
  return names.some((name) => kustomizations.has(name)) ? "Kustomize" : "Directory";
}
