import type { EnabledTools } from "./tool-choice.ts";

/** What `argocd-cm` says about rendering. */
export interface SourceSettings {
  /** `helm.enable`, `kustomize.enable`, `jsonnet.enable`. */
  readonly enabled: EnabledTools;
  /** `helm.valuesFileSchemes`: URL schemes that values files may have. */
  readonly valuesFileSchemes: readonly string[];
  /** `kustomize.buildOptions`, as written. */
  readonly buildOptions: string;
  /** `kustomize.buildOptions.<version>` by version; a version that is only registered has empty options. */
  readonly versionBuildOptions: Readonly<Record<string, string>>;
  /** `kustomize.path.<version>` by version: the program to run for it. */
  readonly versionPaths: Readonly<Record<string, string>>;
}

export const defaultSourceSettings: SourceSettings = Object.freeze({
  enabled: { Helm: true, Kustomize: true, Directory: true },
  valuesFileSchemes: ["https", "http"],
  buildOptions: "",
  versionBuildOptions: {},
  versionPaths: {},
});
