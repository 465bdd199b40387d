import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { messageOf } from "#core/errors/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { encodeBase64 } from "#core/redact/index.ts";
import type { ClusterConnection } from "./connection.ts";
import { clusterSecretName, formatClusterSecret } from "./format-secret.ts";
import { parseClusterSecret } from "./parse-secret.ts";
import type { ClusterRecord } from "./record.ts";
import { inClusterRecord } from "./record.ts";
import { resolveDestination } from "./resolve.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

function secret(values: Readonly<Record<string, string>>, config: JsonObject = {}): KubeObject {
  const texts = { server: "https://east.example:6443", config: JSON.stringify(config), ...values };
  const data = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, base64(text)]));
  return { apiVersion: "v1", kind: "Secret", metadata: { name: "east", namespace: "argocd" }, data };
}

function messageFor(object: KubeObject): string {
  try {
    parseClusterSecret(object);
  } catch (error) {
    return messageOf(error);
  }
  return "accepted";
}

describe("parseClusterSecret", () => {
  it("reads everything that a Secret can say", () => {
    const tlsClientConfig = {
      caData: base64("CA"),
      certData: base64("CERT"),
      keyData: base64("KEY"),
      serverName: "api.east",
    };
    const object = secret(
      {
        name: "east",
        server: "https://east.example:6443/",
        namespaces: "shop, pay,",
        clusterResources: "true",
        project: "shop",
        shard: "2",
      },
      { bearerToken: "t0ken", tlsClientConfig, proxyUrl: "http://proxy:3128", disableCompression: true },
    );
    expect(parseClusterSecret(object)).toEqual({
      name: "east",
      server: "https://east.example:6443",
      connection: {
        server: "https://east.example:6443",
        tls: { insecure: false, caData: "CA", certData: "CERT", keyData: "KEY", serverName: "api.east" },
        auth: { kind: "token", token: "t0ken" },
        proxyUrl: "http://proxy:3128",
        disableCompression: true,
      },
      namespaces: ["shop", "pay"],
      clusterResources: true,
      project: "shop",
      shard: 2,
      labels: {},
      annotations: {},
      secretName: "east",
    });
  });

  it("runs the credential plugin that the Secret names", () => {
    const execProviderConfig = { command: "kubelogin", args: ["get-token"], env: { MODE: "ci" } };
    expect(parseClusterSecret(secret({}, { execProviderConfig })).connection?.auth).toEqual({
      kind: "exec",
      apiVersion: "client.authentication.k8s.io/v1",
      command: "kubelogin",
      args: ["get-token"],
      env: { MODE: "ci" },
      provideClusterInfo: true,
    });
    const awsAuthConfig = { clusterName: "east", roleARN: "arn:aws:iam::1:role/x" };
    expect(parseClusterSecret(secret({}, { awsAuthConfig })).connection?.auth).toMatchObject({
      command: "aws",
      args: "eks get-token --output json --cluster-name east --role-arn arn:aws:iam::1:role/x".split(" "),
    });
  });

  it("uses Mooring's own connection for its own cluster unless the Secret has credentials", () => {
    const server = "https://kubernetes.default.svc";
    expect(
      parseClusterSecret(secret({ server }, { tlsClientConfig: { insecure: false } })).connection,
    ).toBeUndefined();
    expect(parseClusterSecret(secret({ server }, { bearerToken: "x" })).connection?.auth.kind).toBe("token");
  });

  it("reads stringData of a file that was never applied", () => {
    const object = { ...secret({}), stringData: { server: "https://west.example" } };
    expect(parseClusterSecret(object)).toMatchObject({
      name: "https://west.example",
      server: "https://west.example",
    });
  });

  it.each<[string, KubeObject, string]>([
    ["no server", secret({ server: "" }), "key server is missing; add the API server's URL"],
    ["no URL", secret({ server: "hunter2" }), "key server is not a URL; write it as https://host:port"],
    [
      "a password in the URL",
      secret({ server: "https://ada:hunter2@east.example" }),
      "key server contains credentials; move them into key config",
    ],
    [
      "broken JSON",
      secret({ config: '{"password": hunter2' }),
      'key config is not JSON; write an object such as {"bearerToken": …}',
    ],
    [
      "a number for a password",
      secret({}, { password: 31337 }),
      "config.password must be a string, found a number; write a string",
    ],
    [
      "a certificate in plain text",
      secret({}, { tlsClientConfig: { caData: "-----BEGIN hunter2" } }),
      "config.tlsClientConfig.caData is not base64 of PEM text; encode the file again",
    ],
    [
      "a certificate without its key",
      secret({}, { tlsClientConfig: { certData: base64("x") } }),
      "config.tlsClientConfig has only one of certData and keyData; add the other",
    ],
    [
      "a certificate authority that is not checked",
      secret({}, { tlsClientConfig: { insecure: true, caData: base64("x") } }),
      "config.tlsClientConfig has both insecure and caData; remove one of them",
    ],
    ["a broken shard", secret({ shard: "-1" }), "key shard is not a whole number; correct or remove it"],
    [
      "data that is not base64",
      { ...secret({}), data: { server: "hunter2!" } },
      "key server is not base64 of text; encode it again",
    ],
    [
      "a plugin without a program",
      secret({}, { execProviderConfig: { args: ["hunter2"] } }),
      "config.execProviderConfig.command is required; add the program",
    ],
  ])("names Secret and key but no value, given %s", (_, object, message) => {
    expect(messageFor(object)).toBe(`Secret/argocd/east: ${message}`);
  });
});

