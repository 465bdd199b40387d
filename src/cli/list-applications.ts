import type { KubeObject } from "#core/object/index.ts";
import { viewArray } from "#core/object/index.ts";
import { checkSourceNamespace } from "#core/project/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { BackupNamespaces } from "./backup/namespaces.ts";
import { readNamespaces } from "./backup/namespaces.ts";
import type { CliHub } from "./hub.ts";
import { listHub } from "./hub.ts";
import type { CliPorts } from "./ports.ts";

type Place = Pick<BackupNamespaces, "admits" | "looksElsewhere">;

/** The Applications of the control plane's namespace and of the others that are looked at. */
export async function listPlacedApplications(
  hub: CliHub,
  { admits, looksElsewhere }: Place,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  // Who may look into one namespace alone is not asked for more.
  if (!looksElsewhere("Application")) return await listHub(hub, hubTypes.application, { signal });
  const all = await listHub(hub, hubTypes.application, { namespace: "", signal });
  return all.filter(
    ({ metadata: { namespace = "" } }) => namespace === hub.namespace || admits("Application", namespace),
  );
}

/**
 * Every Application of the installation, in whichever namespace: a server gives those that it looks at, and on a cluster
 * `ARGOCD_APPLICATION_NAMESPACES` or else `application.namespaces` of argocd-cmd-params-cm says where they are. Where neither does, a
 * controller may have been told by its flags: then the namespaces that `project` permits are looked at, too.
 */
export async function listAllApplications(
  hub: CliHub,
  { ports, project }: { readonly ports: CliPorts; readonly project?: KubeObject },
): Promise<readonly KubeObject[]> {
  const { signal, env } = ports;
  if (hub.api !== undefined) return await listHub(hub, hubTypes.application, { namespace: "", signal });
  const inherited = env["ARGOCD_APPLICATION_NAMESPACES"];
  const given = {
    "application-namespaces": inherited === undefined ? [] : [inherited],
    "applicationset-namespaces": [],
  };
  const place = await readNamespaces(given, hub, signal);
  const permits = place.looksElsewhere("Application") ? undefined : await permittedBy(project, hub);
  const named =
    permits === undefined ? place : { admits: permitsApplications(permits), looksElsewhere: () => true };
  return await listPlacedApplications(hub, named, signal);
}

function permitsApplications(permits: (namespace: string) => boolean): Place["admits"] {
  return (_kind, namespace) => permits(namespace);
}

async function permittedBy(
  project: KubeObject | undefined,
  hub: CliHub,
): Promise<((namespace: string) => boolean) | undefined> {
  const sourceNamespaces = viewArray(project, "spec", "sourceNamespaces").filter(
    (one) => typeof one === "string",
  );
  if (project === undefined || sourceNamespaces.length === 0) return undefined;
  const { compilePattern } = await import("#runtime/patterns.ts");
  const kindOf = { apiVersion: "argoproj.io/v1alpha1", kind: "AppProject" } as const;
  // One that cannot be read as a whole must be deletable, too.
  const view = { ...kindOf, metadata: { name: project.metadata.name ?? "" }, spec: { sourceNamespaces } };
  const home = { controllerNamespace: hub.namespace, compilePattern };
  return (namespace) => checkSourceNamespace(view, { ...home, namespace }) === undefined;
}

/** How messages call an Application: by its name, with the namespace where that is not the control plane's. */
export function formatAppName({ metadata: { namespace, name = "" } }: KubeObject, hub: CliHub): string {
  return namespace === undefined || namespace === hub.namespace ? name : `${namespace}/${name}`;
}
