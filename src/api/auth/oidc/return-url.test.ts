import { expect, it } from "vitest";
import { dexClientSecret } from "./resolve-sso.ts";
import { checkReturnUrl } from "./return-url.ts";

const own = ["https://argocd.example.com", "https://other.example.com/argo"];

it("leads to pages of the server's own", () => {
  const cases = [
    undefined,
    "",
    "/",
    "/applications?x=//evil.example.com#a",
    "https://argocd.example.com",
    "https://other.example.com/argo/x",
    "https:evil.example.com",
  ];
  expect(cases.map((each) => checkReturnUrl(each, own))).toEqual([
    "https://argocd.example.com/",
    "https://argocd.example.com/",
    "https://argocd.example.com/",
    "https://argocd.example.com/applications?x=//evil.example.com#a",
    "https://argocd.example.com/",
    "https://other.example.com/argo/x",
    "https://argocd.example.com/evil.example.com",
  ]);
});

// Class: scripts in pages.
it.each([
  "https://evil.example.com/",
  "//evil.example.com/",
  "/\\evil.example.com",
  "\\\\evil.example.com",
  "https:/\\evil.example.com",
  "https://argocd.example.com@evil.example.com/",
  "https://ada:pw@argocd.example.com/",
  "https://argocd.example.com.evil.example.com/",
  "https://argocd.example.com:8443/",
  "http://argocd.example.com/",
  "https://other.example.com/",
  "https://other.example.com/argon",
  "https://other.example.com/argo/../x",
  "https://other.example.com/argo/%2e%2e/x",
  "javascript:alert(1)",
  "data:text/html,x",
  "/\t/evil.example.com",
  "/x\r\nSet-Cookie: a=b",
  `/${"x".repeat(3_000)}`,
])("does not lead to %j", (url) => {
  expect(() => checkReturnUrl(url, own)).toThrow(expect.objectContaining({ code: "API_INVALID_ARGUMENT" }));
});

it("derives the secret of Dex's client as Argo CD does", () => {
  // printf 'a key of more than sixteen letters' | sha256sum | xxd -r -p | base64 | tr +/ -_ | cut -c1-40
  const key = new TextEncoder().encode("a key of more than sixteen letters");
  expect(dexClientSecret(key)).toBe("I-amuCkiv_FwCsLZVcuDFRn9rlSHYpDaAHvSTt92");
});
