import { apiLife, checkValue } from "#core/manifest-check/index.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import {
  formatFieldPath,
  isJsonArray,
  isJsonObject,
  isKubeObject,
  parseApiVersion,
} from "#core/object/index.ts";
import type { Finding, Manifest } from "./finding.ts";
import type { Schemas } from "./schemas.ts";

export interface Checking {
  readonly schemas: Schemas;
  /** Minor version of the Kubernetes that it is for. */
  readonly minor: number;
  readonly ignoreMissingSchemas: boolean;
}

export interface Checked {
  readonly findings: readonly Finding[];
  /** Objects that were looked at. */
  readonly objects: number;
}

export function checkManifests(manifests: readonly Manifest[], checking: Checking): Checked {
  const findings: Finding[] = [];
  let objects = 0;
  for (const manifest of manifests) {
    for (const one of expandList(manifest)) {
      if (isOfATool(one.value)) continue;
      const found = checkOne(one, checking);
      if (found === undefined) continue;
      objects += 1;
      findings.push(...found);
    }
  }
  return { findings, objects };
}

function expandList(manifest: Manifest): readonly Manifest[] {
  const { value } = manifest;
  if (!isJsonObject(value) || value["kind"] !== "List" || !isJsonArray(value["items"])) return [manifest];
  return value["items"].map((item, i) => ({
    ...manifest,
    value: item,
    lineOf: (path) => manifest.lineOf(["items", i, ...path]),
  }));
}

/** What no API server ever sees. */
function isOfATool(value: JsonValue): boolean {
  if (!isJsonObject(value) || typeof value["apiVersion"] !== "string") return false;
  return parseApiVersion(value["apiVersion"]).group === "kustomize.config.k8s.io";
}

/** Undefined for what is no object and need not be one. */
function checkOne(manifest: Manifest, checking: Checking): readonly Finding[] | undefined {
  const { value, isNamed } = manifest;
  if (!isJsonObject(value))
    return isNamed ? [problem(manifest, "", [[], "it is no object; write a map"])] : undefined;
  const hasSome = value["apiVersion"] !== undefined && value["kind"] !== undefined;
  if (!hasSome && !isNamed) return undefined;
  if (isKubeObject(value)) return checkObject(value, manifest, checking);
  return [problem(manifest, "", [[], `it is no Kubernetes object: ${missingIn(value)}`])];
}

function missingIn(value: JsonObject): string {
  const wrong = ["apiVersion", "kind"].find((name) => typeof value[name] !== "string");
  return wrong === undefined ? "metadata must be a map" : `${wrong} must be text`;
}

function checkObject(object: KubeObject, manifest: Manifest, checking: Checking): readonly Finding[] {
  const { apiVersion, kind } = object;
  const name = nameOf(object);
  const life = apiLife(apiVersion, kind, checking.minor);
  const outdated = life === undefined ? [] : [lifeFinding(life, { object, manifest, minor: checking.minor })];
  const known = checking.schemas.find(object);
  if (known === undefined) {
    if (life !== undefined || checking.ignoreMissingSchemas) return outdated;
    const fix = "correct apiVersion and kind, or give its CustomResourceDefinition with --crds";
    return [problem(manifest, name, [["kind"], `no schema is known of ${apiVersion} ${kind}; ${fix}`])];
  }
  // What controllers write is not what a manifest is about.
  const { status: _, ...desired } = object as JsonObject;
  const problems = checkValue(desired, known.schema, { find: known.find });
  const located = problems.map(({ path, message }) => {
    const text = path.length === 0 ? `it ${message}` : `field ${formatFieldPath(path)} ${message}`;
    return problem(manifest, name, [path, text]);
  });
  return [...outdated, ...located];
}

interface Outdated {
  readonly object: KubeObject;
  readonly manifest: Manifest;
  readonly minor: number;
}

function lifeFinding(
  life: NonNullable<ReturnType<typeof apiLife>>,
  { object, manifest, minor }: Outdated,
): Finding {
  const { apiVersion, kind } = object;
  const fix =
    life.replacement === undefined ? "nothing takes its place; remove it" : `write ${life.replacement}`;
  const what =
    life.state === "removed"
      ? `${apiVersion} ${kind} is not served by Kubernetes 1.${minor}: it was removed in 1.${life.removedIn}; ${fix}`
      : `${apiVersion} ${kind} is deprecated and will be gone in Kubernetes 1.${life.removedIn}; ${fix}`;
  const found = problem(manifest, nameOf(object), [["apiVersion"], what]);
  return { ...found, severity: life.state === "removed" ? "error" : "warning" };
}

function nameOf({ kind, metadata }: KubeObject): string {
  const name = metadata.name ?? `${metadata.generateName ?? ""}*`;
  return `${kind} ${metadata.namespace === undefined ? "" : `${metadata.namespace}/`}${name}`;
}

function problem(
  { file, lineOf }: Manifest,
  object: string,
  [path, message]: readonly [readonly (string | number)[], string],
): Finding {
  return { severity: "error", file, line: lineOf(path), object, message };
}
