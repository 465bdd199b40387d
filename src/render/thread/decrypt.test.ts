import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import type { PrivateKey } from "#core/data-keys/index.ts";
import { parseDataKeySecret } from "#core/data-keys/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import type { SopsKeySet } from "#core/sops/index.ts";
import { createDataKeys } from "#secrets/index.ts";
import type { Decryption } from "./decrypt.ts";
import { createDecryption } from "./decrypt.ts";

const testdata = "src/core/sops/testdata";
const read = (file: string): Buffer => readFileSync(path.join(testdata, file));
const names = globSync("*", { cwd: path.join(testdata, "encrypted") }).toSorted((a, b) => (a < b ? -1 : 1));
const signal = new AbortController().signal;

function privateKeys(...files: readonly string[]): readonly PrivateKey[] {
  const entries = files.map((file) => [
    /\./.test(file) ? file : `${file}.agekey`,
    read(`keys/${file}`).toString(),
  ]);
  const metadata = { name: "sops-keys", namespace: "argocd" };
  const stringData = Object.fromEntries(entries) as Record<string, string>;
  return parseDataKeySecret({ apiVersion: "v1", kind: "Secret", metadata, stringData }).keys;
}

const everyKey = privateKeys(
  "one.agekey",
  "two.agekey",
  "three.agekey",
  "ed25519",
  "rsa",
  "rsa2048.asc",
  "ed25519.asc",
);

/** The thread waits for a data key; here the work is begun anew with it. */
async function decrypting<T>(keys: readonly PrivateKey[], work: (decryption: Decryption) => T): Promise<T> {
  const dataKeys = createDataKeys({ keys });
  const known = new Map<string, Uint8Array>();
  for (;;) {
    const asked: SopsKeySet[] = [];
    const decryption = createDecryption((keySet) => {
      const key = known.get(JSON.stringify(keySet));
      if (key !== undefined) return Uint8Array.from(key);
      asked.push(keySet);
      throw new Error("asked");
    });
    try {
      return work(decryption);
    } catch (error) {
      const [keySet] = asked;
      if (keySet === undefined) throw error;
      known.set(JSON.stringify(keySet), await dataKeys.unwrap(keySet, signal));
    }
  }
}

async function decrypted(name: string, content: Uint8Array = read(`encrypted/${name}`)): Promise<Buffer> {
  return Buffer.from(await decrypting(everyKey, (decryption) => decryption.file(name, content)));
}

function valuesIn(yaml: string): unknown {
  const documents = parseAllDocuments(yaml, {
    version: "1.1",
    intAsBigInt: true,
    customTags: (tags) => tags.filter((tag) => typeof tag === "string" || !tag.tag.endsWith(":timestamp")),
  });
  const whole = (_: unknown, value: unknown): unknown =>
    typeof value === "number" && Number.isInteger(value) ? BigInt(value) : value;
  return documents.map((document) => document.toJS({ reviver: whole }) as unknown);
}

async function messageOf(name: string, content: Uint8Array, keys = everyKey): Promise<string> {
  return decrypting(keys, (decryption) => decryption.file(name, content)).then(
    () => "decrypted",
    (error: unknown) => `${(error as { code: string }).code} ${(error as Error).message}`,
  );
}

/** The encrypted file with one of its texts replaced. */
function tampered(name: string, from: string | RegExp, to: string): Buffer {
  const text = read(`encrypted/${name}`).toString();
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  return Buffer.from(changed);
}

describe("what sops encrypted", () => {
  it.each(names.filter((name) => name.endsWith(".yaml")))(
    "gives the values of sops decrypt: %s",
    async (name) => {
      const ours = (await decrypted(name)).toString();
      expect(valuesIn(ours)).toEqual(valuesIn(read(`decrypted/${name}`).toString()));
      expect(ours).not.toContain("ENC[");
    },
  );

  it.each(names.filter((name) => !name.endsWith(".yaml")))(
    "gives the bytes of sops decrypt: %s",
    async (name) => {
      expect((await decrypted(name)).equals(read(`decrypted/${name}`))).toBe(true);
    },
  );

  it("leaves lines and plain comments of a YAML file where they are", async () => {
    const before = read("encrypted/encrypted-comment-regex.yaml").toString().split("\nsops:")[0] ?? "";
    const after = (await decrypted("encrypted-comment-regex.yaml")).toString();
    const blank = (text: string): string => text.replaceAll(/(?:ENC\[[^\]]*\]|"hidden"|"first")/g, "?");
    expect(blank(after)).toBe(`${blank(before)}\n`);
  });

  it("leaves a file alone that only speaks of sops", async () => {
    const content = Buffer.from("# sops: values look like ENC[AES256_GCM,data:…\ncreation_rules: []\n");
    expect(await decrypting([], (decryption) => decryption.file("a.yaml", content))).toBe(content);
  });

  it("leaves objects alone that something in the cluster decrypts", async () => {
    const content = tampered("encrypted-regex.yaml", "kind: Secret", "kind: SopsSecret");
    expect(await decrypting([], (decryption) => decryption.file("a.yaml", content))).toBe(content);
  });

  it("decrypts documents that were encrypted each by itself and put together", async () => {
    const content = Buffer.concat([
      read("encrypted/age.yaml"),
      Buffer.from("---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: plain\n---\n"),
      read("encrypted/pgp-rsa.yaml"),
    ]);
    const expected = [
      ...(valuesIn(read("decrypted/age.yaml").toString()) as unknown[]),
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "plain" } },
      ...(valuesIn(read("decrypted/pgp-rsa.yaml").toString()) as unknown[]),
    ];
    expect(valuesIn((await decrypted("a.yaml", content)).toString())).toEqual(expected);
  });

  it("knows what was secret", async () => {
    const secrets = await decrypting(everyKey, (decryption) => {
      decryption.file("a.yaml", read("encrypted/encrypted-suffix.yaml"));
      return [...decryption.secrets].toSorted((a, b) => (a < b ? -1 : 1));
    });
    expect(secrets).toEqual(["a", "d", "g"]);
  });
});

