import { describe, expect, it } from "vitest";
import type { KubeObject, StringMap } from "#core/object/index.ts";
import { dataKeysOf, parseDataKeySecret } from "./parse-secret.ts";

function secret(stringData: StringMap, name = "keys"): KubeObject {
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace: "argocd" }, stringData };
}

const age = "AGE-SECRET-KEY-1QQQQ";
const block = (kind: string): string => `-----BEGIN ${kind}-----\n\nabc=\n-----END ${kind}-----`;
const pgp = block("PGP PRIVATE KEY BLOCK");
const ssh = block("OPENSSH PRIVATE KEY");

describe("a Secret with private keys", () => {
  it("holds age identities one a line, SSH keys and PGP keys, and passes over the rest", () => {
    const entries = {
      "a.agekey": `# created: today\n# public key: age1\n${age}\r\n\n${age}Z\n`,
      "b.agekey": `${ssh}\n`,
      "c.asc": `Comment\n${pgp}\n${pgp}\n`,
      "sops.vault-token": "x",
      project: " shop ",
    };
    const origin = "Secret/argocd/keys field ";
    expect(parseDataKeySecret(secret(entries))).toEqual({
      project: "shop",
      keys: [
        { type: "age", origin: `${origin}a.agekey`, text: age },
        { type: "age", origin: `${origin}a.agekey`, text: `${age}Z` },
        { type: "ssh", origin: `${origin}b.agekey`, text: ssh },
        { type: "pgp", origin: `${origin}c.asc`, text: pgp },
        { type: "pgp", origin: `${origin}c.asc`, text: pgp },
      ],
    });
  });

  it("is read from base64", () => {
    const data = { "a.agekey": Buffer.from(age).toString("base64") };
    expect(parseDataKeySecret({ ...secret({}), data }).keys.map(({ text }) => text)).toEqual([age]);
  });

  it.each([
    [{ project: "shop" }, "field data holds no key; give it an entry such as age.agekey or pgp.asc"],
    [
      { "a.agekey": "age1public" },
      "field a.agekey must hold lines that begin with AGE-SECRET-KEY-1, or an SSH private key",
    ],
    [
      { "a.asc": block("PGP PUBLIC KEY BLOCK") },
      "field a.asc holds no armored PGP private key; export it with gpg --export-secret-keys --armor",
    ],
  ])("is refused by field, without its value", (entries, problem) => {
    expect(() => parseDataKeySecret(secret(entries as StringMap))).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID", message: `Secret/argocd/keys: ${problem}` }) as Error,
    );
  });

  it("serves its own project, or every project when it names none", () => {
    const secrets = [
      parseDataKeySecret(secret({ "b.agekey": `${age}B`, project: "shop" }, "b")),
      parseDataKeySecret(secret({ "c.agekey": `${age}C`, project: "other" }, "c")),
      parseDataKeySecret(secret({ "a.agekey": `${age}A` }, "a")),
    ];
    expect(dataKeysOf(secrets, "shop").map(({ text }) => text)).toEqual([`${age}A`, `${age}B`]);
    expect(dataKeysOf(secrets, "none").map(({ text }) => text)).toEqual([`${age}A`]);
  });
});
