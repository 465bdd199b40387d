import type { Flags, FlagValues } from "../command.ts";
import { toolFlags } from "../source-flags/flags.ts";
import { planFlags } from "../sync-fields.ts";

/** What decides what is pushed where, the same for a plan and for its apply. */
export const pushFlags = {
  ...toolFlags,
  to: {
    type: "string",
    value: "CONTEXT",
    description: "Kubeconfig context of the cluster to apply to; in-cluster for the one that this runs in",
  },
  namespace: { type: "string", value: "NAME", description: "Namespace of objects that name none; default" },
  name: { type: "string", value: "NAME", description: "Name of the application; the directory's by default" },
  file: {
    type: "strings",
    short: "f",
    value: "FILE",
    description: "Manifests in place of PATH, - for standard input",
  },
  app: {
    type: "string",
    value: "FILE",
    description: "File with an Application, whose source, options and name count; PATH stands for its source",
  },
  "kustomize-build-options": {
    type: "string",
    value: "OPTIONS",
    description: "As kustomize.buildOptions of argocd-cm, such as --enable-helm",
  },
  prune: planFlags.prune,
  force: planFlags.force,
  replace: planFlags.replace,
  "server-side": planFlags["server-side"],
  "apply-out-of-sync-only": planFlags["apply-out-of-sync-only"],
  strategy: planFlags.strategy,
  "sync-option": {
    type: "strings",
    value: "NAME=VALUE",
    description: "A sync option, such as CreateNamespace=true or AllowMassPrune=true",
  },
  "confirm-deletion": {
    type: "boolean",
    description: "Confirm the deletion of what asks for it with Prune=confirm",
  },
  adopt: {
    type: "boolean",
    description: "Take over objects that carry the application's mark, although nothing was pushed before",
  },
} as const satisfies Flags;

export type PushValues = FlagValues<typeof pushFlags>;
