import { describe, expect, it } from "vitest";
import type { KubeObject, StringMap } from "../object/index.ts";
import { resolveRepositoryAccess } from "./resolve-access.ts";
import { parseRepositoryCredentialsSecret, parseRepositorySecret, secretTypeLabel } from "./secret.ts";
import { parseKnownHostsConfigMap, parseTlsCertificatesConfigMap } from "./trust.ts";

function secret(type: string, name: string, data: StringMap): KubeObject {
  const encoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString("base64")]);
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: "argocd", labels: { [secretTypeLabel]: type } },
    data: Object.fromEntries(encoded),
  };
}

const repository = (name: string, data: StringMap) => parseRepositorySecret(secret("repository", name, data));
const template = (name: string, data: StringMap) =>
  parseRepositoryCredentialsSecret(secret("repo-creds", name, data));

function failureOf(work: () => unknown): string {
  try {
    return JSON.stringify(work());
  } catch (error) {
    return String(error);
  }
}

describe("access to a repository", () => {
  it("comes from the repository's own Secret, the project's before the one for all", () => {
    const config = {
      repositories: [
        repository("open", { url: "https://git.acme.com/shop", username: "all", password: "1" }),
        repository("shop", {
          url: "https://git.acme.com/Shop.git",
          project: "shop",
          username: "shop",
          password: "2",
        }),
        repository("bare", { url: "https://git.acme.com/other", insecure: "true" }),
      ],
      templates: [template("t", { url: "https://git.acme.com", username: "template", password: "3" })],
    };
    const userOf = (url: string, project: string | undefined) => {
      const { credentials } = resolveRepositoryAccess(url, project, config);
      return credentials.kind === "basic" ? credentials.username : credentials.kind;
    };
    expect(userOf("https://git.acme.com/shop.git", "shop")).toBe("shop");
    expect(userOf("https://git.acme.com/shop.git", "default")).toBe("all");
    expect(userOf("https://git.acme.com/shop.git", undefined)).toBe("all");
    expect(userOf("https://git.acme.com/other", "default")).toBe("template");
    expect(resolveRepositoryAccess("https://git.acme.com/other", "default", config).insecureSkipVerify).toBe(
      true,
    );
    expect(userOf("https://elsewhere.com/shop", "default")).toBe("none");
  });

  it("comes from the template with the longest matching URL, and never for another host", () => {
    const config = {
      repositories: [],
      templates: [
        template("host", { url: "https://git.acme.com", username: "host", password: "p" }),
        template("team", {
          url: "https://git.acme.com/team/",
          username: "team",
          password: "p",
          proxy: "http://proxy:3128",
        }),
        template("ssh", { url: "git@git.acme.com:team", sshPrivateKey: "key" }),
      ],
    };
    const access = (url: string) => resolveRepositoryAccess(url, "default", config);
    expect(access("https://git.acme.com/shop")).toEqual({
      url: "https://git.acme.com/shop",
      credentials: { kind: "basic", username: "host", password: "p" },
      insecureSkipVerify: false,
    });
    expect(access("https://git.acme.com/team/shop")).toMatchObject({
      credentials: { username: "team" },
      proxyUrl: "http://proxy:3128",
    });
    expect(access("https://git.acme.com:8443/shop")).toMatchObject({ credentials: { username: "host" } });
    expect(access("https://git.acme.com.evil.com/shop").credentials).toEqual({ kind: "none" });
    expect(access("ssh://git@git.acme.com/team/shop.git")).toEqual({
      url: "ssh://git@git.acme.com/team/shop.git",
      credentials: { kind: "ssh", privateKey: "key" },
      insecureSkipVerify: false,
      sshKnownHosts: "",
    });
    expect(access("file:///srv/shop").credentials).toEqual({ kind: "none" });
  });

  it("carries tokens, client certificates, known hosts and CAs", () => {
    const config = {
      repositories: [
        repository("token", { url: "https://a.com/r", bearerToken: "t", noProxy: "a.com" }),
        repository("tls", { url: "https://b.com/r", tlsClientCertData: "cert", tlsClientCertKey: "key" }),
      ],
      templates: [],
      knownHosts: parseKnownHostsConfigMap(configMap({ ssh_known_hosts: "a.com ssh-ed25519 AAAA" })),
      tlsCertificates: parseTlsCertificatesConfigMap(configMap({ "B.com": "pem", "empty.com": "" })),
    };
    expect(resolveRepositoryAccess("https://a.com/r", "p", config)).toEqual({
      url: "https://a.com/r",
      credentials: { kind: "bearer", token: "t" },
      insecureSkipVerify: false,
      noProxy: "a.com",
    });
    expect(
      resolveRepositoryAccess("https://b.com:444/r", "p", { ...config, repositories: [] }),
    ).toMatchObject({
      caCertificates: "pem",
    });
    expect(resolveRepositoryAccess("https://b.com/r", "p", config).credentials).toEqual({
      kind: "tls",
      certificate: "cert",
      key: "key",
    });
    expect(resolveRepositoryAccess("git@a.com:r", "p", config).sshKnownHosts).toBe("a.com ssh-ed25519 AAAA");
    expect(resolveRepositoryAccess("https://ada:in-url@c.com/r", "p", config)).toMatchObject({
      url: "https://c.com/r",
      credentials: { kind: "basic", username: "ada", password: "in-url" },
    });
  });

  it("reads any UTF-8 text and stringData", () => {
    const password = 'pä"ß\n😀 ';
    expect(repository("r", { url: "https://a.com/r", password }).fields).toEqual({ password });
    const plain = { ...secret("repository", "r", {}), stringData: { url: "https://a.com/r", type: "git" } };
    expect(parseRepositorySecret(plain)).toEqual({
      secret: "Secret/argocd/r",
      url: "https://a.com/r",
      fields: {},
      type: "git",
      project: "",
      insecure: false,
      enableLfs: false,
      enableOci: false,
      forceHttp: false,
    });
  });

  it("names the Secret and the field of what is wrong, never the value", () => {
    const broken = {
      ...secret("repository", "r", { url: "https://a.com/r" }),
      data: { url: "***", password: "***" },
    };
    const app = {
      repositories: [repository("app", { url: "https://a.com/r", githubAppID: "1" })],
      templates: [],
    };
    expect([
      failureOf(() => parseRepositorySecret(broken)),
      failureOf(() => repository("r", { username: "ada" })),
      failureOf(() => repository("r", { url: "https://a.com/r", insecure: "maybe" })),
      failureOf(() => parseRepositorySecret(secret("cluster", "r", { url: "https://a.com/r" }))),
      failureOf(() => resolveRepositoryAccess("https://a.com/r", "p", app)),
      failureOf(() => resolveRepositoryAccess("https://ada:secret@a b/r", "p", app)),
      failureOf(() => resolveRepositoryAccess("oci://a.com/r", "p", app)),
    ]).toMatchInlineSnapshot(`
      [
        "MooringError: Secret/argocd/r: field url is not base64 of UTF-8 text; encode it again",
        "MooringError: Secret/argocd/r: field url is missing; set the repository's URL",
        "MooringError: Secret/argocd/r: field insecure must be "true" or "false"",
        "MooringError: Secret/argocd/r: field metadata.labels["argocd.argoproj.io/secret-type"] must be repository",
        "MooringError: Secret/argocd/app: authentication with a GitHub App is not supported yet; use an access token or an SSH key",
        "MooringError: repository "https://a b/r": not a URL; remove spaces and leading dashes",
        "MooringError: repository "oci://a.com/r": scheme oci is not supported; use https, http, ssh or file",
      ]
    `);
  });
});

function configMap(data: StringMap): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c", namespace: "argocd" }, data };
}
