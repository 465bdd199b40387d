import type { Application } from "#core/app/index.ts";
import { parseApplication, sourcesOf } from "#core/app/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { repositoryMatchKey } from "#core/repo/index.ts";
import type { Invocation } from "../../command.ts";
import { appNamespaceFlag, defineCommand, noArgs } from "../../command.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { listHub, openHub } from "../../hub.ts";
import { createPaint } from "../../output/paint.ts";
import { printValue, shownApplication } from "../../output/print-value.ts";
import { formatTable } from "../../output/table.ts";
import { paintWords } from "../../view/app-details.ts";
import { formatDestination, formatPolicyShort } from "../../view/app-view.ts";

const flags = {
  ...appNamespaceFlag,
  "all-namespaces": { type: "boolean", short: "A", description: "Of every namespace of the cluster" },
  output: {
    type: "string",
    short: "o",
    choices: ["wide", "name", "json", "yaml"],
    description: "Output format",
  },
  selector: {
    type: "string",
    short: "l",
    value: "SELECTOR",
    description: "Labels, such as team=shop,tier!=db",
  },
  project: { type: "strings", short: "p", value: "NAME", description: "Only of this project" },
  cluster: {
    type: "string",
    short: "c",
    value: "NAME|URL",
    description: "Only those deployed to this cluster",
  },
  repo: { type: "string", short: "r", value: "URL", description: "Only those deployed from this repository" },
} as const;

type ListFlags = Invocation<typeof flags>["flags"];

export const command = defineCommand({
  name: "app list",
  summary: "List applications",
  args: noArgs,
  flags,
  run: async (invocation, ports) => {
    await using hub = await openHub(invocation, ports);
    const objects = await listHub(hub, hubTypes.application, {
      namespace:
        invocation.flags["all-namespaces"] === true
          ? ""
          : (invocation.flags["app-namespace"] ?? hub.namespace),
      labelSelector: invocation.flags.selector,
      signal: ports.signal,
    });
    const chosen = objects.filter((object) => isChosen(object, invocation.flags)).toSorted(byName);
    const { output } = invocation.flags;
    if (output === "json" || output === "yaml") {
      printValue(ports.stdout, output, chosen.map((object) => shownApplication(object)) as JsonValue);
    } else if (output === "name") {
      ports.stdout.write(chosen.map((object) => `${nameOf(object)}\n`).join(""));
    } else {
      const paint = createPaint(ports, ports.stdout, invocation.flags.color);
      ports.stdout.write(paintWords(formatTable([header, ...chosen.map((object) => rowOf(object))]), paint));
    }
    return 0;
  },
});

const header = [
  "NAME",
  "CLUSTER",
  "NAMESPACE",
  "PROJECT",
  "STATUS",
  "HEALTH",
  "SYNCPOLICY",
  "CONDITIONS",
  "REPO",
  "PATH",
  "TARGET",
];

function byName(a: KubeObject, b: KubeObject): number {
  return nameOf(a) < nameOf(b) ? -1 : 1;
}

function nameOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ""}/${object.metadata.name ?? ""}`;
}

function isChosen(object: KubeObject, { project, cluster, repo }: ListFlags): boolean {
  const app = readable(object);
  if (project.length > 0 && !project.includes(viewString(object, "spec", "project") ?? "")) return false;
  if (cluster !== undefined) {
    const { server, name } = app?.spec.destination ?? {};
    if (server !== cluster && name !== cluster) return false;
  }
  if (repo === undefined) return true;
  const wanted = repositoryMatchKey(repo);
  return app !== undefined && sourcesOf(app).some((source) => repositoryMatchKey(source.repoURL) === wanted);
}

/** Undefined for an Application that cannot be read: it is listed all the same. */
function readable(object: KubeObject): Application | undefined {
  try {
    return parseApplication(object);
  } catch (error) {
    if (!isMooringError(error, "APP_INVALID")) throw error;
    return undefined;
  }
}

function rowOf(object: KubeObject): readonly string[] {
  const app = readable(object);
  if (app === undefined) {
    const project = viewString(object, "spec", "project") ?? "";
    return [nameOf(object), "", "", project, "Unknown", "Unknown", "", "InvalidSpecError", "", "", ""];
  }
  const { spec, status } = app;
  const conditions = new Set((status?.conditions ?? []).map(({ type }) => type));
  const [source] = sourcesOf(app);
  return [
    nameOf(app),
    formatDestination(app),
    spec.destination.namespace ?? "",
    spec.project,
    status?.sync?.status ?? "Unknown",
    status?.health?.status ?? "Unknown",
    formatPolicyShort(app),
    conditions.size === 0 ? "<none>" : [...conditions].toSorted().join(","),
    source?.repoURL ?? "",
    source?.path ?? source?.chart ?? "",
    source?.targetRevision ?? "",
  ];
}
