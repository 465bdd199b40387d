import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { viewPath } from "#core/object/index.ts";
import { ApiError } from "../api-error.ts";
import type { ServedKind } from "../kinds/served-kind.ts";

/** Whether an object meets a selector. */
export type FieldMatcher = (object: KubeObject) => boolean;

interface Term {
  readonly field: string;
  readonly value: string;
  readonly wanted: boolean;
}

/** Fields by which a kind can be selected beyond its name and namespace, as the API server supports them. */
const fieldsOf: Readonly<Record<string, readonly string[]>> = {
  "/pods": [
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "spec.hostNetwork",
    "status.phase",
    "status.podIP",
    "status.nominatedNodeName",
  ],
  "/events": [
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.name",
    "involvedObject.uid",
    "involvedObject.apiVersion",
    "involvedObject.resourceVersion",
    "involvedObject.fieldPath",
    "reason",
    "reportingComponent",
    "source",
    "type",
  ],
  "/secrets": ["type"],
  "/namespaces": ["status.phase"],
  "/nodes": ["spec.unschedulable"],
  "/services": ["spec.clusterIP", "spec.type"],
  "/replicationcontrollers": ["status.replicas"],
  "apps/replicasets": ["status.replicas"],
  "batch/jobs": ["status.successful"],
  "certificates.k8s.io/certificatesigningrequests": ["spec.signerName"],
};

/** Parses the `fieldSelector` of a request for a kind; throws BadRequest for what is none and for fields that cannot be selected by. */
export function parseFieldSelector(kind: ServedKind, text: string): FieldMatcher {
  if (text === "") return () => true;
  const terms = text
    .split(/(?<!\\),/)
    .filter((part) => part !== "")
    .map((part) => parseTerm(kind, part));
  return (object) => terms.every(({ field, value, wanted }) => (fieldOf(object, field) === value) === wanted);
}

/** The name that a selector asks for, so that a list need not look at all others. */
export function nameInFieldSelector(text: string): string | undefined {
  return /^metadata\.name==?([^,=!\\]+)$/.exec(text)?.[1];
}

function parseTerm(kind: ServedKind, part: string): Term {
  const [, field, operator, value] = /^([^!=]+)(!=|==|=)(.*)$/s.exec(part) ?? [];
  if (field === undefined || value === undefined) {
    throw new ApiError("BadRequest", `invalid selector: '${part}'; can't understand '${part}'`);
  }
  if (!isSelectable(kind, field)) throw unknownField(kind, field);
  return { field, value: value.replaceAll(/\\([\\,=])/g, "$1"), wanted: operator !== "!=" };
}

function unknownField(kind: ServedKind, field: string): ApiError {
  const isPlain = !kind.isCustom && fieldsOf[kind.resource] === undefined;
  return new ApiError(
    "BadRequest",
    isPlain
      ? `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`
      : `field label not supported: ${field}`,
  );
}

function isSelectable(kind: ServedKind, field: string): boolean {
  if (field === "metadata.name" || field === "metadata.namespace") return true;
  if (fieldsOf[kind.resource]?.includes(field) === true) return true;
  return kind.selectableFields?.includes(field) === true;
}

function fieldOf(object: KubeObject, field: string): string {
  if (field === "status.successful") return printed(viewPath(object, "status", "succeeded"));
  if (field === "source") return printed(viewPath(object, "source", "component"));
  return printed(viewPath(object, ...field.split(".")));
}

function printed(value: JsonValue | undefined): string {
  return typeof value === "object" || value === undefined ? "" : String(value);
}
