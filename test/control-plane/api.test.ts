import { readFile } from "node:fs/promises";
import { request } from "node:https";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import {
  auditMark,
  callApi,
  callApiText,
  controlPlane,
  eventually,
  readAuditLog,
  testNamespace,
} from "./fixture.ts";

const configMap = { metadata: { generateName: "counted-" } };

it("taints no node, so that pods can be scheduled on each", async () => {
  const { items } = await callApi<{ items: { spec: { taints?: unknown } }[] }>(controlPlane(), {
    path: "/api/v1/nodes",
  });
  expect(items.length).toBeGreaterThan(0);
  expect(items.filter((node) => node.spec.taints !== undefined)).toEqual([]);
});

it("refuses a user without a role, until a role is bound", async () => {
  const access = controlPlane();
  const namespace = await testNamespace("rbac");
  const alice = { ...access, token: access.users["alice"] as string };
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  await expect(callApi(alice, { path })).rejects.toMatchObject({ status: 403 });
  await callApi(access, {
    method: "POST",
    path: `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`,
    body: {
      metadata: { name: "alice-views" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "alice" }],
    },
  });
  await eventually(() => callApi(alice, { path }));
});

it("refuses a token that it did not give", async () => {
  const stranger = { ...controlPlane(), token: "unknown" };
  await expect(callApi(stranger, { path: "/api/v1/namespaces" })).rejects.toMatchObject({ status: 401 });
});

it("gives service accounts tokens that work", async () => {
  const access = controlPlane();
  const namespace = await testNamespace("token");
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/default/token`;
  const { status } = await callApi(access, { method: "POST", path, body: { spec: {} } });
  const review = await callApi(
    { ...access, token: status.token as string },
    {
      method: "POST",
      path: "/apis/authentication.k8s.io/v1/selfsubjectreviews",
      body: { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" },
    },
  );
  expect(review["status"].userInfo.username).toBe(`system:serviceaccount:${namespace}:default`);
});

it("knows the holder of its client certificate as an administrator", async () => {
  const { server, caCertificate, auditLogPath } = controlPlane();
  const path = join(dirname(auditLogPath), "client-certificate.kubeconfig");
  const user = parse(await readFile(path, "utf8")).users[0].user as Record<string, string>;
  const decode = (field: string) => Buffer.from(user[field] as string, "base64").toString("utf8");
  const options = {
    ca: caCertificate,
    cert: decode("client-certificate-data"),
    key: decode("client-key-data"),
  };
  const status = await new Promise((resolve, reject) => {
    const call = request(`${server}/api/v1/secrets?limit=1`, options, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    call.once("error", reject);
    call.end();
  });
  expect(status).toBe(200);
});

it("logs each request once for those who count them", async () => {
  const access = controlPlane();
  const namespace = await testNamespace("counted");
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const since = await auditMark(access.auditLogPath);
  for (let count = 0; count < 3; count++) await callApi(access, { method: "POST", path, body: configMap });
  await callApi(access, { path });
  await callApiText(access, { path: `${path}?watch=1&timeoutSeconds=1` });
  await eventually(async () => {
    const { entries } = await readAuditLog(access.auditLogPath, since);
    const own = entries.filter((entry) => entry.user === "admin" && entry.namespace === namespace);
    expect(own.map(({ verb, resource, status }) => `${verb} ${resource} ${status}`)).toEqual([
      "create configmaps 201",
      "create configmaps 201",
      "create configmaps 201",
      "list configmaps 200",
      "watch configmaps 200",
    ]);
  });
});

it("reads on in the audit log from where it was read to", async () => {
  const access = controlPlane();
  const first = await readAuditLog(access.auditLogPath);
  await callApi(access, { path: "/version?marked" });
  await eventually(async () => {
    const { entries } = await readAuditLog(access.auditLogPath, first.mark);
    expect(entries.map((entry) => entry.requestUri)).toContain("/version?marked");
  });
  expect(first.entries.map((entry) => entry.requestUri)).not.toContain("/version?marked");
});
