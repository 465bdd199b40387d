import { expect, it } from "vitest";
import { readRequestInfo } from "./request-info.ts";

function read(method: string, url: string): string {
  const [path = "", query = ""] = url.split("?");
  const info = readRequestInfo(method, path, new URLSearchParams(query));
  if (!info.isResource) return `${info.verb} ${info.path}`;
  const { verb, group, version, resource, subresource, namespace, name } = info;
  return [
    verb,
    `${group}/${version}`,
    subresource === "" ? resource : `${resource}/${subresource}`,
    namespace === "" ? "" : `in ${namespace}`,
    name === "" ? "" : `named ${name}`,
  ]
    .filter((part) => part !== "")
    .join(" ");
}

it.each([
  ["GET", "/", "get /"],
  ["GET", "/api/", "get /api"],
  ["GET", "/api/v1", "get /api/v1"],
  ["GET", "/apis/apps/v1", "get /apis/apps/v1"],
  ["POST", "/version", "post /version"],
  ["GET", "/api/v1/pods", "list /v1 pods"],
  ["GET", "/api/v1/pods?watch=1", "watch /v1 pods"],
  ["GET", "/api/v1/pods?watch=false", "list /v1 pods"],
  ["GET", "/api/v1/namespaces", "list /v1 namespaces"],
  ["GET", "/api/v1/namespaces/x", "get /v1 namespaces in x named x"],
  ["PUT", "/api/v1/namespaces/x/finalize", "update /v1 namespaces/finalize in x named x"],
  ["PUT", "/api/v1/namespaces/x/status", "update /v1 namespaces/status in x named x"],
  ["GET", "/api/v1/namespaces/x/pods/p/log", "get /v1 pods/log in x named p"],
  ["DELETE", "/apis/apps/v1/namespaces/x/deployments", "deletecollection apps/v1 deployments in x"],
  ["PATCH", "/apis/apps/v1/namespaces/x/deployments/d/scale", "patch apps/v1 deployments/scale in x named d"],
  ["HEAD", "/api/v1/nodes/n", "get /v1 nodes named n"],
  ["GET", "/api/v1/pods?fieldSelector=metadata.name%3Dp&watch=true", "watch /v1 pods named p"],
  [
    "GET",
    "/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode",
    "get rbac.authorization.k8s.io/v1 clusterroles named system:node",
  ],
])("reads %s %s as: %s", (method, url, expected) => {
  expect(read(method, url)).toBe(expected);
});

it.each([
  "/api/v1/namespaces/x/pods/..",
  "/api/v1/namespaces/x/pods/%2e%2e",
  "/api/v1/namespaces/x/pods/a%2Fb",
  "/api/v1/namespaces/x/pods/a%00",
  "/api/v1/namespaces/x/pods/a%252e",
  "/api/v1/namespaces/x/pods/%zz",
  "/api/v1/namespaces/x/pods/a%5Cb",
  "api/v1/pods",
  "*",
])("refuses the path %s", (path) => {
  expect(() => readRequestInfo("GET", path, new URLSearchParams())).toThrow(
    expect.objectContaining({ reason: "BadRequest" }),
  );
});
