import { createHash } from "node:crypto";
import type { DeletionHookType } from "#core/app/index.ts";
import { deletionHookTypes, joinRevisions } from "#core/app/index.ts";
import { normalizeDesired } from "#core/compare/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { JsonValue, KubeObject, ObjectKey } from "#core/object/index.ts";
import {
  canonicalJson,
  formatObjectKey,
  gvkOf,
  isKubeObject,
  keyOf,
  objectKey,
  parseObjectKey,
  viewString,
} from "#core/object/index.ts";
import type { FieldPath } from "#core/sops/index.ts";
import { refuseEncrypted } from "#core/sops/index.ts";
import { viewHooks } from "#core/tracking/index.ts";
import type { Discovery, ResourceType } from "#ports/cluster.ts";
import type { RenderResult } from "#ports/renderer.ts";

/** One object that Git wants in the cluster, placed in its namespace and carrying our tracking metadata. */
export interface DesiredObject {
  readonly key: ObjectKey;
  /** Undefined while the cluster does not serve the kind. */
  readonly type: ResourceType | undefined;
  readonly apiVersion: string;
  /** SHA-256 over the canonical JSON: what a remembered verdict is about. */
  readonly digest: string;
  /** File and document it came from. */
  readonly origin: string;
  /** Fields that hold what was decrypted; nobody may show them. */
  readonly secretPaths?: readonly FieldPath[];
  /** Parses the compact copy; keep the result no longer than needed. */
  read(): KubeObject;
}

interface DesiredProblem {
  readonly key: ObjectKey;
  readonly kind: "repeated" | "excluded" | "unknown-kind" | "no-namespace";
  readonly message: string;
}

/** What one source rendered to. */
export interface RenderedSource {
  /** How messages tell it from the other sources. */
  readonly name: string;
  /** Undefined when the source only lends files to others. */
  readonly render: RenderResult | undefined;
}

export interface Desired {
  /** By source: a full commit id, a chart version or a digest. */
  readonly revisions: readonly string[];
  /** The revisions as one text: equal texts are equal revisions. */
  readonly revision: string;
  /** By source; empty for one that renders nothing. */
  readonly sourceTypes: readonly string[];
  /** Of the renders, before placement. */
  readonly renderDigest: string;
  readonly objects: readonly DesiredObject[];
  readonly problems: readonly DesiredProblem[];
  /** The hooks among the objects that run when the application is deleted. */
  readonly deletionHooks: readonly DeletionHookType[];
}

export interface Placement {
  readonly discovery: Discovery;
  /** Where namespaced objects without a namespace go; empty when the application names none. */
  readonly namespace: string;
  /** True for objects that the settings keep out; they are not managed. */
  readonly excludes: (key: ObjectKey) => boolean;
  /** Puts the tracking metadata on an object. */
  readonly track: (object: KubeObject) => KubeObject;
}

interface Placed {
  /** The hooks of a deletion that the object is. */
  readonly deletionHooks: readonly DeletionHookType[];
  readonly object: DesiredObject;
  readonly problem?: DesiredProblem;
}

function digestOf(sources: readonly RenderedSource[]): string {
  const digests = sources.map(({ render }) => render?.digest ?? "");
  const [only] = digests;
  if (only !== undefined && digests.length === 1) return only;
  return createHash("sha256").update(digests.join("\n")).digest("hex");
}

function parseManifests(render: RenderResult): readonly KubeObject[] {
  const parsed = JSON.parse(Buffer.from(render.manifests).toString("utf8")) as JsonValue;
  if (!Array.isArray(parsed)) throw new MooringError("INTERNAL", "render: the manifests are no JSON array");
  return parsed.filter((value) => isKubeObject(value));
}

/** Scopes of the custom kinds that the same render defines: `group/Kind` → namespaced. */
function scopesOf(objects: readonly KubeObject[]): ReadonlyMap<string, boolean> {
  const definitions = objects.filter((object) => object.kind === "CustomResourceDefinition");
  return new Map(
    definitions.map((crd) => [
      `${viewString(crd, "spec", "group") ?? ""}/${viewString(crd, "spec", "names", "kind") ?? ""}`,
      viewString(crd, "spec", "scope") !== "Cluster",
    ]),
  );
}

function compact(object: KubeObject): { readonly digest: string; readonly read: () => KubeObject } {
  // Not Buffer.from: small buffers are cut from a shared block, which one long-lived object would keep as a whole.
  const bytes = new TextEncoder().encode(canonicalJson(object));
  const digest = createHash("sha256").update(bytes).digest("hex");
  return { digest, read: () => JSON.parse(new TextDecoder().decode(bytes)) as KubeObject };
}

