import { describe, expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewObject, viewString } from "#core/object/index.ts";
import type { TestCluster } from "../testing.ts";
import { podTemplate, testCluster } from "../testing.ts";

function deployment(replicas: number): JsonObject {
  const containers = [{ name: "app", image: "nginx:1", ports: [{ name: "http", containerPort: 8080 }] }];
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: {
      replicas,
      selector: { matchLabels: { app: "web" } },
      template: podTemplate("web", { containers }),
    },
  };
}

function service(spec: JsonObject = {}): JsonObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web" },
    spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: "http" }], ...spec },
  };
}

/** The endpoints by slice: `pod ready`. */
function slices(cluster: TestCluster): readonly (readonly string[])[] {
  return cluster.list("EndpointSlice").map((slice) =>
    viewArray(slice, "endpoints")
      .filter(isJsonObject)
      .map((endpoint) => {
        const { ready, terminating } = viewObject(endpoint, "conditions");
        const state = terminating === true ? "ends" : ready === true ? "ready" : "waits";
        return `${viewString(endpoint, "targetRef", "name")?.split("-").at(-1)} ${state}`;
      }),
  );
}

describe("a simulated Service", () => {
  it("tells which pods are behind it", () => {
    using cluster = testCluster();
    cluster.create(service());
    cluster.clock.advance(100);
    expect(slices(cluster)).toEqual([[]]);
    cluster.create(deployment(2));
    cluster.clock.advance(1000);
    expect(slices(cluster)).toEqual([["00002 ready", "00003 ready"]]);
    expect(cluster.list("EndpointSlice")[0]).toMatchObject({
      addressType: "IPv4",
      endpoints: [
        { addresses: ["10.101.0.1"], nodeName: "node-1" },
        { addresses: ["10.102.0.1"], nodeName: "node-2" },
      ],
      ports: [{ name: "", port: 8080, protocol: "TCP" }],
    });
    cluster.patch("Deployment", "web", { spec: { replicas: 1 } });
    cluster.clock.advance(100);
    expect(slices(cluster)).toEqual([["00002 ready", "00003 ends"]]);
    cluster.clock.advance(1000);
    expect(slices(cluster)).toEqual([["00002 ready"]]);
    cluster.patch("Service", "web", { spec: { selector: { app: "other" } } });
    cluster.clock.advance(100);
    expect(slices(cluster)).toEqual([[]]);
    cluster.remove("Service", "web");
    cluster.clock.advance(100);
    expect(slices(cluster)).toEqual([]);
    expect(cluster.failures).toEqual([]);
  });

  it("spreads many pods over slices of which few change", () => {
    using cluster = testCluster();
    cluster.create(service());
    cluster.create(deployment(110));
    cluster.clock.advance(2000);
    expect(slices(cluster).map((slice) => slice.length)).toEqual([100, 10]);
    const before = cluster.list("EndpointSlice").map(({ metadata }) => metadata.resourceVersion);
    cluster.patch("Deployment", "web", { spec: { replicas: 109 } });
    cluster.clock.advance(2000);
    const after = cluster.list("EndpointSlice").map(({ metadata }) => metadata.resourceVersion);
    expect(slices(cluster).flat()).toHaveLength(109);
    expect(after.filter((version, index) => version !== before[index])).toHaveLength(1);
  });

  it("gets an address of its own as a load balancer, unless it is to have none", () => {
    using cluster = testCluster();
    cluster.create(service({ type: "LoadBalancer" }));
    const annotations = { "simulate.mooring.dev/address": "none" };
    cluster.create({ ...service({ type: "LoadBalancer" }), metadata: { name: "none", annotations } });
    cluster.create({ ...service({ type: "LoadBalancer" }), metadata: { name: "other" } });
    const addresses = () => cluster.list("Service").map((each) => JSON.stringify(each["status"]));
    cluster.clock.advance(200);
    expect(addresses()).toEqual(['{"loadBalancer":{}}', '{"loadBalancer":{}}', '{"loadBalancer":{}}']);
    cluster.clock.advance(200);
    expect(addresses()).toEqual([
      '{"loadBalancer":{}}',
      '{"loadBalancer":{"ingress":[{"ip":"198.18.0.2","ipMode":"VIP"}]}}',
      '{"loadBalancer":{"ingress":[{"ip":"198.18.0.1","ipMode":"VIP"}]}}',
    ]);
  });
});

describe("a simulated Ingress", () => {
  it("gets the address of the load balancer before it", () => {
    using cluster = testCluster();
    const defaultBackend = { service: { name: "web", port: { number: 80 } } };
    cluster.create({
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { name: "web" },
      spec: { defaultBackend },
    });
    cluster.clock.advance(400);
    expect(cluster.get("Ingress", "web")?.["status"]).toEqual({
      loadBalancer: { ingress: [{ ip: "198.19.255.1" }] },
    });
  });
});

it("writes no slice anew a second later for a patch that changes nothing in it", () => {
  using cluster = testCluster();
  const slice = { addressType: "IPv4", endpoints: [] };
  const head = { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", metadata: { name: "one" } };
  const { metadata } = cluster.create({ ...head, ...slice });
  cluster.clock.advance(1_100);
  expect(cluster.patch("EndpointSlice", "one", slice).metadata).toEqual(metadata);
});