describe("an object that a tool made with its sops block left in", () => {
  const object = parseAllDocuments(
    read("encrypted/encrypted-regex.yaml").toString(),
  )[0]?.toJS() as JsonObject;
  const plain = parseAllDocuments(read("decrypted/encrypted-regex.yaml").toString())[0]?.toJS() as JsonObject;

  it("is decrypted whatever order and names the tool gave it", async () => {
    const moved = { sops: object["sops"], ...object, metadata: { name: "prefix-shop", namespace: "shop" } };
    expect(await decrypting(everyKey, (decryption) => decryption.object(moved, "a.yaml#1"))).toEqual({
      ...plain,
      metadata: { name: "prefix-shop", namespace: "shop" },
    });
  });

  it("is refused when a value stands elsewhere than where it was encrypted", async () => {
    const { password, ...others } = object["stringData"] as JsonObject;
    const moved = { ...object, stringData: { ...others, token: password } };
    await expect(
      decrypting(everyKey, (decryption) => decryption.object(moved, "a.yaml#1")),
    ).rejects.toMatchObject({
      code: "SECRET_INVALID",
      message:
        "a.yaml#1: field stringData.token was changed, moved or renamed after it was encrypted; edit the file with sops only",
    });
  });
});

describe("a file that was changed after it was encrypted", () => {
  const changedContent =
    "SECRET_INVALID a.yaml: the content does not match field sops.mac, so it was changed after it was encrypted; edit the file with sops, or restore it";

  it("is refused when a plain value was changed", async () => {
    expect(await messageOf("a.yaml", tampered("encrypted-regex.yaml", "type: Opaque", "type: Other"))).toBe(
      changedContent,
    );
  });

  it("is refused when an entry was removed or moved", async () => {
    expect(await messageOf("a.yaml", tampered("age.yaml", /\n {4}"80": .*/, ""))).toBe(changedContent);
    const swapped = tampered("age.yaml", /(\n {4}"8080": .*)(\n {4}"80": .*)/, "$2$1");
    expect(await messageOf("a.yaml", swapped)).toBe(changedContent);
  });

  it("is refused when a document was removed", async () => {
    const [, ...rest] = read("encrypted/documents.yaml")
      .toString()
      .split(/^---\n/m);
    expect(await messageOf("a.yaml", Buffer.from(rest.join("---\n")))).toBe(changedContent);
  });

  it("is refused when an encrypted value was renamed, cut or replaced by a plain one", async () => {
    const problem = "was changed, moved or renamed after it was encrypted; edit the file with sops only";
    expect(await messageOf("a.yaml", tampered("age.yaml", "password:", "pass:"))).toBe(
      `SECRET_INVALID a.yaml: field stringData.pass ${problem}`,
    );
    expect(
      await messageOf("a.yaml", tampered("age.yaml", /(password: ENC\[AES256_GCM,data:)\w{4}/, "$1")),
    ).toBe(`SECRET_INVALID a.yaml: field stringData.password ${problem}`);
    expect(await messageOf("a.yaml", tampered("age.yaml", /password: .*/, "password: hunter2"))).toBe(
      "SECRET_INVALID a.yaml: field stringData.password must be encrypted by the file's own rule but is not; encrypt the file again with sops",
    );
  });

  it("may change what its code leaves out", async () => {
    const content = tampered("mac-only-encrypted.yaml", "type: Opaque", "type: Other");
    expect((await decrypted("a.yaml", content)).toString()).toContain("type: Other\n");
  });

  it("is refused when its time was changed, which the code is bound to", async () => {
    const content = tampered("age.yaml", /lastmodified: "\d{4}/, 'lastmodified: "1999');
    expect(await messageOf("a.yaml", content)).toBe(
      "SECRET_INVALID a.yaml: field sops.mac does not belong to this file and to sops.lastmodified; edit the file with sops only",
    );
  });
});

describe("metadata that cannot be used", () => {
  it.each([
    [/\n {4}mac: .*/, "", undefined],
    [
      /lastmodified: .*/,
      "lastmodified: yesterday",
      "field sops.lastmodified is no RFC 3339 time; encrypt the file anew with sops",
    ],
    [
      /\n {4}age:[\s\S]*?\n {4}last/,
      "\n    last",
      "field sops names no key; encrypt the file anew with sops",
    ],
    [
      /(\n {4}unencrypted_suffix: .*)/,
      "$1\n    encrypted_regex: ^data$",
      "field sops.encrypted_regex stands beside unencrypted_suffix; only one rule may be set",
    ],
    [
      /unencrypted_suffix: .*/,
      "encrypted_regex: (a",
      "field sops.encrypted_regex is no regular expression that is understood here; write it more simply",
    ],
  ])("is named: %s", async (from, to, problem) => {
    expect(await messageOf("a.yaml", tampered("age.yaml", from, to))).toBe(
      problem === undefined ? "decrypted" : `SECRET_INVALID a.yaml: ${problem}`,
    );
  });
});
