import type { KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import type { WriteCheck } from "../rules.ts";
import { templateWarnings } from "./pod-template-warnings.ts";
import { serviceWarnings } from "./service-warnings.ts";

type Warnings = (write: WriteCheck) => readonly string[];

/** By `group/Kind`. */
const warners: Readonly<Record<string, Warnings>> = {
  "/Secret": ({ next }) => secretWarnings(next),
  "/Service": ({ next }) => serviceWarnings(next),
  "discovery.k8s.io/EndpointSlice": ({ next }) =>
    next["addressType"] === "FQDN" ? ["spec.addressType: FQDN endpoints are deprecated"] : [],
  "apps/Deployment": ({ next }) => templateWarnings(next, "spec", "template"),
  "apps/ReplicaSet": ({ next }) => templateWarnings(next, "spec", "template"),
  "apps/StatefulSet": ({ next }) => templateWarnings(next, "spec", "template"),
  "apps/DaemonSet": ({ next }) => templateWarnings(next, "spec", "template"),
  "batch/Job": ({ next }) => templateWarnings(next, "spec", "template"),
  "batch/CronJob": ({ next }) => templateWarnings(next, "spec", "jobTemplate", "spec", "template"),
};

const standardFinalizers = ["orphan", "foregroundDeletion"];

/** A custom resource may have finalizers that do not say whose they are. */
function finalizerWarnings({ next, live }: WriteCheck): readonly string[] {
  const known = [...standardFinalizers, ...(live?.metadata.finalizers ?? [])];
  const added = (next.metadata.finalizers ?? []).filter(
    (name) => !known.includes(name) && !name.includes("/"),
  );
  const advice =
    "prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers";
  return added.map((name) => `metadata.finalizers: ${JSON.stringify(name)}: ${advice}`);
}

function secretWarnings(secret: KubeObject): readonly string[] {
  if (secret["type"] !== "kubernetes.io/tls") return [];
  const certificate = Buffer.from(viewString(secret, "data", "tls.crt") ?? "", "base64").toString("utf8");
  const isPem = certificate.includes("-----BEGIN");
  return isPem ? [] : ["tls: failed to find any PEM data in certificate input"];
}

/** What the API server accepts and warns of. */
export function warningsOf(write: WriteCheck): readonly string[] {
  if (write.subresource !== "" && write.subresource !== "scale") return [];
  const { kind, next, live } = write;
  if (kind.isCustom) return finalizerWarnings(write);
  // Templates are looked at anew only when they may have changed.
  const isSeen = live !== undefined && live.metadata.generation === next.metadata.generation;
  return isSeen && kind.group !== "" ? [] : (warners[`${kind.group}/${kind.kind}`]?.(write) ?? []);
}
