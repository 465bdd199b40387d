import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { gvkOf, labelsOf, viewArray, viewObject, viewPath, viewString } from "#core/object/index.ts";
import { summarize } from "#core/summary/index.ts";
import type { ResourceNetworkingInfo, ResourceRef } from "../../contract/gen/argocd/types_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";

type Networking = ShapeOf<ResourceNetworkingInfo>;
type Ref = ShapeOf<ResourceRef>;

/** How traffic goes on from an object: what it names, which labels it looks for, where it is reached from outside. */
export function nodeNetworking(object: KubeObject): Networking | undefined {
  const { group, kind } = gvkOf(object);
  switch (`${group}/${kind}`) {
    case "/Pod":
      return { labels: textsOf(labelsOf(object)) };
    case "/Service":
      return {
        targetLabels: textsOf(viewObject(object, "spec", "selector")),
        ...entrancesOf(object),
      };
    case "networking.k8s.io/Ingress":
    case "extensions/Ingress":
      return { targetRefs: unique(backendsOf(object)), ...entrancesOf(object) };
    case "gateway.networking.k8s.io/HTTPRoute":
    case "gateway.networking.k8s.io/GRPCRoute":
    case "gateway.networking.k8s.io/TCPRoute":
    case "gateway.networking.k8s.io/TLSRoute":
    case "gateway.networking.k8s.io/UDPRoute":
      return { targetRefs: unique(routedTo(object)), ...entrancesOf(object) };
    default:
      return undefined;
  }
}

/** What routes of a tree hang on to, by `group/kind/namespace/name`: a Gateway does not name its routes, they name it. */
export function routesByGateway(objects: readonly KubeObject[]): ReadonlyMap<string, readonly Ref[]> {
  const routes = new Map<string, Ref[]>();
  for (const object of objects) {
    const { group, kind } = gvkOf(object);
    if (group !== gatewayGroup || !kind.endsWith("Route")) continue;
    const { namespace = "", name = "" } = object.metadata;
    for (const parent of viewArray(object, "spec", "parentRefs")) {
      const key = keyOfRef(refOf(parent, { group: gatewayGroup, kind: "Gateway", namespace }));
      routes.set(key, [...(routes.get(key) ?? []), { group, kind, namespace, name }]);
    }
  }
  return routes;
}

const gatewayGroup = "gateway.networking.k8s.io";

export function keyOfRef({ group = "", kind = "", namespace = "", name = "" }: Ref): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

function backendsOf(ingress: KubeObject): readonly Ref[] {
  const rules = viewArray(ingress, "spec", "rules");
  const backends = [
    viewPath(ingress, "spec", "defaultBackend") ?? viewPath(ingress, "spec", "backend"),
    ...rules.flatMap((rule) => viewArray(rule, "http", "paths").map((one) => viewPath(one, "backend"))),
  ];
  const { namespace = "" } = ingress.metadata;
  return backends.flatMap((backend) => {
    const name = viewString(backend, "service", "name") ?? viewString(backend, "serviceName");
    return name === undefined || name === "" ? [] : [{ kind: "Service", namespace, name }];
  });
}

function routedTo(route: KubeObject): readonly Ref[] {
  const { namespace = "" } = route.metadata;
  return viewArray(route, "spec", "rules").flatMap((rule) =>
    viewArray(rule, "backendRefs").map((one) => refOf(one, { group: "", kind: "Service", namespace })),
  );
}

function refOf(value: JsonValue, otherwise: Required<Pick<Ref, "group" | "kind" | "namespace">>): Ref {
  const group = viewString(value, "group") ?? otherwise.group;
  return {
    ...(group === "" ? {} : { group }),
    kind: viewString(value, "kind") ?? otherwise.kind,
    namespace: viewString(value, "namespace") ?? otherwise.namespace,
    name: viewString(value, "name") ?? "",
  };
}

function unique(refs: readonly Ref[]): readonly Ref[] {
  return [...new Map(refs.map((ref) => [keyOfRef(ref), ref])).values()];
}

function entrancesOf(object: KubeObject): Networking {
  const { externalURLs } = summarize([object]);
  const ingress = viewArray(object, "status", "loadBalancer", "ingress").map((one) => {
    const hostname = viewString(one, "hostname");
    const ip = viewString(one, "ip");
    return { ...(hostname === undefined ? {} : { hostname }), ...(ip === undefined ? {} : { ip }) };
  });
  return {
    ...(ingress.length === 0 ? {} : { ingress }),
    ...(externalURLs.length === 0 ? {} : { externalURLs }),
  };
}

function textsOf(values: Readonly<JsonObject>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
}
