import type { ObjectRef } from "#ports/cluster.ts";
import type { CliHub } from "./hub.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { appRef, listHub } from "./hub.ts";
import { usageError } from "./usage-error.ts";
import { viewString } from "#core/object/index.ts";

/** Flags that choose several Applications. */
export const selectionFlags = {
  selector: { type: "string", short: "l", value: "SELECTOR", description: "Applications with these labels" },
  project: { type: "strings", value: "NAME", description: "Applications of this project" },
} as const;

export interface Selection {
  readonly names: readonly string[];
  readonly selector: string | undefined;
  readonly project: readonly string[];
  readonly namespace: string | undefined;
  /** For messages, such as `app sync`. */
  readonly command: string;
}

/** The Applications that a command line names or selects. Throws CLI_USAGE when it does neither, or nothing is selected. */
export async function selectApps(
  hub: CliHub,
  selection: Selection,
  signal: AbortSignal,
): Promise<readonly ObjectRef[]> {
  const { names, selector, project, command } = selection;
  // A script whose variable is not set writes `-l ""`, and means anything but all of them.
  if (selector !== undefined && /^[\s,]*$/u.test(selector)) {
    throw usageError(
      `${command}: -l is empty, which would select every application; give a selector, or names`,
    );
  }
  if (names.length > 0) {
    if (selector !== undefined || project.length > 0) {
      throw usageError(`${command}: names and a selector exclude each other; leave out one of them`);
    }
    return [...new Set(names)].map((name) => appRef(hub, name, selection.namespace));
  }
  if (selector === undefined && project.length === 0) {
    throw usageError(`${command} needs an application; write: mooring ${command} APPNAME, or -l SELECTOR`);
  }
  const namespace = selection.namespace ?? hub.namespace;
  const objects = await listHub(hub, hubTypes.application, { namespace, labelSelector: selector, signal });
  const chosen = objects.filter(
    (object) => project.length === 0 || project.includes(viewString(object, "spec", "project") ?? ""),
  );
  if (chosen.length === 0) throw usageError(`${command}: no application is selected; see: mooring app list`);
  return chosen.map((object) => ({
    type: hubTypes.application,
    namespace,
    name: object.metadata.name ?? "",
  }));
}