describe("formatClusterSecret", () => {
  it("names the Secret as argocd cluster add does", () => {
    expect(clusterSecretName("https://kubernetes.default.svc")).toBe(
      "cluster-kubernetes.default.svc-3396314289",
    );
    expect(clusterSecretName("https://[fd00::1]:6443")).toMatch(/^cluster-fd00--1-\d+$/u);
  });

  it("writes what parseClusterSecret reads back", () => {
    const auth = fc.oneof(
      fc.record({ kind: fc.constant("token" as const), token: fc.stringMatching(/^[\w.]+$/u) }),
      fc.record({
        kind: fc.constant("basic" as const),
        username: fc.constant("ada"),
        password: fc.string({ unit: "grapheme" }),
      }),
      fc.constant({ kind: "none" as const }),
    );
    const tls = fc.oneof(
      fc.constant({ insecure: true }),
      fc.record({ insecure: fc.constant(false), caData: fc.string({ unit: "grapheme", minLength: 1 }) }),
    );
    const server = "https://east.example";
    fc.assert(
      fc.property(auth, tls, (chosenAuth, chosenTls) => {
        const connection: ClusterConnection = { server, tls: chosenTls, auth: chosenAuth };
        const record: ClusterRecord = {
          ...inClusterRecord,
          name: "east",
          server,
          connection,
          shard: 1,
          project: "p",
        };
        const { labels, annotations, secretName, ...read } = parseClusterSecret(
          formatClusterSecret(record, "argocd"),
        );
        const { labels: _l, annotations: _a, ...written } = record;
        expect(read).toEqual(written);
        expect(labels).toEqual({ "argocd.argoproj.io/secret-type": "cluster" });
        expect(annotations).toEqual({ "managed-by": "argocd.argoproj.io" });
        expect(secretName).toBe(clusterSecretName(server));
      }),
      { numRuns: 50 },
    );
  });
});

describe("encodeBase64", () => {
  it("agrees with Node on every text", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => encodeBase64(text) === base64(text)));
  });
});

describe("resolveDestination", () => {
  const cluster = (name: string, server: string): ClusterRecord => ({ ...inClusterRecord, name, server });
  const clusters = [
    cluster("east", "https://east.example"),
    cluster("twin", "https://twin-1.example"),
    cluster("twin", "https://twin-2.example"),
  ];

  it("finds a cluster by server or by name", () => {
    expect(resolveDestination({ server: "https://east.example/" }, clusters)).toEqual({
      ok: true,
      cluster: clusters[0],
    });
    expect(resolveDestination({ name: "east" }, clusters)).toEqual({ ok: true, cluster: clusters[0] });
  });

  it("knows its own cluster without a Secret, unless it is switched off", () => {
    expect(resolveDestination({ name: "in-cluster" }, [])).toEqual({ ok: true, cluster: inClusterRecord });
    expect(resolveDestination({ server: "https://kubernetes.default.svc" }, [])).toMatchObject({ ok: true });
    const described = { ...inClusterRecord, name: "home", namespaces: ["shop"] };
    expect(resolveDestination({ server: described.server }, [described])).toEqual({
      ok: true,
      cluster: described,
    });
    expect(resolveDestination({ name: "in-cluster" }, [], { inClusterEnabled: false })).toEqual({
      ok: false,
      message:
        'spec.destination is the cluster that Mooring runs in, and cluster.inClusterEnabled of argocd-cm is false; set it to "true", or choose another cluster',
    });
  });

  it.each([
    [{}, "spec.destination has neither server nor name; add one of them"],
    [
      { server: "https://east.example", name: "east" },
      "spec.destination has both server and name; remove one of them",
    ],
    [
      { server: "https://wset.example" },
      "spec.destination.server https://wset.example is not a known cluster; known are https://east.example, " +
        "https://kubernetes.default.svc, https://twin-1.example, https://twin-2.example",
    ],
    [{ name: "wset" }, "spec.destination.name wset is not a known cluster; known are east, in-cluster, twin"],
    [
      { name: "twin" },
      "spec.destination.name twin means 2 clusters (https://twin-1.example, https://twin-2.example); use server instead",
    ],
  ])("says why %j is no cluster", (destination, message) => {
    expect(resolveDestination(destination, clusters)).toEqual({ ok: false, message });
  });
});
