import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeBase64 } from "./base64.ts";
import { createTextRedactor } from "./redact-text.ts";
import { redactSecrets } from "./redact.ts";
import type { KubeObject } from "#core/object/index.ts";

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
const hash = (value: string): string => `#${value.length}`;

/** Few characters, so that runs are quick; each is special to one of the encodings. */
const unit = fc.constantFrom("a", "é", "漢", "😀", "\ud800", "%", " ", "/", "+", "\n", "?", '"', "\u0000");

describe("redactSecrets", () => {
  // Class: secrets told.
  it("hides every value of a Secret and shows which are equal", () => {
    const secret: KubeObject = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s", annotations: { [LAST_APPLIED]: "{}", note: "kept", token: "t" } },
      data: { a: "aGVsbG8=", b: "aGVs\nbG8=" },
      stringData: { c: "hello", d: 5 },
      type: "Opaque",
    };
    expect(redactSecrets(secret, { hash, sensitiveAnnotations: ["token"] })).toEqual({
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        name: "s",
        annotations: { [LAST_APPLIED]: "<secret #2>", note: "kept", token: "<secret #1>" },
      },
      data: { a: "<secret #8>", b: "<secret #8>" },
      stringData: { c: "<secret #8>", d: "<secret #1>" },
      type: "Opaque",
    });
  });

  it("hides what was decrypted, wherever it stands, and what a client-side apply wrote of it", () => {
    const object: KubeObject = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "c", annotations: { [LAST_APPLIED]: "{}" } },
      data: { url: "postgres://u:pw@db", port: 5432, open: "text" },
      items: [{ value: "a" }, { value: "secret" }],
    };
    const secretPaths = [
      ["data", "url"],
      ["data", "port"],
      ["items", 1, "value"],
      ["items", 7],
      ["gone", "x"],
    ];
    expect(redactSecrets(object, { hash, secretPaths })).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "c", annotations: { [LAST_APPLIED]: "<secret #2>" } },
      data: { url: "<secret #18>", port: "<secret #4>", open: "text" },
      items: [{ value: "a" }, { value: "<secret #6>" }],
    });
  });

  it("hides what is in the place of values when a Secret has the wrong shape", () => {
    const broken = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: {},
      data: ["aGVsbG8="],
      stringData: "hello",
    };
    expect(JSON.stringify(redactSecrets(broken as KubeObject, { hash }))).not.toMatch(/aGVsbG8|hello/);
  });

  it("leaves other kinds alone, a Secret of another group included", () => {
    const other: KubeObject = {
      apiVersion: "example.com/v1",
      kind: "Secret",
      metadata: {},
      data: { a: "1" },
    };
    expect(redactSecrets(other, { hash })).toBe(other);
  });
});

describe("text redactor", () => {
  it("hides a value in every form in which messages carry it", () => {
    const secret = 'p@ss w"rd?>';
    const url = encodeURIComponent(secret);
    const text = [
      secret,
      encodeBase64(secret),
      url,
      url.replaceAll("%20", "+"),
      JSON.stringify({ a: secret }),
    ].join(" | ");
    expect(createTextRedactor([secret])(text)).toBe(
      '<redacted> | <redacted> | <redacted> | <redacted> | {"a":"<redacted>"}',
    );
  });

  it("hides each line of a key and leaves words too short to be secret", () => {
    const key = "-----BEGIN KEY-----\nabcdefgh\n-----END KEY-----\n";
    expect(createTextRedactor([key, "a"])("bad line abcdefgh in a key")).toBe("bad line <redacted> in a key");
  });

  it("hides the longer of two values of which one is part of the other", () => {
    expect(createTextRedactor(["secret", "secretsecret"])("it is secretsecret")).toBe("it is <redacted>");
  });

  it("never lets a value through", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4, unit }), fc.string(), fc.string(), (secret, before, after) => {
        fc.pre(!"<redacted>".includes(secret) && secret.trim().length > 3);
        const text = `${before}${secret}|${encodeBase64(secret)}${after}`;
        const redacted = createTextRedactor([secret])(text);
        expect(redacted.includes(secret) || redacted.includes(encodeBase64(secret))).toBe(false);
      }),
    );
  });
});

describe("encodeBase64", () => {
  it("encodes the UTF-8 bytes as every other encoder does", () => {
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        expect(encodeBase64(text)).toBe(Buffer.from(text, "utf8").toString("base64"));
      }),
    );
  });
});
