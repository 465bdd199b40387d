import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewObject, viewString } from "#core/object/index.ts";
import { type Defaulter, type Draft, fill, filling, isUnset, open } from "./draft.ts";

const core = "io.k8s.api.core.v1.";
const affinitySeconds = 10_800;

const serviceSpec: Defaulter = (draft) => {
  fill(draft, { sessionAffinity: "None", type: "ClusterIP" });
  const { type } = draft;
  if (draft["sessionAffinity"] === "None") delete draft["sessionAffinityConfig"];
  if (draft["sessionAffinity"] === "ClientIP" && timeoutOf(draft) === undefined) {
    draft["sessionAffinityConfig"] = { clientIP: { timeoutSeconds: affinitySeconds } };
  }
  const isExternal =
    type === "LoadBalancer" ||
    type === "NodePort" ||
    (type === "ClusterIP" && viewArray(draft, "externalIPs").length > 0);
  if (isExternal) fill(draft, { externalTrafficPolicy: "Cluster" });
  if (type !== "ExternalName") fill(draft, { internalTrafficPolicy: "Cluster" });
  if (type === "LoadBalancer") fill(draft, { allocateLoadBalancerNodePorts: true });
};

function timeoutOf(spec: Draft): JsonValue | undefined {
  return viewObject(spec, "sessionAffinityConfig", "clientIP")["timeoutSeconds"];
}

/** Limits of containers: the default is the maximum, the requested the default, then the minimum. */
const limitRangeItem: Defaulter = (draft) => {
  if (draft["type"] !== "Container") return;
  const limits = { ...viewObject(draft, "max"), ...viewObject(draft, "default") };
  draft["default"] = limits;
  draft["defaultRequest"] = {
    ...viewObject(draft, "min"),
    ...limits,
    ...viewObject(draft, "defaultRequest"),
  };
};

const replicationController: Defaulter = (draft) => {
  const labels = viewObject(draft, "spec", "template", "metadata")["labels"];
  if (!isJsonObject(labels)) return;
  const spec = open(draft, "spec");
  if (isEmpty(spec["selector"])) spec["selector"] = labels;
  const metadata = open(draft, "metadata");
  if (isEmpty(metadata["labels"])) metadata["labels"] = labels;
};

function isEmpty(value: JsonValue | undefined): boolean {
  return !isJsonObject(value) || Object.keys(value).length === 0;
}

/** What only pods get and templates do not: requests from limits, ports of the host, links to services. */
const pod: Defaulter = (draft) => {
  const spec = open(draft, "spec");
  fill(spec, { enableServiceLinks: true });
  const onHost = spec["hostNetwork"] === true;
  for (const field of ["containers", "initContainers"]) {
    if (spec[field] === undefined) continue;
    spec[field] = viewArray(spec, field).map((container) =>
      isJsonObject(container) ? podContainer(container, onHost) : container,
    );
  }
};

function podContainer(container: JsonObject, onHost: boolean): JsonObject {
  const draft: Draft = { ...container };
  const { limits, requests } = viewObject(container, "resources");
  if (isJsonObject(limits))
    open(draft, "resources")["requests"] = { ...limits, ...(isJsonObject(requests) ? requests : {}) };
  if (onHost && draft["ports"] !== undefined) {
    draft["ports"] = viewArray(draft, "ports").map((port) =>
      isJsonObject(port) ? { ...port, hostPort: port["hostPort"] ?? port["containerPort"] } : port,
    );
  }
  return draft;
}

export const coreDefaults: Readonly<Record<string, Defaulter>> = {
  [`${core}Pod`]: pod,
  [`${core}ReplicationController`]: replicationController,
  [`${core}ServiceSpec`]: serviceSpec,
  [`${core}ServicePort`]: (draft) => {
    fill(draft, { protocol: "TCP" });
    if (isUnset(draft["targetPort"]) || draft["targetPort"] === 0) draft["targetPort"] = draft["port"];
  },
  [`${core}Secret`]: filling({ type: "Opaque" }),
  [`${core}Namespace`]: (draft) => {
    const name = viewString(draft, "metadata", "name");
    if (name === undefined || name === "") return;
    const metadata = open(draft, "metadata");
    metadata["labels"] = { ...viewObject(metadata, "labels"), "kubernetes.io/metadata.name": name };
  },
  [`${core}NamespaceStatus`]: filling({ phase: "Active" }),
  [`${core}NodeStatus`]: (draft) => {
    if (draft["capacity"] !== undefined) fill(draft, { allocatable: draft["capacity"] });
  },
  [`${core}PersistentVolumeSpec`]: filling({
    persistentVolumeReclaimPolicy: "Retain",
    volumeMode: "Filesystem",
  }),
  [`${core}PersistentVolumeStatus`]: filling({ phase: "Pending" }),
  [`${core}HostPathVolumeSource`]: (draft) => {
    draft["type"] ??= "";
  },
  [`${core}PersistentVolumeClaimSpec`]: filling({ volumeMode: "Filesystem" }),
  [`${core}PersistentVolumeClaimStatus`]: filling({ phase: "Pending" }),
  [`${core}EndpointPort`]: filling({ protocol: "TCP" }),
  [`${core}LimitRangeItem`]: limitRangeItem,
};
