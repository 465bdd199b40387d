import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { generateKey } from "openpgp";
import { expect, it } from "vitest";
import type { SigningKey } from "#ports/git-writer.ts";
import { createRepository } from "#test/git-servers/index.ts";
import { accessTo, createDirectory, failureOf, signal, startStore } from "./fixture.ts";

const run = promisify(execFile);
const author = { name: "Ada", email: "ada@example.com" };

async function setUp(objectFormat: "sha1" | "sha256" = "sha1") {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "shop.git"), { objectFormat });
  await repository.commit({ "a.yaml": "a: 1\n" });
  const store = await startStore(directory);
  let version = 1;
  const commit = async (signingKey: SigningKey) => {
    version += 1;
    const change = async () => ({
      files: new Map([["a.yaml", `a: ${version}\n`]]),
      message: "Say „schön“\n\nwith a body",
    });
    return await store.commit(accessTo(repository.url), {
      branch: "main",
      author,
      signingKey,
      change,
      signal,
    });
  };
  return { directory, repository, store, commit };
}

async function sshKey(directory: string, type: string, passphrase = ""): Promise<string> {
  const path = join(directory, `id-${type}-${passphrase}`);
  await run("ssh-keygen", ["-q", "-t", type, "-N", passphrase, "-f", path]);
  return path;
}

it.each(["ed25519", "rsa"])("signs as git itself takes it with an SSH key of type %s", async (type) => {
  for (const objectFormat of ["sha1", "sha256"] as const) {
    const { directory, repository, store, commit } = await setUp(objectFormat);
    const path = await sshKey(directory, type);
    const done = await commit({ key: await readFile(path, "utf8") });
    const allowed = join(directory, "allowed");
    await writeFile(allowed, `ada@example.com namespaces="git" ${await readFile(`${path}.pub`, "utf8")}`);
    const verified = repository.git(
      "-c",
      "gpg.format=ssh",
      "-c",
      `gpg.ssh.allowedSignersFile=${allowed}`,
      "verify-commit",
      "main",
    );
    expect(await failureOf(verified)).toBe('succeeded with ""');
    expect(await repository.git("log", "-1", "--format=%H%n%B", "main")).toBe(
      `${done?.commit}\nSay „schön“\n\nwith a body`,
    );
    const policy = {
      mode: "head",
      keys: [(await run("ssh-keygen", ["-l", "-f", path])).stdout.split(" ")[1] ?? ""],
      field: "policies[0]",
      keyring: {},
    } as const;
    const revision = { commit: done?.commit ?? "", targetRevision: "main", tagPrefix: "" };
    expect(
      await store.checkSignatures(accessTo(repository.url), revision, { policy, signal }),
    ).toBeUndefined();
  }
});

it("signs with a PGP key, with and without a passphrase", async () => {
  const { repository, store, commit } = await setUp();
  for (const passphrase of [undefined, "correct horse"]) {
    const { privateKey, publicKey } = await generateKey({
      userIDs: [{ name: "Ada" }],
      format: "armored",
      ...(passphrase !== undefined && { passphrase }),
    });
    const done = await commit({ key: privateKey, passphrase });
    const { readKey } = await import("openpgp");
    const id = (await readKey({ armoredKey: publicKey })).getKeyID().toHex().toUpperCase();
    const policy = { mode: "head", keys: [id], field: "policies[0]", keyring: { [id]: publicKey } } as const;
    const revision = { commit: done?.commit ?? "", targetRevision: "main", tagPrefix: "" };
    expect(
      await store.checkSignatures(accessTo(repository.url), revision, { policy, signal }),
    ).toBeUndefined();
  }
});

it("says what is wrong with a key, and neither writes nor tells any of it", async () => {
  const { directory, repository, commit } = await setUp();
  const before = await repository.git("rev-parse", "main");
  const { privateKey } = await generateKey({
    userIDs: [{ name: "Ada" }],
    format: "armored",
    passphrase: "correct horse",
  });
  const locked = await readFile(await sshKey(directory, "ed25519", "secret"), "utf8");
  const expired = await generateKey({
    userIDs: [{ name: "Ada" }],
    format: "armored",
    date: new Date("2020-01-01"),
    keyExpirationTime: 86_400,
  });
  const pem = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
  expect({
    "no passphrase": await failureOf(commit({ key: privateKey })),
    "wrong passphrase": await failureOf(commit({ key: privateKey, passphrase: "guess-me" })),
    "SSH with a passphrase": await failureOf(commit({ key: locked })),
    "expired PGP": await failureOf(commit({ key: expired.privateKey })),
    "ed25519 as PEM": await failureOf(commit({ key: String(pem) })),
    "damaged PGP": await failureOf(commit({ key: "-----BEGIN PGP PRIVATE KEY BLOCK-----\nnot-a-key\n" })),
    "none at all": await failureOf(commit({ key: "hunter2" })),
  }).toEqual({
    "no passphrase": "CONFIG_INVALID: signing key: cannot be used: it needs a passphrase",
    "wrong passphrase": "CONFIG_INVALID: signing key: cannot be used: the passphrase is not that of the key",
    "SSH with a passphrase":
      "CONFIG_INVALID: signing key: cannot be used: it needs a passphrase; remove it with ssh-keygen -p",
    "expired PGP":
      "CONFIG_INVALID: signing key: cannot be used: it cannot sign: Primary key is expired; renew it, or give another",
    "ed25519 as PEM":
      "CONFIG_INVALID: signing key: cannot be used: only RSA keys can be PEM; keep others in the form that ssh-keygen writes",
    "damaged PGP":
      "CONFIG_INVALID: signing key: cannot be used: it is neither an armored PGP private key nor an SSH private key",
    "none at all":
      "CONFIG_INVALID: signing key: cannot be used: it is neither an armored PGP private key nor an SSH private key",
  });
  expect(await repository.git("rev-parse", "main")).toBe(before);
});
