import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { viewArray, viewPath, viewString } from "#core/object/index.ts";
import type { RunningUp } from "./fixture.ts";
import { startUp } from "./fixture.ts";

const manifests = `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {level: info}
---
apiVersion: v1
kind: Secret
metadata: {name: login}
stringData: {password: hunter2}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec: {rules: [{host: shop.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}
---
apiVersion: v1
kind: Pod
metadata: {name: slow, labels: {app: web}, annotations: {simulate.mooring.dev/stop-after: 30m}}
spec: {terminationGracePeriodSeconds: 3600, containers: [{name: slow, image: "slow:1"}]}
`;

let up: RunningUp;

beforeAll(async () => {
  up = await startUp();
  await up.repository.commit({ "web.yaml": manifests });
  await up.deploy("web", { syncPolicy: { automated: {}, syncOptions: ["CreateNamespace=true"] } });
}, 180_000);

afterAll(async () => up[Symbol.asyncDispose]());

async function nodeOf(kind: string, name: string): Promise<JsonObject | undefined> {
  const { body } = await up.admin.get("applications/web/resource-tree");
  const nodes = viewArray(body, "nodes") as readonly JsonObject[];
  return nodes.find((node) => node["kind"] === kind && node["name"] === name);
}

const resource = (kind: string, name: string, more = ""): string =>
  `applications/web/resource?kind=${kind}&resourceName=${name}&version=v1&namespace=web${more}`;

describe("objects of an application", { timeout: 60_000 }, () => {
  it("tell in the tree where traffic goes on", async () => {
    expect(await nodeOf("Ingress", "web")).toMatchObject({
      networkingInfo: {
        targetRefs: [{ kind: "Service", namespace: "web", name: "web" }],
        externalURLs: ["http://shop.example.com/"],
      },
    });
    expect(await nodeOf("Service", "web")).toMatchObject({
      networkingInfo: { targetLabels: { app: "web" } },
    });
    expect(await nodeOf("Pod", "slow")).toMatchObject({ networkingInfo: { labels: { app: "web" } } });
  });

  it("are shown with who owns which field, but for Secrets", async () => {
    const ownersOf = async (kind: string, name: string) => {
      const { body } = await up.admin.get(resource(kind, name));
      const manifest = JSON.parse(viewString(body, "manifest") ?? "null") as JsonObject;
      return viewPath(manifest, "metadata", "managedFields");
    };
    expect(await ownersOf("ConfigMap", "settings")).toMatchObject([
      { operation: "Apply", fieldsV1: { "f:data": { "f:level": {} } } },
    ]);
    expect(await ownersOf("Secret", "login")).toBeUndefined();
  });

  it("end at once when they are deleted by force, whatever time they were given", async () => {
    const uid = (await nodeOf("Pod", "slow"))?.["uid"];
    const isThere = async () => (await nodeOf("Pod", "slow"))?.["uid"] === uid;
    await up.admin.send("DELETE", resource("Pod", "slow", "&force=true"), {});
    await expect.poll(isThere, { timeout: 10_000 }).toBe(false);
  });
});
