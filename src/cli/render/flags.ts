import type { Flags, FlagValues } from "../command.ts";
import { appNamespaceFlag } from "../command.ts";
import { toolFlags } from "../source-flags/flags.ts";

/** What sources are told of where they go. */
export const contextFlags = {
  name: { type: "string", value: "NAME", description: "Name of the Application; the directory's by default" },
  project: { type: "string", value: "NAME", description: "Project in build variables; default by default" },
  "dest-namespace": { type: "string", value: "NAME", description: "Namespace that charts are told; default" },
  "kube-version": { type: "string", value: "VERSION", description: "Kubernetes version that charts see" },
  "api-versions": { type: "strings", value: "API", description: "API versions that charts see" },
  "kustomize-build-options": {
    type: "string",
    value: "OPTIONS",
    description: "As kustomize.buildOptions of argocd-cm, such as --enable-helm",
  },
} as const satisfies Flags;

export const renderFlags = {
  ...toolFlags,
  ...appNamespaceFlag,
  repo: { type: "string", value: "URL", description: "Render from this Git repository" },
  revision: { type: "string", description: "Branch, tag, commit or version range; HEAD by default" },
  path: { type: "string", value: "DIR", description: "Directory inside the repository of --repo" },
  ...contextFlags,
  output: { type: "string", short: "o", choices: ["yaml", "json", "name"], description: "Output format" },
  trace: { type: "boolean", description: "Also say on standard error what was read" },
  diff: { type: "string", value: "REVISION", description: "Show what changed since this revision instead" },
  "exit-code": { type: "boolean", description: "With --diff: exit with 1 for a difference" },
} as const satisfies Flags;

export type RenderValues = FlagValues<typeof renderFlags>;
