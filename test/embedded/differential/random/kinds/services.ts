import type { JsonObject } from "#core/object/index.ts";
import { all, fields, items, keyed, mapOf, mostly, one, seldom, type Shape } from "../shapes.ts";
import type { RandomKind } from "./random-kind.ts";

const port = fields({
  name: one("a", "b", "http", "", "Bad_Name"),
  protocol: mostly(one("TCP", "TCP", "UDP", "SCTP"), "XYZ", ""),
  targetPort: mostly(one(80, 8080, "http", "8080"), 0, 70000, "", "too-long-port-name", true),
  nodePort: mostly(one("$port1", "$port2", 0), 80, 99999),
  appProtocol: one("http", "example.com/own", "bad protocol"),
});

const names = ["a", "b", "c", "d"];

/** Most have the names that several ports need. */
const ports: Shape = (draw, portion) => {
  const list = keyed("port", [80, 443, 53, 8080], port)(draw, portion) as readonly JsonObject[];
  if (list.length < 2 || draw.chance(0.1)) return list;
  return list.map((each, at) => ({ name: names[at] ?? "", ...each }));
};

const more = seldom({
  clusterIPs: one(["None"], ["$ip1"], []),
  sessionAffinity: mostly(one("None", "ClientIP"), "Other"),
  sessionAffinityConfig: one({ clientIP: { timeoutSeconds: 60 } }, { clientIP: { timeoutSeconds: 0 } }, {}),
  externalTrafficPolicy: mostly(one("Cluster", "Local"), "Other"),
  internalTrafficPolicy: mostly(one("Cluster", "Local"), "Other"),
  ipFamilyPolicy: mostly(one("SingleStack", "PreferDualStack"), "RequireDualStack", "Other"),
  ipFamilies: one(["IPv4"], ["IPv6"], ["IPv4", "IPv6"], []),
  externalIPs: items(mostly(one("1.2.3.4", "5.6.7.8"), "127.0.0.1", "x"), 2),
  loadBalancerIP: one("1.2.3.4", ""),
  loadBalancerClass: one("example.com/lb", "bad class"),
  loadBalancerSourceRanges: items(mostly(one("10.0.0.0/8", "1.2.3.4/32"), "x"), 2),
  allocateLoadBalancerNodePorts: one(true, false),
  healthCheckNodePort: one("$port3", 0),
  publishNotReadyAddresses: one(true, false),
  trafficDistribution: mostly(one("PreferClose"), "Other"),
});

export const services: RandomKind = {
  path: "/api/v1/namespaces/$ns/services",
  head: { apiVersion: "v1", kind: "Service" },
  content: fields(
    {},
    {
      spec: all(
        fields(
          {
            type: mostly(one("ClusterIP", "NodePort", "ExternalName", "LoadBalancer"), "Other", ""),
            selector: mostly(mapOf(["app", "tier"], one("a", "b")), { "bad key": "x" }),
            clusterIP: one("None", "None", "$ip1", "", "1.2.3", "8.8.8.8"),
            externalName: mostly(one("example.com", "other.example.com"), "bad_name", ""),
          },
          { ports: mostly(ports, [], [{ port: 0 }], [{ port: 70000 }], [{}]) },
        ),
        more,
      ),
    },
  ),
  status: fields({
    loadBalancer: fields({
      ingress: items(
        fields({
          hostname: one("a.example.com", "bad_host"),
          ip: one("1.2.3.4", "x"),
          ipMode: one("VIP", "Proxy", "Other"),
        }),
        2,
      ),
    }),
    conditions: keyed(
      "type",
      ["Ready", "Other"],
      fields(
        {},
        {
          status: one("True", "False"),
          reason: one("Because"),
          message: one("", "m"),
          lastTransitionTime: one("2001-01-01T00:00:00Z"),
        },
      ),
    ),
  }),
  fieldSelectors: ["spec.type=ClusterIP", "spec.clusterIP=None"],
  minimal: { spec: { ports: [{ port: 80 }] } },
  weight: 18,
};
