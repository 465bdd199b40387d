import { isJsonObject, type JsonValue, viewArray, viewPath } from "#core/object/index.ts";
import { ageOf } from "./age.ts";
import { ageColumn, nameColumn, type TableShapes, text, wide } from "./shape.ts";
import { formatLabels, selectorOrNone } from "./selector.ts";
import { abbreviate, countAt, textAt, textOr, valueOr } from "./views.ts";

const maxListed = 3;

export const networkShapes: TableShapes = {
  "/Service": {
    columns: [
      nameColumn,
      ...["Type", "Cluster-IP", "External-IP", "Port(s)"].map((name) => text(name)),
      ageColumn,
      wide(text("Selector")),
    ],
    cells: (service, nowMs) => [
      service.metadata.name ?? "",
      textAt(service, "spec", "type"),
      clusterIp(service),
      externalIp(service),
      servicePorts(service),
      ageOf(service, nowMs),
      formatLabels(viewPath(service, "spec", "selector")),
    ],
  },
  "/Endpoints": {
    columns: [nameColumn, text("Endpoints"), ageColumn],
    cells: (object, nowMs) => [object.metadata.name ?? "", endpointsText(object), ageOf(object, nowMs)],
  },
  "discovery.k8s.io/EndpointSlice": {
    columns: [nameColumn, text("AddressType"), text("Ports"), text("Endpoints"), ageColumn],
    cells: (slice, nowMs) => [
      slice.metadata.name ?? "",
      textAt(slice, "addressType"),
      listOrUnset(viewArray(slice, "ports").map((port) => valueOr(valueOr("*", port, "name"), port, "port"))),
      listOrUnset(
        viewArray(slice, "endpoints").flatMap((endpoint) => viewArray(endpoint, "addresses").map(String)),
      ),
      ageOf(slice, nowMs),
    ],
  },
  "networking.k8s.io/Ingress": {
    columns: [nameColumn, ...["Class", "Hosts", "Address", "Ports"].map((name) => text(name)), ageColumn],
    cells: (ingress, nowMs) => [
      ingress.metadata.name ?? "",
      textOr("<none>", ingress, "spec", "ingressClassName"),
      hosts(ingress),
      balancers(ingress).join(","),
      viewArray(ingress, "spec", "tls").length === 0 ? "80" : "80, 443",
      ageOf(ingress, nowMs),
    ],
  },
  "networking.k8s.io/IngressClass": {
    columns: [nameColumn, text("Controller"), text("Parameters"), ageColumn],
    cells: (object, nowMs) => {
      const isDefault =
        object.metadata.annotations?.["ingressclass.kubernetes.io/is-default-class"] === "true";
      const name = object.metadata.name ?? "";
      return [
        isDefault ? `${name} (default)` : name,
        textAt(object, "spec", "controller"),
        parameters(viewPath(object, "spec", "parameters")),
        ageOf(object, nowMs),
      ];
    },
  },
  "networking.k8s.io/NetworkPolicy": {
    columns: [nameColumn, text("Pod-Selector"), ageColumn],
    cells: (object, nowMs) => [
      object.metadata.name ?? "",
      selectorOrNone(viewPath(object, "spec", "podSelector")),
      ageOf(object, nowMs),
    ],
  },
};

function clusterIp(service: JsonValue): string {
  const [first] = viewArray(service, "spec", "clusterIPs");
  return typeof first === "string" ? first : textOr("<none>", service, "spec", "clusterIP");
}

function externalIp(service: JsonValue): string {
  const external = viewArray(service, "spec", "externalIPs").map(String);
  switch (textAt(service, "spec", "type")) {
    case "ClusterIP":
    case "NodePort":
      return external.length === 0 ? "<none>" : external.join(",");
    case "LoadBalancer": {
      const all = [...balancers(service), ...external];
      return all.length === 0 ? "<pending>" : all.join(",");
    }
    case "ExternalName":
      return textAt(service, "spec", "externalName");
    default:
      return "<unknown>";
  }
}

function balancers(object: JsonValue): readonly string[] {
  const addresses = viewArray(object, "status", "loadBalancer", "ingress")
    .map((ingress) => textOr(textAt(ingress, "hostname"), ingress, "ip"))
    .filter((address) => address !== "");
  return [...new Set(addresses)].toSorted();
}

function servicePorts(service: JsonValue): string {
  const ports = viewArray(service, "spec", "ports").map((port) => {
    const node = countAt(port, "nodePort");
    const number = node > 0 ? `${countAt(port, "port")}:${node}` : `${countAt(port, "port")}`;
    return `${number}/${textAt(port, "protocol")}`;
  });
  return ports.length === 0 ? "<none>" : ports.join(",");
}

function endpointsText(object: JsonValue): string {
  const subsets = viewArray(object, "subsets");
  if (subsets.length === 0) return "<none>";
  const addresses = subsets.flatMap((subset) => {
    const ips = viewArray(subset, "addresses").map((address) => textAt(address, "ip"));
    const ports = viewArray(subset, "ports");
    if (ports.length === 0) return ips;
    return ports.flatMap((port) =>
      ips.map((ip) => `${ip.includes(":") ? `[${ip}]` : ip}:${countAt(port, "port")}`),
    );
  });
  return abbreviate(addresses, maxListed);
}

function listOrUnset(texts: readonly string[]): string {
  return texts.length === 0 ? "<unset>" : abbreviate(texts, maxListed);
}

function hosts(ingress: JsonValue): string {
  const rules = viewArray(ingress, "spec", "rules");
  const named = rules.map((rule) => textAt(rule, "host")).filter((host) => host !== "");
  if (named.length === 0) return "*";
  const shown = named.slice(0, maxListed).join(",");
  return named.length > maxListed ? `${shown} + ${rules.length - maxListed} more...` : shown;
}

function parameters(reference: JsonValue | undefined): string {
  if (!isJsonObject(reference)) return "<none>";
  const group = textAt(reference, "apiGroup");
  const kind = textAt(reference, "kind");
  return `${group === "" ? kind : `${kind}.${group}`}/${textAt(reference, "name")}`;
}
