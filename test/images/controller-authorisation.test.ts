import { expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { eventually } from "#test/control-plane/eventually.ts";
import { startServer } from "./bed.ts";
import type { Plane } from "./plane.ts";
import {
  automationOf,
  layers,
  namespace,
  offered,
  plainRegistry,
  readyOf,
  startFront,
  startPlane,
  startRepository,
} from "./plane.ts";

/** A registry with two versions of an image, and a repository that has the older one at these paths. */
async function setUp(...paths: readonly string[]) {
  const server = await startServer();
  const front = await startFront(server.host);
  for (const tag of ["1.0.0", "1.1.0"]) await server.push("acme/web", tag, layers);
  const image = `${front.host}/acme/web`;
  const files = paths.map((path) => [path, `image: ${image}:1.0.0\n`] as const);
  const repository = await startRepository(Object.fromEntries(files));
  const plane = await startPlane();
  await plane.install(plainRegistry(front.host));
  return { front, image, repository, plane };
}

async function untilReady(plane: Plane, name: string, said: string): Promise<void> {
  await eventually(async () => expect(readyOf(await plane.read(name))).toContain(said));
}

// Class: authorisation.
it("sends no Secret anywhere that its owner did not offer, and no service account's token at all", async () => {
  const { front, image, repository, plane } = await setUp("web.yaml");
  const secret = (name: string, more: JsonObject) => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace },
    stringData: { username: "robot", password: "s3cret", token: "s3cret", key: "s3cret" },
    ...more,
  });
  await plane.install(secret("kept", {}));
  await plane.install(
    secret("account", {
      type: "kubernetes.io/service-account-token",
      metadata: {
        name: "account",
        namespace,
        labels: offered,
        annotations: { "kubernetes.io/service-account.name": "default" },
      },
    }),
  );
  const secretRef = { name: "kept" };
  const git = { repoURL: repository.httpUrl };
  const images = [{ image }];
  await plane.install(automationOf("login", { git, images, registrySecretRef: secretRef }));
  await plane.install(automationOf("account", { git, images, registrySecretRef: { name: "account" } }));
  await plane.install(
    automationOf("forge", { git: { ...git, proposal: { forge: "github", secretRef } }, images }),
  );
  await plane.install(automationOf("signer", { git: { ...git, signingKeySecretRef: secretRef }, images }));
  await plane.install(
    automationOf("cosign", { git, images: [{ image, verify: { cosign: { secretRef } } }] }),
  );
  await plane.start();
  const said =
    "Secret argocd/kept is not offered to ImageAutomations; if it may be sent where they say, label it mooring.dev/secret-type=image-automation";
  await untilReady(
    plane,
    "login",
    `False Invalid: ImageAutomation argocd/login: spec.registrySecretRef: ${said}`,
  );
  await untilReady(plane, "forge", `spec.git.proposal.secretRef: ${said}`);
  await untilReady(plane, "signer", `spec.git.signingKeySecretRef: ${said}`);
  await untilReady(plane, "cosign", `spec.images[].verify.cosign.secretRef: ${said}`);
  await untilReady(
    plane,
    "account",
    "spec.registrySecretRef: Secret argocd/account is a token of a service account",
  );
  expect(front.requests).toEqual([]);
  expect(await repository.git("rev-list", "--count", "main")).toBe("1");
});

// Class: authorisation.
it("asks a registry as nobody, whose login the control plane has, where the project does not permit the image", async () => {
  const { front, image, repository, plane } = await setUp("web.yaml");
  const { metadata, stringData, ...secret } = plainRegistry(front.host);
  const login = { username: "robot", password: "s3cret" };
  await plane.install({ ...secret, metadata, stringData: { ...(stringData as JsonObject), ...login } });
  await plane.install({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AppProject",
    metadata: { name: "shop", namespace },
    spec: { sourceRepos: [repository.httpUrl, `oci://${front.host}/acme/*`] },
  });
  const git = { repoURL: repository.httpUrl };
  const images = [{ image }, { image: `${front.host}/closed/web` }];
  await plane.install(automationOf("shop", { project: "shop", git, images }));
  front.fault = { status: 401, headers: { "www-authenticate": 'Basic realm="shop"' } };
  await plane.start();
  await untilReady(plane, "shop", "False ImagesFailed");
  const sent = (path: string) =>
    new Set(
      front.requests.filter((one) => one.path.startsWith(path)).map(({ authorization }) => authorization),
    );
  const basic = `Basic ${Buffer.from("robot:s3cret").toString("base64")}`;
  expect([...sent("/v2/acme/web/")]).toContain(basic);
  expect([...sent("/v2/closed/web/")]).toEqual([undefined]);
});

// Class: authorisation.
it("pushes no pull request's branch over the branch it is for, nor over a stage's", async () => {
  const { image, repository, plane } = await setUp("web.yaml");
  const main = await repository.git("rev-parse", "main");
  await repository.branch("prod", main);
  await repository.change({ "notes.txt": "promoted" }, { branch: "prod" });
  const promoted = await repository.git("rev-parse", "prod");
  await plane.install({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "forge", namespace, labels: offered },
    stringData: { token: "t0ken" },
  });
  await plane.install({
    apiVersion: "mooring.dev/v1alpha1",
    kind: "Pipeline",
    metadata: { name: "shop", namespace },
    spec: { repoURL: repository.httpUrl, stages: [{ name: "prod", branch: "prod", applications: [] }] },
  });
  const proposal = { forge: "github", repository: "shop/deploy", secretRef: { name: "forge" } };
  const install = async (name: string, git: JsonObject) =>
    await plane.install(
      automationOf(name, { git: { repoURL: repository.httpUrl, ...git }, images: [{ image }] }),
    );
  await install("straight", { proposal: { ...proposal, branch: "main" } });
  await install("prod", { proposal: { ...proposal, branch: "{{ .Automation }}" } });
  await install("pushed", { pushBranch: "prod" });
  await plane.start();
  await untilReady(plane, "straight", "False Invalid: spec.git.proposal.branch: is main, the branch of");
  await untilReady(plane, "prod", "spec.git.proposal.branch: prod is the branch of stage prod of Pipeline");
  await untilReady(plane, "pushed", "spec.git.pushBranch: prod is the branch of stage prod of Pipeline");
  expect(await repository.git("rev-parse", "main")).toBe(main);
  expect(await repository.git("rev-parse", "prod")).toBe(promoted);
});
