import { join } from "node:path";
import { expect, it } from "vitest";
import type { IntegrityPolicy } from "#core/integrity/index.ts";
import type { GitStore } from "#ports/git-store.ts";
import type { TestRepository } from "../git-servers/index.ts";
import { createRepository } from "../git-servers/index.ts";
import type { Sign, Signer } from "../fixtures/signers.ts";
import { createPgpSigner, createSshSigner, signBranch, writeObject, writeTag } from "../fixtures/signers.ts";
import { accessTo, createDirectory, now, signal, startStore } from "./fixture.ts";

/** A repository whose commits are signed or not. */
class Signing {
  readonly repository: TestRepository;
  readonly store: GitStore;
  #version = 0;

  constructor(repository: TestRepository, store: GitStore) {
    this.repository = repository;
    this.store = store;
  }

  /** Commits to main, on top of what is there; `sign` signs what the commit will hold. */
  async commit(signed: Sign | undefined, message = "change"): Promise<string> {
    this.#version += 1;
    const plain = await this.repository.change({ "a.yaml": `a: ${this.#version}\n` }, { message });
    if (signed === undefined) return plain;
    return signBranch(this.repository, "main", signed);
  }

  async tag(name: string, commit: string, signed: Sign | undefined): Promise<void> {
    await writeTag(this.repository, { name, commit }, signed);
  }

  /** What is wrong with the revision as it is now. */
  async check(targetRevision: string, policy: IntegrityPolicy): Promise<string | undefined> {
    const access = accessTo(this.repository.url);
    const { commit } = await this.store.resolve(access, targetRevision, now);
    const revision = { commit, targetRevision, tagPrefix: "" };
    const said = await this.store.checkSignatures(access, revision, { policy, signal });
    return said?.replace(`repository ${this.repository.url}: `, "").replaceAll(/\b[0-9a-f]{12}\b/gu, "<id>");
  }
}

async function startSigning(): Promise<Signing> {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "shop.git"));
  return new Signing(repository, await startStore(directory));
}

function policyOf(mode: IntegrityPolicy["mode"], ...signers: readonly Signer[]): IntegrityPolicy {
  return {
    mode,
    keys: signers.map(({ id }) => id),
    field: "spec.sourceIntegrity.git.policies[0]",
    keyring: Object.fromEntries(
      signers.flatMap(({ id, armoredPublicKey }) =>
        armoredPublicKey === "" ? [] : [[id, armoredPublicKey] as const],
      ),
    ),
  };
}

const [ada, eve] = await Promise.all(["ada", "eve"].map((name) => createPgpSigner(name)));
if (ada === undefined || eve === undefined) throw new Error("keys are generated");

it("takes a commit that one of the keys signed, and says of others what they lack", async () => {
  const signing = await startSigning();
  const policy = policyOf("head", ada);
  const wanted = `spec.sourceIntegrity.git.policies[0] of the project wants a signature of ${ada.id}`;
  await signing.commit(undefined);
  await expect(signing.check("main", policy)).resolves.toBe(`commit <id>: is not signed; ${wanted}`);
  await signing.commit(ada.sign);
  await expect(signing.check("main", policy)).resolves.toBeUndefined();
  await signing.commit(eve.sign);
  const unknown = `commit <id>: is signed with the key ${eve.id}, which argocd-gpg-keys-cm does not have; ${wanted}`;
  await expect(signing.check("main", policy)).resolves.toBe(unknown);
  const both = { ...policyOf("head", ada, eve), keys: [ada.id] };
  await expect(signing.check("main", both)).resolves.toBe(
    `commit <id>: is signed with the key ${eve.id}; ${wanted}`,
  );
  await signing.commit((payload) => ada.sign(`${payload}more`));
  await expect(signing.check("main", policy)).resolves.toMatch(
    /signature of the key \w+ that does not hold/u,
  );
});

