import { describe, expect, it } from "vitest";
import { compileGoRegExp } from "./go-regexp.ts";
import { parseSopsMetadata } from "./metadata.ts";
import { resolvePlainValue } from "./plain-value.ts";
import { combineParts } from "./shamir.ts";
import { plainDecimal, treeOf } from "./tree.ts";

describe("what SOPS takes an unquoted scalar for", () => {
  it.each([
    ["yes", "str yes"],
    ["true", "bool true"],
    ["~", "null "],
    ["0644", "int 420"],
    ["0o17", "int 15"],
    ["-0x1F", "int -31"],
    ["+12", "int 12"],
    ["1_000", "int 1000"],
    ["08", "float 8"],
    ["9223372036854775807", "int 9223372036854775807"],
    ["-9223372036854775808", "int -9223372036854775808"],
    ["99999999999999999999", "float 100000000000000000000"],
    ["1e3", "float 1000"],
    ["1.5e-7", "float 0.00000015"],
    [".5", "float 0.5"],
    ["1.", "float 1"],
    ["1.2.3", "str 1.2.3"],
    ["-", "str -"],
    [".inf", "float +Inf"],
    ["2024-1-2", "time 2024-01-02T00:00:00Z"],
    ["2024-01-02T03:04:05.600+02:00", "time 2024-01-02T03:04:05.6+02:00"],
    ["2024-01-02t03:04:05-00:00", "time 2024-01-02T03:04:05Z"],
    ["2024-01-02 3:4:5", "time 2024-01-02T03:04:05Z"],
    ["2023-02-29", "str 2023-02-29"],
    ["2024-02-29", "time 2024-02-29T00:00:00Z"],
    ["2024-01-02T25:00:00Z", "str 2024-01-02T25:00:00Z"],
    ["12:30:45", "str 12:30:45"],
  ])("%s", (text, expected) => {
    const { type, text: canonical } = resolvePlainValue(text);
    expect(`${type} ${canonical}`).toBe(expected);
  });

  it("writes numbers without an exponent", () => {
    const numbers = [0, -0, 1.5, 1e21, -1.25e25, 1e-7, -1.5e-10, 5e-324];
    expect(numbers.map((number) => plainDecimal(number).slice(0, 30))).toEqual([
      "0",
      "-0",
      "1.5",
      "1000000000000000000000",
      "-12500000000000000000000000",
      "0.0000001",
      "-0.00000000015",
      "0.0000000000000000000000000000",
    ]);
  });
});

describe("a regular expression in Go's syntax", () => {
  it.each([
    ["^(data|stringData)$", ["data", "stringData"], ["metadata", "datas"]],
    ["(?i)^PASS", ["password", "Passphrase"], ["my-pass"]],
    ["(?P<name>a)b", ["ab"], ["a"]],
    ["^[[:alpha:]_-]+$", ["a_b-c"], ["a1"]],
    ["^[]x]$", ["]", "x"], ["a"]],
    ["\\Aab\\z", ["ab"], ["ab\n", "cab"]],
    ["^\\Qa.b\\E$", ["a.b"], ["aXb"]],
    ["^a{2,3}$", ["aa", "aaa"], ["a"]],
    ["^{x}$", ["{x}"], ["x"]],
    ["^\\pL+$", ["äß"], ["1"]],
    ["^a\\-b\\_c$", ["a-b_c"], ["a_b-c"]],
    ["^a.b$", ["a\u2028b", "a\rb"], ["a\nb"]],
    ["^\\s$", [" ", "\t"], ["\u00a0", "\v"]],
    ["^(?i:a)b$", ["Ab"], ["aB"]],
  ])("%s", (pattern, matches, others) => {
    const compiled = compileGoRegExp(pattern);
    expect(matches.filter((text) => !compiled.test(text))).toEqual([]);
    expect(others.filter((text) => compiled.test(text))).toEqual([]);
  });

  it.each(["(a", "[a", "a**", "\\C", "(?U)a", "[[:nope:]]", "(?=a)", "x(?i)y", "(?s:.)"])(
    "refuses %s",
    (pattern) => {
      expect(() => compileGoRegExp(pattern)).toThrow(SyntaxError);
    },
  );
});

