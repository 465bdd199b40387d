import { describe, expect, it } from "vitest";
import { withSecretsOf } from "./keep-secrets.ts";

const url = "https://git.example/shop";
const before = { url, username: "ada", password: "hunter2", proxy: "http://me:s3cret@proxy:3128" };
const proxy = "http://proxy:3128";

describe("a repository that is changed without its secrets", () => {
  it("keeps those that are left out, and takes those that are given", () => {
    expect(withSecretsOf(before, { url, username: "eve", proxy })).toEqual({ ...before, username: "eve" });
    expect(withSecretsOf(before, { url, proxy, password: "new" })).toEqual({
      url,
      proxy: before.proxy,
      password: "new",
    });
  });

  it("keeps the secrets of keys that nobody knows, and drops what is shown and left out", () => {
    expect(withSecretsOf({ url, vaultToken: "x", name: "shop" }, { url })).toEqual({ url, vaultToken: "x" });
  });

  // Class: secrets told.
  it.each([
    ["proxy", { proxy: "http://evil:3128" }],
    ["proxy", {}],
    ["insecure", { proxy, insecure: "true" }],
    ["insecureIgnoreHostKey", { proxy, insecureIgnoreHostKey: "true" }],
    ["insecureOCIForceHttp", { proxy, insecureOCIForceHttp: "true" }],
    ["githubAppEnterpriseBaseUrl", { proxy, githubAppEnterpriseBaseUrl: "https://evil" }],
    ["azureActiveDirectoryEndpoint", { proxy, azureActiveDirectoryEndpoint: "https://evil" }],
    ["type", { proxy, type: "helm" }],
  ])("is refused when they would go another way: %s", (field, change) => {
    expect(() => withSecretsOf(before, { url, ...change })).toThrow(
      `repository ${url}: ${field} is another, and its credentials would be sent that way; give them again`,
    );
  });

  it("may go a safer way with the same secrets, and any way with new ones or none", () => {
    const open = { url, password: "hunter2", insecure: "true" };
    expect(withSecretsOf(open, { url, type: "git" })).toEqual({ url, type: "git", password: "hunter2" });
    expect(withSecretsOf(open, { url, password: "new", proxy })).toEqual({ url, password: "new", proxy });
    expect(withSecretsOf({ url }, { url, proxy })).toEqual({ url, proxy });
  });
});
