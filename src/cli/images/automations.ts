import type { AutomationView } from "#core/images/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { ObjectRef } from "#ports/cluster.ts";
import type { Flags } from "../command.ts";
import type { CliHub } from "../hub.ts";
import { notFound } from "../hub.ts";
import { formatTable } from "../output/table.ts";

export const automationNamespaceFlag = {
  "app-namespace": {
    type: "string",
    short: "N",
    value: "NAME",
    description: "Namespace of the ImageAutomation; the control plane's by default",
  },
} as const satisfies Flags;

/** An ImageAutomation's name as commands take it: `shop`, or `namespace/shop`. */
export function automationRef(hub: CliHub, name: string, namespace: string | undefined): ObjectRef {
  const slash = name.indexOf("/");
  return {
    type: hubTypes.imageAutomation,
    namespace: slash < 0 ? (namespace ?? hub.namespace) : name.slice(0, slash),
    name: name.slice(slash + 1),
  };
}

/** Throws APP_NOT_FOUND that names what is there instead. */
export async function readAutomation(hub: CliHub, ref: ObjectRef, signal: AbortSignal): Promise<KubeObject> {
  const object = await hub.cluster.read(ref, signal);
  if (object !== undefined) return object;
  throw await notFound(hub, ref, signal);
}

/** What `image get` prints. */
export function formatAutomation(view: AutomationView): string {
  const { images, proposals } = view;
  const ready = view.isSuspended ? "suspended" : `${view.ready} (${view.reason}) ${view.message}`;
  const fields = [
    ["Name:", `${view.namespace}/${view.name}`],
    ["Project:", view.project],
    ["Writes to:", view.target],
    ["Ready:", view.ready === "" ? "not looked at yet" : ready],
    ["Last commit:", view.lastCommit],
    ...proposals.map((url) => ["Proposed:", url]),
    ["Last scan:", view.lastScan],
    ["Next scan:", view.nextScan],
  ].filter(([, value]) => value !== "");
  const rows = images.map(({ image, policy, tag, digest, problem }) => [image, policy, tag, digest, problem]);
  const table =
    rows.length === 0 ? "" : `\n${formatTable([["IMAGE", "POLICY", "TAG", "DIGEST", "PROBLEM"], ...rows])}`;
  return `${formatTable(fields)}${table}`;
}
