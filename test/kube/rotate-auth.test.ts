import { Code } from "@connectrpc/connect";
import { expect, it } from "vitest";
import type { ApiCall } from "#api/caller.ts";
import { createCaller } from "#api/caller.ts";
import { failureOf } from "#api/answer-code.ts";
import type { ApiContext } from "#api/context.ts";
import { rotateAuth } from "#api/services/cluster/rotate-auth.ts";
import { parseClusterSecret } from "#core/cluster/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { encodeBase64 } from "#core/redact/index.ts";
import { decodeBase64Text } from "#core/repo/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { KubeCluster } from "#kube/index.ts";
import { startCluster } from "#kube/index.ts";
import { systemClock } from "#runtime/clock.ts";
import { controlPlane, testNamespace } from "#test/control-plane/fixture.ts";
import { connect, testSignal, typeOf } from "./connect.ts";

const fieldManager = "test";

async function readSecret(cluster: KubeCluster, namespace: string, name: string) {
  return cluster.read({ type: hubTypes.secret, namespace, name }, testSignal());
}

/** A service account that may do everything, and a Secret that has its token. */
async function addAccount(cluster: KubeCluster, namespace: string, account: string): Promise<string> {
  const signal = testSignal();
  const create = async (group: string, object: KubeObject) =>
    cluster.create(await typeOf(cluster, group, object.kind), object, { fieldManager, signal });
  await create("", { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: account, namespace } });
  const rbac = "rbac.authorization.k8s.io";
  await create(rbac, {
    apiVersion: `${rbac}/v1`,
    kind: "ClusterRoleBinding",
    metadata: { name: `${namespace}-${account}` },
    roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ kind: "ServiceAccount", name: account, namespace }],
  });
  const name = `${account}-long-lived-token`;
  await create("", {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace, annotations: { "kubernetes.io/service-account.name": account } },
    type: "kubernetes.io/service-account-token",
  });
  const watched = { namespace, fieldSelector: `metadata.name=${name}`, signal };
  for await (const event of cluster.watch(hubTypes.secret, watched)) {
    const token = event.type === "applied" ? viewString(event.object, "data", "token") : undefined;
    if (token !== undefined) return decodeBase64Text(token) ?? "";
  }
  throw new Error("no token came");
}

/** What rotates the token of a cluster that a Secret of the hub describes. */
async function rotatorOf(hub: KubeCluster, namespace: string, config: object) {
  const signal = testSignal();
  const { server } = controlPlane();
  const texts = { name: "far", server, config: JSON.stringify(config) };
  const object: KubeObject = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "far", namespace, labels: { "argocd.argoproj.io/secret-type": "cluster" } },
    type: "Opaque",
    data: Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, encodeBase64(text)])),
  };
  let stored = await hub.create(hubTypes.secret, object, { fieldManager, signal });
  const context = {
    hub: {
      cluster: hub,
      namespace,
      secrets: { get: () => stored, observe: (changed: KubeObject) => void (stored = changed) },
    },
    config: () => ({ clusters: [parseClusterSecret(stored)] }),
    targets: {
      clusterOf: ({ connection }: ReturnType<typeof parseClusterSecret>) => {
        if (connection === undefined) throw new Error("no connection");
        return startCluster(connection, { keepFresh: false });
      },
    },
    clock: systemClock,
  } as unknown as ApiContext;
  const caller = createCaller({ identity: undefined, permits: () => true });
  const call = { caller, signal } as unknown as ApiCall;
  return {
    rotate: () => rotateAuth(context, { id: { type: "name", value: "far" } }, call),
    /** Who the cluster says that the stored credential is. */
    token: () => {
      const { connection } = parseClusterSecret(stored);
      return connection?.auth.kind === "token" ? connection.auth.token : "";
    },
  };
}

async function isAccepted(cluster: KubeCluster, token: string): Promise<boolean> {
  const review = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenReview",
    metadata: {},
    spec: { token },
  };
  const type = await typeOf(cluster, "authentication.k8s.io", "TokenReview");
  const { status } = await cluster.create(type, review, { fieldManager, signal: testSignal() });
  return (status as { readonly authenticated?: boolean } | undefined)?.authenticated === true;
}

it("a cluster gets another token of its manager, again and again, and the old ones end", async () => {
  const hub = await connect();
  const namespace = await testNamespace("rotate");
  const first = await addAccount(hub, namespace, "argocd-manager");
  const caData = encodeBase64(controlPlane().caCertificate);
  const { rotate, token } = await rotatorOf(hub, namespace, {
    bearerToken: first,
    tlsClientConfig: { caData },
  });
  await rotate();
  const second = token();
  expect(second).not.toBe(first);
  expect(await isAccepted(hub, second)).toBe(true);
  await expect.poll(() => isAccepted(hub, first), { timeout: 60_000 }).toBe(false);
  expect(await readSecret(hub, namespace, "argocd-manager-long-lived-token")).toBeUndefined();
  await rotate();
  expect(await isAccepted(hub, token())).toBe(true);
  await expect.poll(() => isAccepted(hub, second), { timeout: 60_000 }).toBe(false);
});

it("no token ends when the answer to storing the new one was lost", async () => {
  const cluster = await connect();
  const namespace = await testNamespace("rotate");
  const first = await addAccount(cluster, namespace, "argocd-manager");
  const caData = encodeBase64(controlPlane().caCertificate);
  const losing = new Proxy(cluster, {
    get: (target, name) => {
      if (name !== "mergePatch") return Reflect.get(target, name, target) as unknown;
      return async (...asked: Parameters<KubeCluster["mergePatch"]>) => {
        await target.mergePatch(...asked);
        throw new MooringError("KUBE_UNREACHABLE", "the connection was cut");
      };
    },
  });
  const { rotate } = await rotatorOf(losing, namespace, { bearerToken: first, tlsClientConfig: { caData } });
  await expect(rotate()).rejects.toMatchObject({ code: "KUBE_UNREACHABLE" });
  const kept = await readSecret(cluster, namespace, "far");
  const { connection } = parseClusterSecret(kept as KubeObject);
  const second = connection?.auth.kind === "token" ? connection.auth.token : "";
  expect(second).not.toBe(first);
  expect(await isAccepted(cluster, second)).toBe(true);
  expect(await isAccepted(cluster, first)).toBe(true);
});

it("every other credential stays as it is, and the reason is told", async () => {
  const hub = await connect();
  const namespace = await testNamespace("rotate");
  const foreign = await addAccount(hub, namespace, "deployer");
  const failure = async (config: object): Promise<string> => {
    const own = await testNamespace("rotate");
    const { rotate } = await rotatorOf(hub, own, config);
    const error: unknown = await rotate().then(
      () => undefined,
      (caught: unknown) => caught,
    );
    const { code, message } = failureOf(error, () => undefined);
    return `${Code[code]}: ${message}`;
  };
  const end = "so there is no token to rotate";
  expect(await failure({ username: "u", password: "p" })).toBe(
    `FailedPrecondition: cluster far: its credential is no bearer token, ${end}`,
  );
  expect(await failure({ bearerToken: "opaque" })).toBe(
    `FailedPrecondition: cluster far: its token is not kept in a Secret of a service account, ${end}`,
  );
  expect(await failure({ bearerToken: foreign })).toBe(
    `FailedPrecondition: cluster far: its token is of ServiceAccount deployer, and only those that adding a cluster made are rotated, ${end}`,
  );
  expect(await isAccepted(hub, foreign)).toBe(true);
});
