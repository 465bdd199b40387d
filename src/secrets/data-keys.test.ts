import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { PrivateKey } from "#core/data-keys/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { SopsKeySet, SopsMasterKey } from "#core/sops/index.ts";
import { parseSopsMetadata, treeOf } from "#core/sops/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { parse } from "yaml";
import { createDataKeys } from "./data-keys.ts";
import type { KeyService } from "./key-service.ts";
import { createDataKeysOpener } from "./open-data-keys.ts";

const testdata = "src/core/sops/testdata";
const signal = new AbortController().signal;

function privateKey(name: string): PrivateKey {
  const text = readFileSync(`${testdata}/keys/${name}`, "utf8");
  const origin = `Secret/argocd/keys field ${name}`;
  if (name.endsWith(".asc")) return { type: "pgp", origin, text };
  if (!name.endsWith(".agekey")) return { type: "ssh", origin, text };
  return { type: "age", origin, text: /^AGE-.*$/m.exec(text)?.[0] ?? "" };
}

function keySetOf(name: string): SopsKeySet {
  const file = parse(readFileSync(`${testdata}/encrypted/${name}`, "utf8")) as JsonObject;
  return parseSopsMetadata(treeOf(file["sops"]), name).keys;
}

async function unwrapped(name: string, ...keys: readonly string[]): Promise<string> {
  const dataKeys = createDataKeys({ keys: keys.map((key) => privateKey(key)) });
  return dataKeys.unwrap(keySetOf(name), signal).then(
    (dataKey) => `${dataKey.length} bytes`,
    (error: unknown) => (error as MooringError).code,
  );
}

describe("the data key of a file", () => {
  it.each([
    ["age.yaml", ["one.agekey"]],
    ["age.yaml", ["two.agekey", "one.agekey"]],
    ["several-recipients.yaml", ["two.agekey"]],
    ["several-recipients.yaml", ["rsa2048.asc"]],
    ["pgp-rsa.yaml", ["rsa2048.asc"]],
    ["pgp-ed25519.yaml", ["ed25519.asc"]],
    ["ssh-ed25519.yaml", ["ed25519"]],
    ["ssh-rsa.yaml", ["rsa"]],
    ["key-groups.yaml", ["one.agekey", "two.agekey"]],
    ["key-groups.yaml", ["two.agekey", "rsa2048.asc"]],
    ["key-groups.yaml", ["three.agekey", "one.agekey", "two.agekey"]],
  ])("of %s is unwrapped with %j", async (name, keys) => {
    expect(await unwrapped(name, ...keys)).toBe("32 bytes");
  });

  it("stays closed to other keys, and to too few of the key groups", async () => {
    expect(await unwrapped("age.yaml", "two.agekey", "ed25519", "rsa", "rsa2048.asc")).toBe(
      "SECRET_KEY_MISSING",
    );
    expect(await unwrapped("pgp-rsa.yaml", "ed25519.asc")).toBe("SECRET_KEY_MISSING");
    expect(await unwrapped("key-groups.yaml", "three.agekey", "rsa2048.asc")).toBe("SECRET_KEY_MISSING");
  });

  it("says how many key groups are missing", async () => {
    const dataKeys = createDataKeys({ keys: [privateKey("one.agekey")] });
    await expect(dataKeys.unwrap(keySetOf("key-groups.yaml"), signal)).rejects.toThrow(
      /^it is encrypted for age recipient age1\w+, age recipient age1\w+, age recipient age1\w+, PGP key \w+; 1 of the 2 key groups needed can be opened; add one to a Secret labelled mooring.dev\/secret-type=sops-keys$/,
    );
  });

  it("says which entry holds no usable key, without its content", async () => {
    const keys: PrivateKey[] = [
      { type: "age", origin: "Secret/argocd/keys field a.agekey", text: "AGE-SECRET-KEY-1NONSENSE" },
      {
        type: "ssh",
        origin: "Secret/argocd/keys field b.agekey",
        text: "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----",
      },
    ];
    const groups = [[{ type: "age", recipient: "age1x", enc: "x" }]] as const;
    await expect(createDataKeys({ keys }).unwrap({ groups, threshold: 1 }, signal)).rejects.toMatchObject({
      message:
        "it is encrypted for age recipient age1x; none of these keys is known; add one to a Secret labelled mooring.dev/secret-type=sops-keys (Secret/argocd/keys field a.agekey cannot be used: it is damaged) (Secret/argocd/keys field b.agekey cannot be used: it is no OpenSSH key)",
    });
  });

  it("says that a matching key does not open it", async () => {
    const keySet = keySetOf("age.yaml");
    const [key] = keySet.groups.flat();
    const groups = [[{ ...(key as Extract<SopsMasterKey, { type: "age" }>), enc: "nonsense" }]];
    const dataKeys = createDataKeys({ keys: [privateKey("one.agekey")] });
    await expect(dataKeys.unwrap({ groups, threshold: 1 }, signal)).rejects.toMatchObject({
      code: "SECRET_INVALID",
      message: expect.stringMatching(
        /^what is encrypted for age recipient age1\w+ cannot be opened with that key; run sops updatekeys on the file$/,
      ) as string,
    });
  });
});

