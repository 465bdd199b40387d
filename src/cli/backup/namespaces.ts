import type { BackupKind, BackupPlace } from "#core/backup/index.ts";
import { viewString } from "#core/object/index.ts";
import { namespaceRule } from "#core/project/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { Flags, FlagValues } from "../command.ts";
import type { CliHub } from "../hub.ts";

export const backupNamespaceFlags = {
  "application-namespaces": {
    type: "strings",
    value: "GLOBS",
    description:
      "Other namespaces with Applications, separated by commas; application.namespaces of argocd-cmd-params-cm by default",
  },
  "applicationset-namespaces": {
    type: "strings",
    value: "GLOBS",
    description:
      "Other namespaces with ApplicationSets; applicationsetcontroller.namespaces of argocd-cmd-params-cm by default",
  },
} as const satisfies Flags;

/** Which namespaces have the objects of a backup. */
export interface BackupNamespaces extends BackupPlace {
  /** Whether any namespace but the control plane's may have objects of a kind. */
  readonly looksElsewhere: (kind: BackupKind) => boolean;
  /** Which namespaces these are, in words: a backup of fewer would have the objects of the others deleted by a prune. */
  readonly scope: string;
}

/** Reads from flags, or else from the installation, which other namespaces have Applications. Throws CONFIG_INVALID for a glob that is none. */
export async function readNamespaces(
  flags: FlagValues<typeof backupNamespaceFlags>,
  hub: CliHub,
  signal: AbortSignal,
): Promise<BackupNamespaces> {
  const ref = { type: hubTypes.configMap, namespace: hub.namespace, name: "argocd-cmd-params-cm" };
  const [parameters, { compilePattern }] = await Promise.all([
    hub.cluster.read(ref, signal),
    import("#runtime/patterns.ts"),
  ]);
  const globsOf = (given: readonly string[], key: string): readonly string[] => {
    const lists = given.length > 0 ? given : [viewString(parameters, "data", key) ?? ""];
    return [...new Set(lists.flatMap((list) => wordsOf(list)))].toSorted();
  };
  const applications = globsOf(flags["application-namespaces"], "application.namespaces");
  const sets = globsOf(flags["applicationset-namespaces"], "applicationsetcontroller.namespaces");
  const rules: Readonly<Partial<Record<BackupKind, ((namespace: string) => boolean) | undefined>>> = {
    Application: namespaceRule(applications, compilePattern),
    ApplicationSet: namespaceRule(sets, compilePattern),
  };
  const named = (globs: readonly string[]): string => (globs.length === 0 ? "none" : globs.join(" "));
  return {
    namespace: hub.namespace,
    admits: (kind, namespace) => rules[kind]?.(namespace) ?? false,
    looksElsewhere: (kind) => rules[kind] !== undefined,
    scope: `with Applications of other namespaces: ${named(applications)}; ApplicationSets: ${named(sets)}`,
  };
}

function wordsOf(list: string): readonly string[] {
  return list
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}