describe("parts of a shared secret", () => {
  // The polynomials 1 + 2x and 255 + x over GF(2^8), at x = 1, 2 and 200.
  const parts = [Uint8Array.of(3, 254, 1), Uint8Array.of(5, 253, 2), Uint8Array.of(0x8a, 255 ^ 200, 200)];

  it("make the secret in any order and number", () => {
    const [a, b, c] = parts as [Uint8Array, Uint8Array, Uint8Array];
    for (const some of [
      [a, b],
      [c, a],
      [b, c],
      [c, b, a],
    ])
      expect([...combineParts(some)]).toEqual([1, 255]);
  });

  it("are refused when they do not fit together", () => {
    const [a] = parts as [Uint8Array];
    for (const some of [[], [a], [a, a], [a, Uint8Array.of(1, 2)], [a, Uint8Array.of(1, 2, 0)]]) {
      expect(() => combineParts(some)).toThrow(RangeError);
    }
  });
});

describe("the metadata of a file", () => {
  const enc = "x";
  const metadata = {
    kms: [
      { arn: "arn:aws:kms:x", role: "r", context: { app: "shop" }, created_at: "t", enc, aws_profile: "p" },
    ],
    gcp_kms: [{ resource_id: "projects/p", created_at: "t", enc }],
    azure_kv: [{ vault_url: "https://v", name: "n", version: "1", created_at: "t", enc }],
    hc_vault: [{ vault_address: "https://v", engine_path: "sops", key_name: "k", created_at: "t", enc }],
    hckms: [{ key_id: "region:k", created_at: "t", enc }],
    age: [{ recipient: "age1", enc }],
    pgp: [{ fp: "ABC", created_at: "t", enc }],
    lastmodified: "2026-01-02T03:04:05.678+00:00",
    mac: "ENC[…]",
    mac_only_encrypted: true,
    version: "3.13.3",
  };

  it("names every kind of key in the order in which they are tried", () => {
    expect(parseSopsMetadata(treeOf(metadata), "a.yaml")).toEqual({
      keys: {
        groups: [
          [
            { type: "age", recipient: "age1", enc },
            { type: "pgp", fingerprint: "ABC", enc },
            { type: "kms", arn: "arn:aws:kms:x", role: "r", profile: "p", context: { app: "shop" }, enc },
            { type: "gcp_kms", resourceId: "projects/p", enc },
            { type: "azure_kv", vaultUrl: "https://v", name: "n", version: "1", enc },
            { type: "hc_vault", address: "https://v", enginePath: "sops", keyName: "k", enc },
            { type: "hckms", keyId: "region:k", enc },
          ],
        ],
        threshold: 1,
      },
      rule: { kind: "unencrypted_suffix", suffix: "_unencrypted" },
      mac: "ENC[…]",
      lastModified: "2026-01-02T03:04:05Z",
      macOnlyEncrypted: true,
    });
  });

  it.each([
    [{ ...metadata, mac: undefined }, "field sops.mac is missing; encrypt the file anew with sops"],
    [{ ...metadata, age: "x" }, "field sops.age must be a list of keys"],
    [{ ...metadata, age: [{}] }, "field sops.age[0].enc is missing; encrypt the file anew with sops"],
    [{ ...metadata, shamir_threshold: 2 }, "field sops.shamir_threshold must be a number of key groups"],
    [
      { ...metadata, age: [{ enc: "x".repeat(20_000) }] },
      "field sops.age[0].enc is longer than 16384 characters",
    ],
  ])("is refused by the field that is wrong", (broken, problem) => {
    expect(() => parseSopsMetadata(treeOf(broken), "a.yaml")).toThrow(
      expect.objectContaining({ code: "SECRET_INVALID", message: `a.yaml: ${problem}` }) as Error,
    );
  });
});
