import { describe, expect, it } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import { nodeNetworking, routesByGateway } from "./node-networking.ts";

function object(apiVersion: string, kind: string, rest: object): KubeObject {
  return { apiVersion, kind, metadata: { name: "web", namespace: "shop" }, ...rest } as unknown as KubeObject;
}

const route = object("gateway.networking.k8s.io/v1", "HTTPRoute", {
  spec: {
    parentRefs: [{ name: "edge", namespace: "infra" }],
    rules: [
      {
        backendRefs: [
          { name: "web", port: 80 },
          { name: "web", port: 81 },
        ],
      },
      { backendRefs: [{ name: "old", kind: "Backend", group: "example.com" }] },
    ],
  },
});

describe("nodeNetworking", () => {
  it("leads from an Ingress to its services, each once, and tells where it is reached", () => {
    const backend = (name: string) => ({ backend: { service: { name, port: { number: 80 } } } });
    const ingress = object("networking.k8s.io/v1", "Ingress", {
      spec: {
        defaultBackend: { service: { name: "fallback" } },
        rules: [{ host: "shop.example.com", http: { paths: [backend("web"), backend("web")] } }],
      },
      status: { loadBalancer: { ingress: [{ ip: "192.0.2.7" }] } },
    });
    expect(nodeNetworking(ingress)).toEqual({
      targetRefs: [
        { kind: "Service", namespace: "shop", name: "fallback" },
        { kind: "Service", namespace: "shop", name: "web" },
      ],
      ingress: [{ ip: "192.0.2.7" }],
      externalURLs: ["http://shop.example.com"],
    });
  });

  it("gives the labels that a Service looks for and those that a Pod has", () => {
    const service = object("v1", "Service", { spec: { selector: { app: "web" } } });
    expect(nodeNetworking(service)).toEqual({ targetLabels: { app: "web" } });
    const pod = object("v1", "Pod", {
      metadata: { name: "web-1", namespace: "shop", labels: { app: "web" } },
    });
    expect(nodeNetworking(pod)).toEqual({ labels: { app: "web" } });
    expect(nodeNetworking(object("v1", "ConfigMap", {}))).toBeUndefined();
  });

  it("leads from a Gateway, which names none, to its routes, and from them on", () => {
    expect(nodeNetworking(route)).toEqual({
      targetRefs: [
        { kind: "Service", namespace: "shop", name: "web" },
        { group: "example.com", kind: "Backend", namespace: "shop", name: "old" },
      ],
    });
    const ref = { group: "gateway.networking.k8s.io", kind: "HTTPRoute", namespace: "shop", name: "web" };
    expect([...routesByGateway([route])]).toEqual([["gateway.networking.k8s.io/Gateway/infra/edge", [ref]]]);
  });
});
