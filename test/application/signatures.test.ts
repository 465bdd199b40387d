import { describe, expect } from "vitest";
import type { Signer } from "../fixtures/signers.ts";
import { createPgpSigner, signBranch, writeTag } from "../fixtures/signers.ts";
import { callApi, configMap, createProject, it, type TestHub } from "./fixture.ts";

function createSignedProject(hub: TestHub, { id }: Signer): Promise<string> {
  const policy = { repos: [{ url: "*" }], gpg: { mode: "head", keys: [id] } };
  return createProject(hub, "signed", { sourceIntegrity: { git: { policies: [policy] } } });
}

/** Adds a public key to those of the installation. */
async function trust(hub: TestHub, { id, armoredPublicKey }: Signer): Promise<void> {
  await callApi(hub.access, {
    method: "PATCH",
    path: `/api/v1/namespaces/${hub.namespace}/configmaps/argocd-gpg-keys-cm`,
    contentType: "application/merge-patch+json",
    body: { data: { [id]: armoredPublicKey } },
  });
}

describe("an application whose project wants signed commits", () => {
  it("deploys nothing of an unsigned commit, keeps what is there, and goes on with a signed one", async ({
    hub,
    create,
  }) => {
    const signer = await createPgpSigner("ada");
    await hub.create({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "argocd-gpg-keys-cm", labels: { "app.kubernetes.io/part-of": "argocd" } },
      data: { [signer.id]: signer.armoredPublicKey },
    });
    const project = await createSignedProject(hub, signer);
    const automated = { prune: true, selfHeal: true };
    const app = await create("signed", { files: { "a.yaml": configMap("a") }, spec: { project }, automated });
    const unsigned = `is not signed; spec.sourceIntegrity.git.policies[0] of the project wants a signature of ${signer.id}`;
    await app.waitFor(async () => expect((await app.conditions()).join()).toContain(unsigned));
    expect(await app.live("configmaps/a")).toBeUndefined();

    await signBranch(app.repository, "main", signer.sign);
    await app.refresh();
    await app.synced();
    expect(await app.live("configmaps/a")).toBeDefined();

    await app.push({ "b.yaml": configMap("b") });
    await app.waitFor(async () => expect((await app.conditions()).join()).toContain(unsigned));
    expect([await app.live("configmaps/a"), await app.live("configmaps/b")]).toEqual([
      expect.anything(),
      undefined,
    ]);

    await signBranch(app.repository, "main", signer.sign);
    await app.refresh();
    await app.synced();
    expect(await app.live("configmaps/a")).toBeUndefined();
    expect(await app.live("configmaps/b")).toBeDefined();
  });

  it("refuses what it cannot check once the key is taken away", async ({ hub, create }) => {
    const signer = await createPgpSigner("eve");
    const project = await createSignedProject(hub, signer);
    const app = await create("unknown", { spec: { project }, automated: true });
    await app.commit({ "a.yaml": configMap("a") });
    await signBranch(app.repository, "main", signer.sign);
    await app.refresh();
    const missing = `is signed with the key ${signer.id}, which argocd-gpg-keys-cm does not have`;
    await app.waitFor(async () => expect((await app.conditions()).join()).toContain(missing));
    await trust(hub, signer);
    await app.synced();
  });

  it("deploys an annotated tag that an operation names by the tag's own signature", async ({
    hub,
    create,
  }) => {
    const signer = await createPgpSigner("tess");
    await trust(hub, signer);
    const project = await createSignedProject(hub, signer);
    const app = await create("tagged", { spec: { project } });
    const commit = await app.commit({ "a.yaml": configMap("a") });
    await writeTag(app.repository, { name: "v1.0.0", commit }, signer.sign);
    await app.sync({ revision: "v1.0.0" });
    expect(await app.live("configmaps/a")).toBeDefined();

    await app.commit({ "b.yaml": configMap("b") });
    const signed = await signBranch(app.repository, "main", signer.sign);
    await app.refresh();
    await app.waitFor(({ status }) => expect(status?.sync?.revision).toBe(signed));
    await writeTag(app.repository, { name: "v2.0.0", commit: signed }, undefined);
    await app.startSync({ revision: "v2.0.0" });
    await app.waitFor(({ status }) =>
      expect(status?.operationState).toMatchObject({
        phase: "Error",
        message: expect.stringContaining("tag v2.0.0: is not signed") as string,
      }),
    );
    expect(await app.live("configmaps/b")).toBeUndefined();
  });

  it("is told which field of its project is wrong", async ({ hub, create }) => {
    const project = await createSignedProject(hub, {
      id: "ABCD1234",
      armoredPublicKey: "",
      sign: async () => "",
    });
    const app = await create("short", {
      files: { "a.yaml": configMap("a") },
      spec: { project },
      automated: true,
    });
    await app.waitFor(async () =>
      expect((await app.conditions()).join()).toContain(
        'spec.sourceIntegrity.git.policies[0] names the key "ABCD1234"; write the 16 or 40 digits of a PGP key',
      ),
    );
  });
});
