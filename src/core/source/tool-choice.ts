import type { ApplicationSource } from "#core/app/types.ts";
import { isSet } from "#core/crd/unsupported.ts";
import { MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";

/** Argo CD's names of the tools. */
export type ToolName = "Helm" | "Kustomize" | "Directory" | "Plugin";

/** Which tools `argocd-cm` has left on; Directory stands for Jsonnet, since plain files cannot be turned off. */
export type EnabledTools = Readonly<Record<"Helm" | "Kustomize" | "Directory", boolean>>;

const blocks = [
  ["kustomize", "Kustomize"],
  ["helm", "Helm"],
  ["directory", "Directory"],
  ["plugin", "Plugin"],
] as const satisfies readonly (readonly [keyof ApplicationSource, ToolName])[];

/**
 * The blocks of a source that name a tool, in Argo CD's order; more than one is a mistake. A block that is there but empty names none,
 * except a plugin's, which may be found by its own rules.
 */
export function toolBlocksOf(source: ApplicationSource): readonly (typeof blocks)[number][] {
  return blocks.filter(([field]) => {
    const block = source[field];
    return block !== undefined && (field === "plugin" || isSet(block as JsonValue));
  });
}

const kustomizations: ReadonlySet<string> = new Set([
  "kustomization.yaml",
  "kustomization.yml",
  "Kustomization",
]);

export interface ToolChoice {
  /** Names of the files in the source's directory. */
  readonly files: readonly string[];
  readonly enabled: EnabledTools;
}

/**
 * The tool of a source: the one it names, else what its files say. A tool that is turned off is passed over, and what is left is
 * the plain directory. Throws RENDER_INVALID when the source names two.
 */
export function chooseTool(source: ApplicationSource, { files, enabled }: ToolChoice): ToolName {
  const named = toolBlocksOf(source);
  if (named.length > 1) {
    const fields = named.map(([field]) => field).join(" and ");
    throw new MooringError("RENDER_INVALID", `source has ${fields}; keep one of them`);
  }
  const explicit = named[0]?.[1] ?? (source.chart === undefined || source.chart === "" ? undefined : "Helm");
  if (explicit === "Plugin") return explicit;
  if (explicit !== undefined) return enabled[explicit] ? explicit : "Directory";
  if (enabled.Helm && files.includes("Chart.yaml")) return "Helm";
  return enabled.Kustomize && files.some((name) => kustomizations.has(name)) ? "Kustomize" : "Directory";
}
