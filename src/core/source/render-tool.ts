import type { JsonObject } from "#core/object/index.ts";

export interface JsonnetVariable {
  readonly name: string;
  readonly value: string;
  /** The value is Jsonnet, not text. */
  readonly code: boolean;
}

export interface DirectorySource {
  readonly tool: "directory";
  readonly recurse: boolean;
  /** Globs over paths relative to the source path; `{a,b}` alternatives allowed; empty means everything. */
  readonly include: string;
  readonly exclude: string;
  /** Read every selected file, whatever its extension. */
  readonly disableExtensionFilter?: boolean;
  readonly jsonnet?: {
    readonly extVars: readonly JsonnetVariable[];
    readonly tlas: readonly JsonnetVariable[];
    /** Directories relative to the root of the tree. */
    readonly libs: readonly string[];
  };
}

export type HelmValues =
  | { readonly kind: "text"; readonly text: string }
  /** A path relative to the root of the tree, or below a mount; a glob selects its matches in byte order. */
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "url"; readonly url: string };

export interface HelmSource {
  readonly tool: "helm";
  readonly releaseName: string;
  readonly namespace: string;
  /** Later ones win. */
  readonly values: readonly HelmValues[];
  /** Over all values. */
  readonly parameters: readonly {
    readonly name: string;
    readonly value: string;
    readonly forceString: boolean;
  }[];
  readonly fileParameters: readonly { readonly name: string; readonly path: string }[];
  readonly ignoreMissingValueFiles: boolean;
  readonly skipCrds: boolean;
  readonly skipTests: boolean;
  readonly skipSchemaValidation: boolean;
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
}

export interface KustomizeSource {
  readonly tool: "kustomize";
  /** What `kustomize edit` would write before the build; field names are those of Argo CD's `source.kustomize`. */
  readonly edits: JsonObject;
  readonly buildOptions: KustomizeBuildOptions;
  /** Another version than the built-in one, as a program of the user's; `options` are its own. */
  readonly program?: { readonly version: string; readonly path: string; readonly options: readonly string[] };
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
}

export interface KustomizeBuildOptions {
  readonly enableHelm: boolean;
  readonly enableAlphaPlugins: boolean;
  readonly loadRestrictor: "rootOnly" | "none";
  readonly reorder: "legacy" | "none" | "";
}

/** A config management plugin; an empty name means the one whose discovery rules match. */
export interface PluginSource {
  readonly tool: "plugin";
  readonly plugin: string;
  readonly appName: string;
  readonly env: readonly { readonly name: string; readonly value: string }[];
}

/** How to render: one member for each tool. */
export type RenderTool = DirectorySource | HelmSource | KustomizeSource | PluginSource;
