import { describe, expect, it } from "vitest";
import { accessOf, emptyForm, formOf, messageOf, problemOf, withKind } from "./repository-form.ts";
import { kinds, waysOf } from "./ways.ts";

const https = { ...emptyForm, url: "https://git.example/shop.git" };

describe("a repository as it is sent", () => {
  it("has the fields of its way, and none that were typed for another", () => {
    const typed = { ...https, texts: { username: "ada", password: "s3cret", sshPrivateKey: "key" } };
    expect(messageOf({ ...typed, way: "password" })).toEqual({
      repo: "https://git.example/shop.git",
      type: "git",
      username: "ada",
      password: "s3cret",
    });
    expect(messageOf({ ...typed, way: "none" })).toEqual({ repo: typed.url, type: "git" });
    const ssh = { ...typed, way: "ssh", url: " git@git.example:shop.git " } as const;
    expect(messageOf(ssh)).toEqual({ repo: "git@git.example:shop.git", type: "git", sshPrivateKey: "key\n" });
  });

  it("names charts in a registry as Argo CD does, with numbers as numbers", () => {
    const oci = { ...https, kind: "helmOci", url: "ghcr.io/example", way: "azureIdentity" } as const;
    expect(messageOf({ ...oci, flags: { insecureOCIForceHttp: true, enableLfs: true } })).toEqual({
      repo: "ghcr.io/example",
      type: "helm",
      enableOCI: true,
      useAzureWorkloadIdentity: true,
      insecureOCIForceHttp: true,
    });
    const app = { githubAppID: "12", githubAppInstallationID: "", githubAppPrivateKey: "key", depth: "1" };
    expect(messageOf({ ...https, way: "github", texts: app, project: "shop", name: " Shop " })).toEqual({
      repo: https.url,
      type: "git",
      githubAppID: 12,
      githubAppPrivateKey: "key",
      depth: 1,
      project: "shop",
      name: "Shop",
    });
  });

  it("keeps what is no secret of credentials that are kept", () => {
    const before = { repo: https.url, type: "git", username: "ada", proxy: "http://proxy:1", insecure: true };
    const form = formOf(before);
    expect(form).toMatchObject({ way: "keep", kind: "git", flags: { insecure: true } });
    expect(messageOf(form, before)).toEqual(before);
    const { proxy: _proxy, ...without } = before;
    expect(messageOf({ ...form, texts: { ...form.texts, proxy: "" } }, before)).toEqual(without);
    expect(messageOf({ ...form, way: "none", texts: {}, flags: {} }, before)).toEqual({
      repo: https.url,
      type: "git",
    });
  });

  it("says by its old name that a host is not checked, where it is kept so", () => {
    const before = { repo: "git@x:y", type: "git", insecureIgnoreHostKey: true };
    expect(messageOf(formOf(before), before)).toEqual(before);
    expect(messageOf({ ...formOf(before), flags: {} }, before)).toEqual({ repo: "git@x:y", type: "git" });
  });

  it("is tried under the names that the question has", () => {
    const repository = { repo: "x", type: "helm", enableOCI: true, insecureOCIForceHttp: true, depth: 1 };
    expect(accessOf({ ...repository, noProxy: "y", enableLfs: true, username: "ada" })).toEqual({
      repo: "x",
      type: "helm",
      enableOci: true,
      insecureOciForceHttp: true,
      username: "ada",
    });
  });
});

describe("what is wrong with a form", () => {
  it.each([
    [emptyForm, "Give the address."],
    [{ ...https, way: "password" }, "Password or token: is missing."],
    [{ ...https, way: "ssh", texts: { sshPrivateKey: "k" } }, "An SSH key needs an address such as git@"],
    [{ ...https, url: "ssh://git@x/y", way: "password" }, "This address is for SSH"],
    [{ ...https, url: "git@x:y", kind: "helm" }, "Only Git repositories are reached by SSH."],
    [{ ...https, way: "github", texts: { githubAppID: "a" } }, "App id: must be a number."],
    [{ ...https, texts: { depth: "-1" } }, "Depth: must be a number."],
  ] as const)("is named: %#", (form, problem) => {
    expect(problemOf(form)).toContain(problem);
  });

  it("is nothing for what can be sent", () => {
    expect(problemOf(https)).toBeUndefined();
    expect(problemOf({ ...https, url: "git@x:y", way: "keep" })).toBeUndefined();
    expect(problemOf({ ...https, url: "file:///tmp/shop" })).toBeUndefined();
  });
});

it("takes a way that another kind has not back to none", () => {
  expect(withKind({ ...https, way: "ssh" }, "helm").way).toBe("none");
  expect(withKind({ ...https, way: "password" }, "oci").way).toBe("password");
  expect(withKind({ ...https, way: "keep" }, "oci").way).toBe("keep");
  for (const [kind] of kinds) expect(waysOf(kind)).toContain("none");
});
