import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import type { Random } from "../random.ts";

/** An object as Git has it. Equal versions are equal contents, whichever commit they are from. */
export interface GitObject {
  readonly kind: Kind;
  readonly name: string;
  readonly version: number;
  readonly wave: number;
  /** It is run in this phase instead of being kept. */
  readonly hook: "PreSync" | "PostSync" | "PreDelete" | "PostDelete" | undefined;
  /** It never becomes healthy. */
  readonly isBroken: boolean;
}

const kinds = {
  ConfigMap: { apiVersion: "v1", resource: "/configmaps", plural: "configmaps" },
  Secret: { apiVersion: "v1", resource: "/secrets", plural: "secrets" },
  Service: { apiVersion: "v1", resource: "/services", plural: "services" },
  Deployment: { apiVersion: "apps/v1", resource: "apps/deployments", plural: "deployments" },
  Job: { apiVersion: "batch/v1", resource: "batch/jobs", plural: "jobs" },
} as const;

export type Kind = keyof typeof kinds;

export const kindNames = Object.keys(kinds) as readonly Kind[];

/** Where objects of the kind are kept in the store of a cluster. */
export const resourceOf = (kind: Kind): string => kinds[kind].resource;
export const pluralOf = (kind: Kind): string => kinds[kind].plural;
export const apiVersionOf = (kind: Kind): string => kinds[kind].apiVersion;

const versionAnnotation = "simulation.mooring.dev/version";

/** What no log, event or status may hold. */
export const secretMark = "hush";

/** The version of a live object that came from Git; undefined for other objects. */
export function versionOf(object: KubeObject): number | undefined {
  const text = viewString(object, "metadata", "annotations", versionAnnotation);
  return text === undefined ? undefined : Number(text);
}

/** What it is called in a cluster: a Job cannot be changed, so each version of one is another object. */
export function liveNameOf({ kind, name, version, hook }: GitObject): string {
  return kind === "Job" && hook === undefined ? `${name}-${version}` : name;
}

export function drawObject(random: Random, name: string, version: number): GitObject {
  const [kind, wave] = [random.pick(weightedKinds), random.pick([0, 0, 0, 1, 2, -1])];
  const [isHook, phase, breaks] = [random.chance(0.3), random.pick(phases), random.chance(0.1)];
  const hook = kind === "Job" && isHook ? phase : undefined;
  return {
    kind,
    name: `${name}-${kind.toLowerCase()}`,
    version,
    wave,
    hook,
    isBroken: kind === "Deployment" && breaks,
  };
}

const phases = ["PreSync", "PostSync", "PreSync", "PostSync", "PreDelete", "PostDelete"] as const;

const weightedKinds: readonly Kind[] = [
  "ConfigMap",
  "ConfigMap",
  "ConfigMap",
  "Secret",
  "Secret",
  "Service",
  "Deployment",
  "Job",
];

export function manifestOf(object: GitObject): KubeObject {
  const { kind, version, wave, hook } = object;
  const annotations: Record<string, string> = { [versionAnnotation]: `${version}` };
  if (wave !== 0) annotations["argocd.argoproj.io/sync-wave"] = `${wave}`;
  if (hook !== undefined) {
    annotations["argocd.argoproj.io/hook"] = hook;
    annotations["argocd.argoproj.io/hook-delete-policy"] = "BeforeHookCreation";
  }
  return {
    apiVersion: apiVersionOf(kind),
    kind,
    metadata: { name: liveNameOf(object), annotations },
    ...contentOf(object),
  };
}

function contentOf({ kind, name, version, isBroken }: GitObject): JsonObject {
  switch (kind) {
    case "ConfigMap":
      return { data: { version: `${version}`, text: `text ${version}` } };
    case "Secret":
      return { type: "Opaque", data: { value: base64(`${secretMark}-${version}`) } };
    case "Service":
      return {
        spec: { selector: { app: name }, ports: [{ name: "http", port: 8_000 + (version % 1_000) }] },
      };
    case "Deployment":
      return {
        spec: {
          replicas: 1,
          selector: { matchLabels: { app: name } },
          template: podTemplate(name, isBroken ? "simulate.mooring.dev/fail" : `example.com/web:${version}`),
        },
      };
    case "Job":
      return { spec: { template: podTemplate(name, `example.com/work:${version}`, "Never") } };
    default:
      throw new Error(`unhandled kind: ${JSON.stringify(kind satisfies never)}`);
  }
}

function podTemplate(name: string, image: string, restartPolicy = "Always"): JsonObject {
  return {
    metadata: { labels: { app: name } },
    spec: { restartPolicy, containers: [{ name: "main", image }] },
  };
}

export function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
