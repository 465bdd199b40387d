import { expect, it } from "vitest";
import { viewArray, viewString } from "#core/object/index.ts";
import { startTestServer } from "../testing.ts";
import { compareVersions } from "./groups.ts";

const aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

it("orders versions as clients prefer them", () => {
  const versions = ["foo", "v1alpha1", "v11beta2", "v2", "v10", "v1", "v3beta1", "v12alpha1", "v11alpha2"];
  expect(versions.toSorted(compareVersions)).toEqual([
    "v10",
    "v2",
    "v1",
    "v11beta2",
    "v3beta1",
    "v12alpha1",
    "v11alpha2",
    "v1alpha1",
    "foo",
  ]);
});

it("tells of groups, versions and resources one by one", async () => {
  await using server = await startTestServer();
  expect(await server.json("/api")).toMatchObject({ kind: "APIVersions", versions: ["v1"] });
  const groups = viewArray(await server.json("/apis"), "groups");
  expect(
    groups.map((group) => [viewString(group, "name"), viewString(group, "preferredVersion", "version")]),
  ).toEqual([
    ["apps", "v1"],
    ["acme.io", "v1"],
    ["authentication.k8s.io", "v1"],
    ["authorization.k8s.io", "v1"],
  ]);
  expect(await server.json("/apis/acme.io")).toMatchObject({
    kind: "APIGroup",
    versions: [{ groupVersion: "acme.io/v1" }, { groupVersion: "acme.io/v1beta1" }],
  });
  const apps = await server.json("/apis/apps/v1");
  expect(viewArray(apps, "resources")).toMatchObject([
    { name: "deployments", singularName: "deployment", namespaced: true, kind: "Deployment" },
    {
      name: "deployments/scale",
      group: "autoscaling",
      version: "v1",
      kind: "Scale",
      verbs: ["get", "patch", "update"],
    },
    { name: "deployments/status", kind: "Deployment" },
  ]);
});

it("tells of everything at once to clients that can read it, and only when it is new to them", async () => {
  await using server = await startTestServer();
  const response = await server.fetch("/apis", { headers: { accept: `${aggregated},application/json` } });
  expect(response.headers.get("content-type")).toBe(aggregated);
  const document = (await response.json()) as { items: unknown[] };
  expect(document.items[0]).toMatchObject({
    metadata: { name: "apps" },
    versions: [
      {
        version: "v1",
        freshness: "Current",
        resources: [
          {
            resource: "deployments",
            responseKind: { group: "apps", version: "v1", kind: "Deployment" },
            scope: "Namespaced",
            subresources: [{ subresource: "scale" }, { subresource: "status" }],
          },
        ],
      },
    ],
  });
  const etag = response.headers.get("etag") ?? "";
  const again = await server.fetch("/apis", { headers: { accept: aggregated, "if-none-match": etag } });
  expect([again.status, await again.text()]).toEqual([304, ""]);
  const core = await server.json("/api", { headers: { accept: aggregated } });
  expect(viewArray(core, "items")).toHaveLength(1);
});
