import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewNumber, viewObject, viewString } from "#core/object/index.ts";
import { isDeleting, nameOf, namespaceOf, nonZero, present, uidOf } from "../base/owned.ts";
import { isFinished, isReady, nodeOf } from "../base/pod-view.ts";

const known = new WeakMap<KubeObject, WeakMap<KubeObject, JsonObject>>();

/**
 * What an EndpointSlice says of a pod; undefined for one that has no address or no longer runs. It is the very same object as
 * long as neither the Service nor the pod changes.
 */
export function endpointOf(service: KubeObject, pod: KubeObject): JsonObject | undefined {
  const endpoints = known.get(service) ?? new WeakMap<KubeObject, JsonObject>();
  known.set(service, endpoints);
  const endpoint = endpoints.get(pod) ?? makeEndpoint(service, pod);
  if (endpoint !== undefined) endpoints.set(pod, endpoint);
  return endpoint;
}

function makeEndpoint(service: KubeObject, pod: KubeObject): JsonObject | undefined {
  const address = viewString(pod, "status", "podIP");
  if (address === undefined || isFinished(pod)) return undefined;
  const serving = isReady(pod);
  const publishesAll = viewObject(service, "spec")["publishNotReadyAddresses"] === true;
  const hostname = viewString(pod, "spec", "hostname");
  const isNamed = hostname !== undefined && viewString(pod, "spec", "subdomain") === nameOf(service);
  return present({
    addresses: [address],
    conditions: {
      ready: publishesAll || (serving && !isDeleting(pod)),
      serving,
      terminating: isDeleting(pod),
    },
    hostname: isNamed ? hostname : undefined,
    nodeName: nodeOf(pod),
    targetRef: { kind: "Pod", name: nameOf(pod), namespace: namespaceOf(pod), uid: uidOf(pod) },
  });
}

/** The ports of a Service as its pods have them: a name stands for the number that the pod's container gives it. */
export function portsOf(service: KubeObject, pod: KubeObject | undefined): readonly JsonObject[] {
  return viewArray(service, "spec", "ports")
    .filter(isJsonObject)
    .flatMap((port) => {
      const number = targetPort(port, pod);
      if (number === undefined) return [];
      const { name = "", protocol = "TCP", appProtocol } = port;
      return [present({ name, protocol, port: number, appProtocol })];
    });
}

function targetPort(port: JsonObject, pod: KubeObject | undefined): number | undefined {
  const { targetPort: wanted } = port;
  if (typeof wanted !== "string") {
    return nonZero(typeof wanted === "number" ? wanted : 0) ?? viewNumber(port, "port");
  }
  return viewArray(pod, "spec", "containers")
    .flatMap((container) => viewArray(container, "ports"))
    .filter(isJsonObject)
    .filter((each) => each["name"] === wanted)
    .map((each) => viewNumber(each, "containerPort"))[0];
}
