import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject, jsonEqual, viewArray, viewObject } from "#core/object/index.ts";
import { type Draft, isUnset, open } from "../defaults/draft.ts";
import type { ClusterAllocations, Prepare } from "./prepare.ts";
import { textOf } from "../../text-of.ts";

/** Gives a Service its addresses and ports; what it has been given before it keeps. */
export const prepareService: Prepare = (draft, write, cluster) => {
  const spec = open(draft, "spec");
  const before = write.live === undefined ? undefined : viewObject(write.live, "spec");
  if (before !== undefined) {
    keepAllocated(spec, before);
    dropInapplicable(spec, before);
  }
  if (!needsClusterIP(spec)) return;
  const allocate = write.dryRun === true ? pretended : cluster.allocate;
  allocateAddresses(spec, before, allocate);
  if (needsNodePort(spec)) allocateNodePorts(spec, allocate);
  if (needsHealthPort(spec) && isUnset(spec["healthCheckNodePort"])) {
    spec["healthCheckNodePort"] = allocate.nodePort();
  }
};

type Allocate = Pick<ClusterAllocations["allocate"], "clusterIP" | "nodePort">;

/** Ports from up here are what Services that are only tried are shown with. */
const firstPretendedPort = 32_000;
let pretendedPort = firstPretendedPort;

const pretended: Allocate = {
  clusterIP: () => "10.96.0.0",
  nodePort: () => {
    pretendedPort = pretendedPort >= 32_767 ? firstPretendedPort : pretendedPort + 1;
    return pretendedPort;
  },
};

function needsClusterIP(spec: JsonObject): boolean {
  return spec["type"] !== "ExternalName";
}

function needsNodePort(spec: JsonObject): boolean {
  if (spec["type"] === "NodePort") return true;
  return spec["type"] === "LoadBalancer" && spec["allocateLoadBalancerNodePorts"] !== false;
}

function needsHealthPort(spec: JsonObject): boolean {
  return spec["type"] === "LoadBalancer" && spec["externalTrafficPolicy"] === "Local";
}

function allocateAddresses(spec: Draft, before: JsonObject | undefined, allocate: Allocate): void {
  const isHeadless = spec["clusterIP"] === "None";
  const isOpen = isHeadless && Object.keys(viewObject(spec, "selector")).length === 0;
  spec["ipFamilyPolicy"] ??= before?.["ipFamilyPolicy"] ?? (isOpen ? "RequireDualStack" : "SingleStack");
  if (!isTold(spec)) {
    spec["clusterIP"] = allocate.clusterIP();
    spec["clusterIPs"] = [spec["clusterIP"]];
  } else if (viewArray(spec, "clusterIPs").length === 0) follow(spec);
  if (viewArray(spec, "ipFamilies").length > 0) return;
  const isTwofold = isOpen && spec["ipFamilyPolicy"] !== "SingleStack";
  spec["ipFamilies"] = isTwofold
    ? ["IPv4", "IPv6"]
    : [textOf(spec["clusterIP"]).includes(":") ? "IPv6" : "IPv4"];
}

/** Whether a Service says which addresses it is to have, or what cannot be had: that is refused later. */
function isTold(spec: JsonObject): boolean {
  const wantsOther = viewArray(spec, "ipFamilies")[0] === "IPv6";
  return wantsOther || !isUnset(spec["clusterIP"]) || viewArray(spec, "clusterIPs").length > 0;
}

/** A port number that is served over two protocols has one node port. */
function allocateNodePorts(spec: Draft, allocate: Allocate): void {
  const given = new Map<
    JsonValue | undefined,
    { readonly protocol: JsonValue | undefined; readonly nodePort: JsonValue }
  >();
  spec["ports"] = viewArray(spec, "ports").map((port) => {
    if (!isJsonObject(port)) return port;
    const shared = given.get(port["port"]);
    const isShared = shared !== undefined && shared.protocol !== port["protocol"];
    const nodePort = port["nodePort"] ?? (isShared ? shared.nodePort : allocate.nodePort());
    given.set(port["port"], { protocol: port["protocol"], nodePort });
    return { ...port, nodePort };
  });
}

function keepAllocated(spec: Draft, before: JsonObject): void {
  if (needsClusterIP(before) && needsClusterIP(spec)) {
    if (isUnset(spec["clusterIP"])) spec["clusterIP"] = before["clusterIP"];
    const isSame = spec["clusterIP"] === before["clusterIP"];
    if (viewArray(spec, "clusterIPs").length === 0 && isSame) spec["clusterIPs"] = before["clusterIPs"];
  }
  followClusterIP(spec, before);
  if (needsNodePort(before) && needsNodePort(spec)) keepNodePorts(spec, before);
  if (needsHealthPort(before) && needsHealthPort(spec))
    spec["healthCheckNodePort"] ??= before["healthCheckNodePort"];
}

/** Who changes the one address knows nothing of the list, which follows. */
function followClusterIP(spec: Draft, before: JsonObject): void {
  if (
    spec["clusterIP"] === before["clusterIP"] ||
    !jsonEqual(spec["clusterIPs"] ?? null, before["clusterIPs"] ?? null)
  )
    return;
  follow(spec);
}

function follow(spec: Draft): void {
  const { clusterIP } = spec;
  if (isUnset(clusterIP)) delete spec["clusterIPs"];
  else spec["clusterIPs"] = [clusterIP];
}

function keepNodePorts(spec: Draft, before: JsonObject): void {
  const ports = viewArray(spec, "ports").filter((port) => isJsonObject(port));
  const earlier = viewArray(before, "ports").filter((port) => isJsonObject(port));
  const used = new Set(ports.map((port) => port["nodePort"]));
  const byName = new Map(earlier.map((port) => [port["name"] ?? "", port["nodePort"]]));
  spec["ports"] = ports.map((port) => {
    const known = byName.get(port["name"] ?? "");
    return port["nodePort"] !== undefined || known === undefined || used.has(known)
      ? port
      : { ...port, nodePort: known };
  });
}

/** Fields of the type that the Service had go with it, unless they were changed in the same write. */
function dropInapplicable(spec: Draft, before: JsonObject): void {
  const drop = (...fields: readonly string[]): void => {
    for (const field of fields) if (jsonEqual(spec[field], before[field])) delete spec[field];
  };
  if (needsClusterIP(before) && !needsClusterIP(spec))
    drop("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy");
  if (needsHealthPort(before) && !needsHealthPort(spec)) drop("healthCheckNodePort");
  const wasBalanced = before["type"] === "LoadBalancer";
  if (wasBalanced && spec["type"] !== "LoadBalancer")
    drop("allocateLoadBalancerNodePorts", "loadBalancerClass");
  if (isExternal(before) && !isExternal(spec)) drop("externalTrafficPolicy");
  if (!isPorted(before) || isPorted(spec)) return;
  const ports = viewArray(before, "ports").map((port) => viewObject(port)["nodePort"]);
  spec["ports"] = viewArray(spec, "ports").map((port, i) => {
    if (!isJsonObject(port) || port["nodePort"] !== ports[i]) return port;
    const { nodePort: _, ...rest } = port;
    return rest;
  });
}

function isPorted(spec: JsonObject): boolean {
  return spec["type"] === "NodePort" || spec["type"] === "LoadBalancer";
}

function isExternal(spec: JsonObject): boolean {
  return isPorted(spec) || viewArray(spec, "externalIPs").length > 0;
}
