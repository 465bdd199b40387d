import { describe, expect, it } from "vitest";
import type { KubeObject, StringMap } from "../object/index.ts";
import { resolveFileAccess, resolveRegistryAccess } from "./resolve-registry-access.ts";
import { parseRepositoryCredentialsSecret, parseRepositorySecret, secretTypeLabel } from "./secret.ts";

function secret(type: string, name: string, stringData: StringMap): KubeObject {
  const metadata = { name, namespace: "argocd", labels: { [secretTypeLabel]: type } };
  return { apiVersion: "v1", kind: "Secret", metadata, stringData };
}

const repository = (name: string, data: StringMap) => parseRepositorySecret(secret("repository", name, data));
const template = (name: string, data: StringMap) =>
  parseRepositoryCredentialsSecret(secret("repo-creds", name, data));
const login = (username: string) => ({ username, password: "p" });

function failureOf(work: () => unknown): string {
  try {
    return JSON.stringify(work());
  } catch (error) {
    return String(error);
  }
}

const config = {
  repositories: [
    repository("helm", {
      type: "helm",
      name: "stable",
      url: "https://charts.acme.com/stable/",
      ...login("all"),
    }),
    repository("scoped", {
      type: "helm",
      url: "https://charts.acme.com/stable",
      project: "shop",
      ...login("shop"),
    }),
    repository("old", { type: "helm", enableOCI: "true", url: "ghcr.io/acme", ...login("ghcr") }),
    repository("oci", {
      type: "oci",
      url: "oci://local:5000/apps",
      insecureOCIForceHttp: "true",
      proxy: "http://proxy:3128",
      noProxy: "b.com",
    }),
    repository("git", { type: "git", url: "https://git.acme.com/shop", ...login("git") }),
    repository("tls", {
      type: "helm",
      url: "https://tls.acme.com",
      tlsClientCertData: "c",
      tlsClientCertKey: "k",
      insecure: "true",
    }),
    repository("gcp", { type: "helm", url: "https://gcp.acme.com", gcpServiceAccountKey: "{}" }),
  ],
  templates: [
    template("short", { url: "oci://registry.acme.com", insecureOCIForceHttp: "true", ...login("short") }),
    template("long", { url: "registry.acme.com/team", ...login("long") }),
  ],
  tlsCertificates: { "charts.acme.com": "PEM" },
};
const access = (url: string, project = "default") => resolveRegistryAccess(url, project, config);
const userOf = (url: string, project?: string) => {
  const { credentials } = access(url, project);
  return credentials.kind === "basic" ? credentials.username : credentials.kind;
};

describe("access to a chart repository or registry", () => {
  it("comes from the repository's own Secret, the project's before the one for all", () => {
    expect(access("https://charts.acme.com/stable")).toEqual({
      kind: "helm",
      url: "https://charts.acme.com/stable",
      credentials: { kind: "basic", username: "all", password: "p" },
      insecureSkipVerify: false,
      caCertificates: "PEM",
      passCredentials: false,
      forceHttp: false,
      mayBeInternal: true,
    });
    expect(userOf("https://charts.acme.com/stable", "shop")).toBe("shop");
    expect(userOf("https://charts.acme.com/stable.evil")).toBe("none");
    expect(userOf("https://git.acme.com/shop")).toBe("none");
    expect(access("https://tls.acme.com/")).toMatchObject({
      credentials: { kind: "tls", certificate: "c", key: "k" },
      insecureSkipVerify: true,
    });
  });

  it("is the same for a registry with and without oci://", () => {
    for (const url of ["ghcr.io/acme", "oci://ghcr.io/acme", "OCI://GHCR.io/acme/"]) {
      expect(access(url)).toMatchObject({
        kind: "oci",
        url: "oci://ghcr.io/acme",
        credentials: { username: "ghcr" },
      });
    }
    expect(access("local:5000/apps")).toEqual({
      kind: "oci",
      url: "oci://local:5000/apps",
      credentials: { kind: "none" },
      insecureSkipVerify: false,
      proxyUrl: "http://proxy:3128",
      noProxy: "b.com",
      passCredentials: false,
      forceHttp: true,
      mayBeInternal: true,
    });
  });

  it("comes from the template with the longest URL, which never matches another host", () => {
    expect(
      ["registry.acme.com/x", "oci://registry.acme.com/team/web", "registry.acme.com.evil.com/x"].map((url) =>
        userOf(url),
      ),
    ).toEqual(["short", "long", "none"]);
    expect([access("registry.acme.com/x").forceHttp, access("registry.acme.com/team/x").forceHttp]).toEqual([
      true,
      false,
    ]);
  });

  it("is found by the name that a chart's dependency gives", () => {
    expect(access("@stable").url).toBe("https://charts.acme.com/stable");
    expect(access("alias:stable").url).toBe("https://charts.acme.com/stable");
  });

  it("takes credentials out of the URL and uses them", () => {
    expect(access("https://ada:p%40ss@a.com/charts?x=1#y")).toMatchObject({
      url: "https://a.com/charts?x=1",
      credentials: { kind: "basic", username: "ada", password: "p@ss" },
    });
  });

  it("says what is wrong with a URL, without its password", () => {
    const wrong = [
      "",
      "https://ada:s3cret@a b/",
      "ftp://ada:s3cret@a.com",
      "file:///etc",
      "@none",
      "-x",
      "https://gcp.acme.com",
      "a\\b",
    ];
    expect(wrong.map((url) => failureOf(() => access(url)))).toMatchInlineSnapshot(`
      [
        "MooringError: repository "": the URL is empty; set repoURL",
        "MooringError: repository "https://a b/": not a URL; remove spaces and backslashes",
        "MooringError: repository "ftp://a.com": scheme ftp is not supported for charts; use https, http or oci",
        "MooringError: repository "file:///etc": not a URL of a chart repository; write https://…, oci://… or host/path",
        "MooringError: repository "@none": no repository has this name; add it with repo add --type helm --name none",
        "MooringError: repository "-x": not a URL of a chart repository; write https://…, oci://… or host/path",
        "MooringError: Secret/argocd/gcp: authentication with a Google Cloud service account is not supported yet; use a user name and a token",
        "MooringError: repository "a\\\\b": not a URL; remove spaces and backslashes",
      ]
    `);
  });
});

describe("access to a file", () => {
  it("has no credentials, and may be internal only beside a configured repository", () => {
    const file = (url: string, project?: string) => resolveFileAccess(url, project, config);
    expect(file("https://charts.acme.com/values.yaml?sig=1")).toEqual({
      kind: "file",
      url: "https://charts.acme.com/values.yaml?sig=1",
      credentials: { kind: "none" },
      insecureSkipVerify: false,
      caCertificates: "PEM",
      passCredentials: false,
      forceHttp: false,
      mayBeInternal: true,
    });
    expect(file("https://git.acme.com/raw/values.yaml").mayBeInternal).toBe(true);
    expect(file("https://git.acme.com:8443/raw/values.yaml").mayBeInternal).toBe(false);
    expect(file("https://tls.acme.com/v.yaml")).toMatchObject({
      insecureSkipVerify: true,
      credentials: { kind: "none" },
    });
    expect(file("https://ada:p@other.com/v.yaml")).toMatchObject({
      url: "https://other.com/v.yaml",
      mayBeInternal: false,
    });
    expect(failureOf(() => file("oci://a/b"))).toBe(
      'MooringError: file "oci://a/b": a file is fetched over https or http; correct the URL',
    );
  });
});