it.each(["ed25519", "rsa", "ecdsa"])(
  "takes a commit that OpenSSH signed with a key of type %s",
  async (type) => {
    const signing = await startSigning();
    const signer = await createSshSigner(await createDirectory(), type);
    await signing.commit(signer.sign);
    await expect(signing.check("main", policyOf("head", signer))).resolves.toBeUndefined();
    await expect(signing.check("main", policyOf("head", ada))).resolves.toContain(
      `is signed with the SSH key ${signer.id}`,
    );
    await signing.commit((payload) => signer.sign(`${payload} `));
    await expect(signing.check("main", policyOf("head", signer))).resolves.toContain("not of this content");
  },
);

it("asks an annotated tag for its own signature, and a lightweight one for its commit's", async () => {
  const signing = await startSigning();
  const policy = policyOf("head", ada);
  const unsigned = await signing.commit(undefined);
  await signing.tag("v1.0.0", unsigned, ada.sign);
  await expect(signing.check("v1.0.0", policy)).resolves.toBeUndefined();
  await expect(signing.check("1.x", policy)).resolves.toBeUndefined();
  const signed = await signing.commit(ada.sign);
  await signing.tag("v2.0.0", signed, undefined);
  await expect(signing.check("v2.0.0", policy)).resolves.toContain("tag v2.0.0: is not signed");
  await signing.repository.tag("v3.0.0", signed);
  await expect(signing.check("v3.0.0", policy)).resolves.toBeUndefined();
});

it("takes no tag that was signed under another name", async () => {
  const signing = await startSigning();
  await signing.tag("v1.0.0", await signing.commit(undefined), ada.sign);
  const oid = await signing.repository.git("rev-parse", "refs/tags/v1.0.0");
  await signing.repository.git("update-ref", "refs/tags/v9.0.0", oid);
  await expect(signing.check("v9.0.0", policyOf("head", ada))).resolves.toContain("it was made as v1.0.0");
});

it("looks in strict mode at all that led to a commit, as far as a seal", async () => {
  const signing = await startSigning();
  const [head, strict] = [policyOf("head", ada), policyOf("strict", ada)];
  await signing.commit(undefined);
  await signing.commit(ada.sign);
  await expect(signing.check("main", head)).resolves.toBeUndefined();
  await expect(signing.check("main", strict)).resolves.toContain("is not signed");
  await signing.commit(ada.sign, "review\n\nArgocd-gpg-seal: all before was reviewed");
  await signing.commit(ada.sign);
  await expect(signing.check("main", strict)).resolves.toBeUndefined();
  await signing.commit(undefined, "sneaky\n\nArgocd-gpg-seal: trust me");
  await signing.commit(ada.sign);
  await expect(signing.check("main", strict)).resolves.toContain("is not signed");
  await expect(signing.check("main", head)).resolves.toBeUndefined();
});

it("finds an unsigned commit that a signed merge brought in", async () => {
  const signing = await startSigning();
  await signing.commit(ada.sign);
  const { repository } = signing;
  // A server that gives commits without their files.
  await repository.git("config", "uploadpack.allowFilter", "true");
  await repository.branch("side", await repository.git("rev-parse", "main"));
  await repository.change({ "b.yaml": "b: 1\n" }, { branch: "side" });
  const [main, side, tree] = [
    await repository.git("rev-parse", "main"),
    await repository.git("rev-parse", "side"),
    await repository.git("rev-parse", "side^{tree}"),
  ];
  const header = `tree ${tree}\nparent ${main}\nparent ${side}\nauthor Ada <a@b.c> 1700000000 +0000\ncommitter Ada <a@b.c> 1700000000 +0000`;
  const signature = (await ada.sign(`${header}\n\nmerge\n`)).split("\n").join("\n ");
  const merge = await writeObject(repository, "commit", `${header}\ngpgsig ${signature}\n\nmerge\n`);
  await repository.branch("main", merge);
  await expect(signing.check("main", policyOf("head", ada))).resolves.toBeUndefined();
  await expect(signing.check("main", policyOf("strict", ada))).resolves.toContain("is not signed");
});
