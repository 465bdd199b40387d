import { MooringError } from "#core/errors/index.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewObject, viewString } from "#core/object/index.ts";
import { backupKinds } from "./belongs.ts";
import type { BackupKind } from "./belongs.ts";

export interface BackupPlace {
  /** The control plane's. */
  readonly namespace: string;
  /** Other namespaces whose objects of a kind may be written. */
  readonly admits: (kind: BackupKind, namespace: string) => boolean;
}

/** An object of a backup that may be written, with the namespace that it goes to. */
export interface BackupObject extends KubeObject {
  readonly kind: BackupKind;
  readonly metadata: KubeObject["metadata"] & { readonly name: string; readonly namespace: string };
}

const versions: Readonly<Record<BackupKind, string>> = {
  ConfigMap: "v1",
  Secret: "v1",
  AppProject: "argoproj.io/v1alpha1",
  Application: "argoproj.io/v1alpha1",
  ApplicationSet: "argoproj.io/v1alpha1",
};

/**
 * What stands in a document of a backup, as an object that may be written; `not admitted` when its namespace is one that this control plane
 * does not look at. Throws CONFIG_INVALID naming object, field and fix.
 */
export function checkBackupObject(value: JsonValue, place: BackupPlace): BackupObject | "not admitted" {
  if (!isJsonObject(value)) throw wrong("it is no object; a backup has one object in each document");
  const kind = backupKinds.find((known) => known === value["kind"]);
  const named = viewString(value, "kind") ?? "";
  if (named === "List")
    throw wrong("kind: List is none of a backup's; write its items as documents of their own, between ---");
  if (kind === undefined)
    throw wrong(
      `kind: ${named === "" ? "is missing" : `${named} is none of a backup's`}; it must be one of ${backupKinds.join(", ")}`,
    );
  const apiVersion = versions[kind];
  if (value["apiVersion"] !== apiVersion) throw wrong(`apiVersion: must be ${apiVersion} for kind ${kind}`);
  const name = viewString(value, "metadata", "name") ?? "";
  if (name === "") throw wrong(`${kind}: metadata.name: is missing; add the object's name`);
  const namespace = viewString(value, "metadata", "namespace") ?? place.namespace;
  const object = {
    ...value,
    apiVersion,
    kind,
    metadata: { ...viewObject(value, "metadata"), name, namespace },
  };
  checkShape(object);
  if (namespace === place.namespace || place.admits(kind, namespace)) return object;
  if (kind === "Application" || kind === "ApplicationSet") return "not admitted";
  throw wrong(
    `${kind} ${name}: metadata.namespace: ${namespace} is not the control plane's, ${place.namespace}; remove the field, or name the namespace with -n`,
  );
}

/** Fields that the import itself reads must be what they are said to be; the rest is checked by the API server. */
function checkShape(object: BackupObject): void {
  const { kind, metadata } = object;
  const say = (field: string, what: string) => wrong(`${kind} ${metadata.name}: ${field}: ${what}`);
  for (const field of ["labels", "annotations"] as const) {
    const value: unknown = metadata[field];
    if (value !== undefined && value !== null && !isTextMap(value))
      throw say(`metadata.${field}`, "must be a map of texts; put quotes around its values");
  }
  if (viewArray(object, "metadata", "finalizers").some((one) => typeof one !== "string"))
    throw say("metadata.finalizers", "must be a list of texts; put quotes around them");
  for (const field of ["data", "stringData", "binaryData"]) {
    const value = object[field];
    if (value !== undefined && value !== null && !isTextMap(value))
      throw say(field, "must be a map of texts; put quotes around its values");
  }
  if ((kind === "Application" || kind === "ApplicationSet") && !isJsonObject(object["spec"]))
    throw say("spec", "is missing or no object; write it down");
}

function isTextMap(value: unknown): boolean {
  return isJsonObject(value) && Object.values(value).every((one) => typeof one === "string");
}

function wrong(message: string): MooringError {
  return new MooringError("CONFIG_INVALID", message);
}
