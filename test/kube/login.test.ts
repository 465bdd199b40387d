import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { ClusterConnection } from "#core/cluster/connection.ts";
import { type KubeCluster, readKubeconfig } from "#kube/index.ts";
import { controlPlane } from "../control-plane/fixture.ts";
import { connect, testSignal, typeOf } from "./connect.ts";

async function whoAmI(connection: ClusterConnection): Promise<unknown> {
  return userOf(await connect({ connection, keepFresh: false }));
}

async function userOf(cluster: KubeCluster): Promise<unknown> {
  const type = await typeOf(cluster, "authentication.k8s.io", "SelfSubjectReview");
  const review = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview", metadata: {} };
  const { status } = await cluster.create(type, review, { fieldManager: "test", signal: testSignal() });
  return (status as { userInfo: { username: string } }).userInfo.username;
}

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "mooring-login-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

async function admin(): Promise<ClusterConnection> {
  return (await readKubeconfig({ path: controlPlane().kubeconfigPath })).connection;
}

it("logs in with a token file and reads it again when it is refused", async () => {
  const path = join(await directory(), "token");
  const users = controlPlane().users;
  await writeFile(path, "expired\n");
  const connection = { ...(await admin()), auth: { kind: "tokenFile", path } as const };
  const cluster = await connect({ connection, keepFresh: false });
  await expect(userOf(cluster)).rejects.toMatchObject({ code: "KUBE_UNAUTHORIZED" });
  await writeFile(path, `${users["alice"] ?? ""}\n`);
  expect(await userOf(cluster)).toBe("alice");
});

it("logs in with a credential plugin, run once for many requests", async () => {
  const path = await directory();
  const plugin = join(path, "plugin");
  const credential = JSON.stringify({
    apiVersion: "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    status: { token: controlPlane().users["bob"] },
  });
  await writeFile(plugin, `#!/bin/sh\necho run >> ${path}/runs\ncat <<'END'\n${credential}\nEND\n`);
  await chmod(plugin, 0o700);
  const auth = {
    kind: "exec",
    apiVersion: "client.authentication.k8s.io/v1",
    command: plugin,
    args: [],
    env: {},
    provideClusterInfo: false,
  } as const;
  expect(await whoAmI({ ...(await admin()), auth })).toBe("bob");
  expect(await readFile(join(path, "runs"), "utf8")).toBe("run\n");
});

it("does not trust a server whose certificate chains elsewhere", async () => {
  const connection = await admin();
  const { caData: _caData, ...tls } = connection.tls;
  await expect(whoAmI({ ...connection, tls })).rejects.toMatchObject({
    code: "KUBE_UNREACHABLE",
    message: expect.stringContaining("check the cluster's certificate authority"),
  });
  expect(await whoAmI({ ...connection, tls: { ...tls, insecure: true } })).toBe("admin");
});
