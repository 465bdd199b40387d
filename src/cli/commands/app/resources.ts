import type { Application } from "#core/app/index.ts";
import type { JsonValue, ObjectKeyParts } from "#core/object/index.ts";
import { parseProject } from "#core/project/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { appNamespaceFlag, defineCommand, oneApp } from "../../command.ts";
import type { CliHub } from "../../hub.ts";
import { appRef, openHub, readApplication } from "../../hub.ts";
import { createPaint } from "../../output/paint.ts";
import { printValue } from "../../output/print-value.ts";
import type { CliPorts } from "../../ports.ts";
import { askOrphanTree, askResources, orphaned } from "../../server/ask-tree.ts";
import { formatTable } from "../../output/table.ts";
import type { TreeNode } from "../../view/tree.ts";

type Resource = Partial<ObjectKeyParts> & { readonly orphaned?: boolean };

interface Listing {
  readonly hub: CliHub;
  readonly ports: CliPorts;
  readonly onlyOrphaned: boolean;
}

/** Asked first: to look for orphans needs more rights than to see what an Application manages. */
async function watchesForOrphans({ spec }: Application, hub: CliHub, { signal }: CliPorts): Promise<boolean> {
  const ref = { type: hubTypes.project, namespace: hub.namespace, name: spec.project };
  const project = await hub.cluster.read(ref, signal);
  return project !== undefined && parseProject(project).spec.orphanedResources !== undefined;
}

/** What the Application manages, then what nobody manages in its namespace, if its project watches for that. */
async function listResources(
  app: Application,
  { hub, ports, onlyOrphaned }: Listing,
): Promise<readonly Resource[]> {
  const managed = app.status?.resources ?? [];
  if (hub.api !== undefined) {
    const { orphanedNodes = [] } = await askResources(hub.api, app, ports.signal);
    const orphans = orphanedNodes.map(({ group = "", kind = "", namespace = "", name = "" }) => {
      return { group, kind, namespace, name, orphaned: true };
    });
    return onlyOrphaned ? orphans : [...managed, ...orphans];
  }
  if (!onlyOrphaned && !(await watchesForOrphans(app, hub, ports))) return managed;
  const { readOrphans } = await import("../../view/orphans.ts");
  const { orphans, notes } = await readOrphans(app, hub, ports);
  for (const note of notes) ports.stderr.write(`mooring: ${note}\n`);
  const marked = orphans.map((one) => ({ ...one, orphaned: true }));
  return onlyOrphaned ? marked : [...managed, ...marked];
}

/** What the Application manages with what that created, then the same of what nobody manages. */
async function readTrees(app: Application, listing: Listing): Promise<readonly TreeNode[]> {
  const { hub, ports, onlyOrphaned } = listing;
  const { readTree } = await import("../../view/tree.ts");
  const managed = onlyOrphaned ? [] : await readTree(app, hub, ports);
  if (hub.api !== undefined) return [...managed, ...(await askOrphanTree(hub.api, app, ports.signal))];
  if (!onlyOrphaned && !(await watchesForOrphans(app, hub, ports))) return managed;
  const { readOrphans } = await import("../../view/orphans.ts");
  const { orphans, notes } = await readOrphans(app, hub, ports);
  for (const note of notes) ports.stderr.write(`mooring: ${note}\n`);
  return [...managed, ...orphans.map((one) => orphanNode(one))];
}

function orphanNode({ group, kind, name }: ObjectKeyParts): TreeNode {
  const unknown = { uid: undefined, createdAt: undefined, health: "", message: "", children: [] };
  return { ...unknown, group, kind, name, status: orphaned };
}

export const command = defineCommand({
  name: "app resources",
  summary: "List an application's objects",
  args: oneApp,
  flags: {
    ...appNamespaceFlag,
    orphaned: { type: "boolean", description: "List only what no Application manages in its namespace" },
    output: {
      type: "string",
      short: "o",
      choices: ["wide", "tree", "tree=detailed", "json", "yaml"],
      description: "Output format",
    },
  },
  run: async (invocation, ports) => {
    const { flags } = invocation;
    await using hub = await openHub(invocation, ports);
    const ref = appRef(hub, invocation.args[0] ?? "", flags["app-namespace"]);
    const app = await readApplication(hub, ref, ports.signal);
    const onlyOrphaned = flags.orphaned === true;
    if (flags.output === "tree" || flags.output === "tree=detailed") {
      const { formatTree } = await import("../../view/tree.ts");
      const paint = createPaint(ports, ports.stdout, flags.color);
      const tree = await readTrees(app, { hub, ports, onlyOrphaned });
      const detailed = flags.output === "tree=detailed";
      ports.stdout.write(formatTree(tree, { detailed, paint, nowMs: ports.clock.now() }));
      return 0;
    }
    const resources = await listResources(app, { hub, ports, onlyOrphaned });
    if (flags.output === "json" || flags.output === "yaml") {
      printValue(ports.stdout, flags.output, resources as JsonValue);
      return 0;
    }
    const rows = resources.map((one) => [
      one.group ?? "",
      one.kind ?? "",
      one.namespace ?? "",
      one.name ?? "",
      one.orphaned === true ? "Yes" : "No",
    ]);
    ports.stdout.write(formatTable([["GROUP", "KIND", "NAMESPACE", "NAME", "ORPHANED"], ...rows]));
    return 0;
  },
});
