import type { AutomationView } from "#core/images/index.ts";
import type { Flags } from "../command.ts";
import { formatTable } from "../output/table.ts";
import type { AutomationName } from "./port.ts";

export const automationNamespaceFlag = {
  "app-namespace": {
    type: "string",
    short: "N",
    value: "NAME",
    description: "Namespace of the ImageAutomation; the control plane's by default",
  },
} as const satisfies Flags;

/** An ImageAutomation's name as commands take it: `shop`, or `namespace/shop`. */
export function automationName(given: string, namespace: string): AutomationName {
  const slash = given.indexOf("/");
  return {
    namespace: slash < 0 ? namespace : given.slice(0, slash),
    name: given.slice(slash + 1),
  };
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
