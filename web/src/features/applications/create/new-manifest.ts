import type { AnswerOf, RequestOf } from "../../../lib/api/index.ts";
import { isRecord } from "../../application/is-same.ts";
import type { Source } from "../../application/source/edit-source.ts";
import { sourcesIn } from "../../application/source/edit-source.ts";

export type Manifest = NonNullable<RequestOf<"application", "create">["application"]>;
type Project = NonNullable<AnswerOf<"project", "list">["items"]>[number];
export type Spec = NonNullable<Manifest["spec"]>;

const finalizer = "resources-finalizer.argocd.argoproj.io";

/** What the form begins with. */
export function firstManifest(namespace: string): Manifest {
  return {
    metadata: { name: "", namespace, finalizers: [finalizer] },
    spec: {
      project: "default",
      source: { repoURL: "", path: "", targetRevision: "" },
      destination: { server: "https://kubernetes.default.svc", namespace: "" },
      syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ["CreateNamespace=true"] },
    },
  };
}

/** Whether what the application deploys goes with it when it is deleted. */
export function isCascading({ metadata }: Manifest): boolean {
  return (metadata?.finalizers ?? []).includes(finalizer);
}

export function withCascade(manifest: Manifest, isOn: boolean): Manifest {
  const others = (manifest.metadata?.finalizers ?? []).filter((one) => one !== finalizer);
  const { finalizers: _before, ...metadata } = manifest.metadata ?? {};
  const finalizers = isOn ? [...others, finalizer] : others;
  return { ...manifest, metadata: { ...metadata, ...(finalizers.length === 0 ? {} : { finalizers }) } };
}

/** As it stands in a file. */
export function asYamlObject(manifest: Manifest): object {
  return { apiVersion: "argoproj.io/v1alpha1", kind: "Application", ...manifest };
}

/** Of what was typed as YAML; what is wrong with it otherwise. */
export function manifestIn(value: Readonly<Record<string, unknown>>): Manifest | string {
  const { apiVersion: _version, kind, metadata, spec } = value;
  if (kind !== "Application") return "kind must be Application.";
  if (!isRecord(metadata)) return "metadata is missing: it has the name.";
  if (!isRecord(spec)) return "spec is missing: it says what is deployed where.";
  // The server checks every field when it is created, and says which one is wrong.
  return { metadata, spec } as Manifest;
}

export interface Errors {
  readonly name?: string;
  readonly project?: string;
  readonly repoURL?: string;
  readonly path?: string;
  readonly targetRevision?: string;
  readonly cluster?: string;
  readonly namespace?: string;
}

const dnsName = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/u;
const maxNameLength = 253;
const maxNamespaceLength = 63;

export interface Known {
  /** Undefined while they are not known. */
  readonly projects: readonly Project[] | undefined;
}

/** What is wrong with it, by field. */
export function errorsOf(manifest: Manifest, { projects }: Known): Errors {
  const { metadata, spec = {} } = manifest;
  const sources = sourcesIn(spec);
  const found = {
    name: nameError(metadata?.name ?? ""),
    project: projectError(spec.project ?? "", projects),
    ...sourceErrors(sources[0] ?? {}),
    cluster: clusterError(spec),
    namespace: namespaceError(spec.destination?.namespace ?? ""),
  };
  return Object.fromEntries(Object.entries(found).filter(([, error]) => error !== undefined));
}

function nameError(name: string): string | undefined {
  if (name === "") return "Give it a name.";
  if (name.length > maxNameLength) return `It is longer than ${maxNameLength} letters.`;
  if (dnsName.test(name)) return undefined;
  return "Only small letters, digits, - and . are possible, with a letter or digit at both ends.";
}

function projectError(name: string, projects: readonly Project[] | undefined): string | undefined {
  if (name === "") return "Choose a project.";
  if (projects === undefined || projects.some(({ metadata }) => metadata?.name === name)) return undefined;
  return `There is no project ${name} that you may see.`;
}

function sourceErrors({
  repoURL = "",
  path = "",
  chart = "",
  ref = "",
  targetRevision = "",
}: Source): Errors {
  return {
    ...(repoURL.trim() === "" ? { repoURL: "Say where the files are." } : {}),
    ...(repoURL.trim() !== "" && path === "" && chart === "" && ref === ""
      ? { path: "Say in which directory; a single dot is the root." }
      : {}),
    ...(path.startsWith("/")
      ? { path: "Write it from the root of the repository, without a / before it." }
      : {}),
    ...(leadsOut(path) ? { path: "It leads out of the repository." } : {}),
    ...(chart !== "" && targetRevision === ""
      ? { targetRevision: "A chart takes a version; * is the newest." }
      : {}),
  };
}

function leadsOut(path: string): boolean {
  let depth = 0;
  for (const step of path.split("/")) {
    if (step === "..") depth -= 1;
    else if (step !== "" && step !== ".") depth += 1;
    if (depth < 0) return true;
  }
  return false;
}

function clusterError({ destination: { server = "", name = "" } = {} }: Spec): string | undefined {
  if (server === "" && name === "") return "Choose a cluster.";
  return server !== "" && name !== "" ? "It has both server and name; keep one of them." : undefined;
}

function namespaceError(namespace: string): string | undefined {
  if (namespace === "") return undefined;
  if (namespace.length > maxNamespaceLength) return `It is longer than ${maxNamespaceLength} letters.`;
  return /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/u.test(namespace)
    ? undefined
    : "Only small letters, digits and - are possible, with a letter or digit at both ends.";
}