describe("key services", () => {
  const kms: SopsMasterKey = {
    type: "kms",
    arn: "arn:aws:kms:eu:1:key/k",
    role: "",
    profile: "",
    context: {},
    enc: "x",
  };
  const keySet = { groups: [[kms]], threshold: 1 };

  it("are named when none is configured", async () => {
    await expect(createDataKeys({ keys: [] }).unwrap(keySet, signal)).rejects.toMatchObject({
      code: "SECRET_KEY_SERVICE",
      message:
        "it is encrypted for AWS KMS key arn:aws:kms:eu:1:key/k, and no such key service is configured; encrypt it for an age or PGP key too",
    });
  });

  it("are asked for their keys, and their failure is told", async () => {
    const service = (decrypt: KeyService["decrypt"]): KeyService => ({
      name: "kms",
      serves: ({ type }) => type === "kms",
      decrypt,
    });
    const working = createDataKeys({ keys: [], services: [service(async () => new Uint8Array(32).fill(7))] });
    expect([...(await working.unwrap(keySet, signal))]).toEqual(Array<number>(32).fill(7));
    const failing = service(() => Promise.reject(new MooringError("SECRET_KEY_SERVICE", "kms: denied")));
    await expect(
      createDataKeys({ keys: [], services: [failing] }).unwrap(keySet, signal),
    ).rejects.toMatchObject({
      message: "kms: denied",
    });
    const short = createDataKeys({ keys: [], services: [service(async () => new Uint8Array(5))] });
    await expect(short.unwrap(keySet, signal)).rejects.toMatchObject({ code: "SECRET_INVALID" });
  });
});

describe("the identity of a set of keys", () => {
  const identityOf = (...names: readonly string[]): Promise<string> =>
    createDataKeys({ keys: names.map((name) => privateKey(name)) }).identity();

  it("follows from the keys, not from their order or place", async () => {
    expect(await identityOf("one.agekey", "rsa2048.asc")).toBe(await identityOf("rsa2048.asc", "one.agekey"));
    const moved = createDataKeys({ keys: [{ ...privateKey("rsa"), origin: "elsewhere" }] });
    expect(await moved.identity()).toBe(await identityOf("rsa"));
    const sets = [
      [],
      ["one.agekey"],
      ["two.agekey"],
      ["one.agekey", "two.agekey"],
      ["ed25519"],
      ["ed25519.asc"],
    ];
    const identities = await Promise.all(sets.map((names) => identityOf(...names)));
    expect(new Set(identities).size).toBe(sets.length);
  });

  it("is found once for the same keys", () => {
    const open = createDataKeysOpener();
    expect(open([privateKey("one.agekey")])).toBe(open([privateKey("one.agekey")]));
    expect(open([privateKey("one.agekey")])).not.toBe(open([privateKey("two.agekey")]));
  });
});