/** Puts one object where it belongs: cluster-scoped kinds lose their namespace, namespaced ones get the destination's. */
function placeOne(
  object: KubeObject,
  origin: string,
  at: Placement & { readonly scopes: ReadonlyMap<string, boolean> },
): Placed {
  const gvk = gvkOf(object);
  const served = at.discovery.typeOf(gvk.group, gvk.kind, gvk.version);
  const type = served?.version === gvk.version ? served : undefined;
  const namespaced =
    served?.namespaced ??
    at.scopes.get(`${gvk.group}/${gvk.kind}`) ??
    object.metadata.namespace !== undefined;
  const { namespace: own, ...metadata } = object.metadata;
  const namespace = namespaced ? (own === undefined || own === "" ? at.namespace : own) : "";
  const placed: KubeObject = {
    ...object,
    metadata: namespace === "" ? metadata : { ...metadata, namespace },
  };
  const tracked = normalizeDesired(at.track(placed));
  const desired: DesiredObject = {
    key: placedKey(tracked),
    type,
    apiVersion: object.apiVersion,
    origin,
    ...compact(tracked),
  };
  const problem = problemOf(desired, { namespaced, servedVersion: served?.version, at });
  const { types } = viewHooks(object);
  const deletionHooks = types.includes("Skip")
    ? []
    : deletionHookTypes.filter((type) => types.includes(type));
  return { object: desired, deletionHooks, ...(problem === undefined ? {} : { problem }) };
}

/** Until it is named, an object with `generateName` goes by that: no name ends in a dash, and several of one kind are told apart. */
function placedKey(object: KubeObject): ObjectKey {
  const { name = "", generateName = "" } = object.metadata;
  const key = keyOf(object);
  return name === "" && generateName !== "" ? objectKey({ ...parseObjectKey(key), name: generateName }) : key;
}

function problemOf(
  desired: DesiredObject,
  found: {
    readonly namespaced: boolean;
    readonly servedVersion: string | undefined;
    readonly at: Placement & { readonly scopes: ReadonlyMap<string, boolean> };
  },
): DesiredProblem | undefined {
  const [group = "", kind = "", namespace = "", name = ""] = desired.key.split("/");
  if (found.namespaced && namespace === "") {
    return {
      key: desired.key,
      kind: "no-namespace",
      message: `${kind}/${name} (${desired.origin}): metadata.namespace is missing and the application names no destination namespace; set spec.destination.namespace`,
    };
  }
  if (desired.type !== undefined || found.at.scopes.has(`${group}/${kind}`)) return undefined;
  const hint =
    found.servedVersion === undefined
      ? "install the CustomResourceDefinition that defines it, or correct apiVersion and kind"
      : `the cluster serves it as ${group === "" ? "" : `${group}/`}${found.servedVersion}; change apiVersion`;
  return {
    key: desired.key,
    kind: "unknown-kind",
    message: `${kind}/${namespace === "" ? "" : `${namespace}/`}${name} (${desired.origin}): the cluster does not serve ${desired.apiVersion} ${kind}; ${hint}`,
  };
}

/** Of several objects without names none stands for another. */
function apart(object: DesiredObject, others: ReadonlyMap<ObjectKey, unknown>): DesiredObject {
  const parts = parseObjectKey(object.key);
  let { key } = object;
  for (let i = 2; others.has(key); i += 1) key = objectKey({ ...parts, name: `${parts.name}#${i}` });
  return { ...object, key };
}

interface Rendered {
  readonly source: KubeObject;
  readonly origin: string;
  readonly secretPaths: readonly FieldPath[];
}

function parseSource({ name, render }: RenderedSource, several: boolean): readonly Rendered[] {
  if (render === undefined) return [];
  return parseManifests(render).map((source, i) => {
    const origin = render.origins[i] ?? "";
    const secretPaths = render.secretPaths?.[i] ?? [];
    return { source, origin: several ? `${name}: ${origin}` : origin, secretPaths };
  });
}

/**
 * Turns renders into the objects that one application wants in one cluster. Of an object that is rendered twice, by one source or by two,
 * the last one stands, and both places are named. Throws SECRET_ENCRYPTED.
 */
export function placeDesired(
  sources: readonly RenderedSource[],
  revisions: readonly string[],
  placement: Placement,
): Desired {
  const rendered = sources.flatMap((source) => parseSource(source, sources.length > 1));
  const at = { ...placement, scopes: scopesOf(rendered.map(({ source }) => source)) };
  const byKey = new Map<ObjectKey, DesiredObject>();
  const problems: DesiredProblem[] = [];
  const deletionHooks = new Set<DeletionHookType>();
  for (const { source, origin, secretPaths } of rendered) {
    const { object: placed, problem, deletionHooks: hooks } = placeOne(source, origin, at);
    const own = secretPaths.length === 0 ? placed : { ...placed, secretPaths };
    const object = source.metadata.name === undefined ? apart(own, byKey) : own;
    if (placement.excludes(object.key)) {
      problems.push({
        key: object.key,
        kind: "excluded",
        message: `${formatObjectKey(object.key)} (${object.origin}): excluded by resource.exclusions or resource.inclusions of argocd-cm; it is not managed`,
      });
      continue;
    }
    refuseEncrypted(source, origin);
    const before = byKey.get(object.key);
    if (before !== undefined) {
      problems.push({
        key: object.key,
        kind: "repeated",
        message: `${object.key.split("/")[1] ?? ""}/${source.metadata.name}: defined in ${before.origin} and again in ${object.origin}; the last one is used, remove one of them`,
      });
    }
    byKey.set(object.key, object);
    for (const hook of hooks) deletionHooks.add(hook);
    if (problem !== undefined) problems.push(problem);
  }
  return {
    revisions,
    revision: joinRevisions(revisions),
    sourceTypes: sources.map(({ render }) => render?.sourceType ?? ""),
    renderDigest: digestOf(sources),
    objects: [...byKey.values()],
    problems,
    deletionHooks: [...deletionHooks],
  };
}
