import { describe, expect, it } from "vitest";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { mergeSummaries, summarize } from "./index.ts";

interface Fields {
  readonly annotations?: Record<string, string>;
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
}

function object(apiVersion: string, kind: string, { annotations = {}, ...rest }: Fields): KubeObject {
  return { apiVersion, kind, metadata: { name: "web", namespace: "shop", annotations }, ...rest };
}

function podSpec(...images: readonly string[]): JsonObject {
  return { containers: images.map((image) => ({ name: "c", image })) };
}

function urlsOf(...objects: readonly KubeObject[]): readonly string[] {
  return summarize(objects).externalURLs;
}

function ingress(spec: JsonObject, more: Fields = {}): KubeObject {
  return object("networking.k8s.io/v1", "Ingress", {
    spec,
    status: { loadBalancer: { ingress: [{ ip: "203.0.113.7" }, { ip: "2001:db8::7" }] } },
    ...more,
  });
}

describe("images", () => {
  it("come from every container of every workload, sorted and each once", () => {
    const spec = {
      containers: [{ image: "web:2" }, { image: "proxy:1" }],
      initContainers: [{ image: "init:1" }],
      ephemeralContainers: [{ image: "debug:1" }],
    };
    const workloads = [
      object("apps/v1", "Deployment", { spec: { template: { spec } } }),
      object("apps/v1", "StatefulSet", { spec: { template: { spec: podSpec("proxy:1", "db:1") } } }),
      object("batch/v1", "CronJob", {
        spec: { jobTemplate: { spec: { template: { spec: podSpec("backup:1") } } } },
      }),
      object("v1", "Pod", { spec: podSpec("alone:1") }),
      object("example.com/v1", "Deployment", { spec: { template: { spec: podSpec("foreign:1") } } }),
    ];
    expect(summarize(workloads).images).toEqual([
      "alone:1",
      "backup:1",
      "db:1",
      "debug:1",
      "init:1",
      "proxy:1",
      "web:2",
    ]);
  });

  it("skip what is malformed", () => {
    const spec = {
      template: { spec: { containers: ["web", { image: 7 }, {}, { image: "web:1" }], initContainers: "no" } },
    };
    expect(summarize([object("apps/v1", "Deployment", { spec })]).images).toEqual(["web:1"]);
  });
});

describe("external URLs", () => {
  it("name each host and path of an Ingress, with https where TLS covers the host", () => {
    const http = { paths: [{ path: "/" }, { path: "/api(/|$)(.*)" }, { path: "/old/*" }] };
    const spec = {
      tls: [{ hosts: ["shop.example.com", "*.secure.example.com"] }],
      rules: [
        { host: "shop.example.com", http },
        { host: "a.secure.example.com" },
        { host: "a.b.secure.example.com" },
        { host: "*.wild.example.com", http },
      ],
    };
    expect(urlsOf(ingress(spec))).toEqual([
      "http://a.b.secure.example.com",
      "https://a.secure.example.com",
      "https://shop.example.com/",
      "https://shop.example.com/api",
      "https://shop.example.com/old/",
    ]);
  });

  it("use the load balancer's addresses where an Ingress names no host", () => {
    expect(urlsOf(ingress({ rules: [{ http: { paths: [{ path: "/shop" }] } }] }))).toEqual([
      "http://203.0.113.7/shop",
      "http://[2001:db8::7]/shop",
    ]);
    expect(urlsOf(ingress({ tls: [{ secretName: "cert" }], defaultBackend: {} }))).toEqual([
      "https://203.0.113.7",
      "https://[2001:db8::7]",
    ]);
  });

  it("name the HTTP ports of a load balancer and no others", () => {
    const ports = [
      { port: 80 },
      { port: 443 },
      { port: 8443, name: "https-admin" },
      { port: 8080, name: "http" },
      { port: 5432, name: "postgres" },
      { port: 443, protocol: "UDP" },
    ];
    const status = { loadBalancer: { ingress: [{ hostname: "lb.example.com", ip: "203.0.113.7" }] } };
    const service = (type: string): KubeObject => object("v1", "Service", { spec: { type, ports }, status });
    expect(urlsOf(service("LoadBalancer"))).toEqual([
      "http://lb.example.com",
      "http://lb.example.com:8080",
      "https://lb.example.com",
      "https://lb.example.com:8443",
    ]);
    expect(urlsOf(service("ClusterIP"))).toEqual([]);
  });

  it("come from link annotations of any object, with their titles", () => {
    const annotations = {
      "link.argocd.argoproj.io/external-link": "https://grafana.example.com/d/1?from=now-1h#top",
      "link.argocd.argoproj.io/docs": "The docs|http://docs.example.com",
      "example.com/link": "https://not.example.com",
    };
    expect(urlsOf(object("v1", "ConfigMap", { annotations }))).toEqual([
      "The docs|http://docs.example.com",
      "https://grafana.example.com/d/1?from=now-1h#top",
    ]);
  });

  // Class: scripts in pages.
  it.each([
    "javascript:alert(1)",
    "Docs|javascript:alert(1)",
    "https://ok.example.com|javascript:alert(1)",
    " JavaScript:alert(1)//https://x",
    "data:text/html,<script>",
    "ftp://example.com",
    "//example.com",
    "https://user:password@example.com/",
    'https://example.com/"onmouseover=alert(1)',
    "https://example.com/<script>",
    "https://",
    `https://example.com/${"a".repeat(3000)}`,
    `${"t".repeat(300)}|https://example.com`,
  ])("leave out the unsafe link %s", (link) => {
    const annotations = { "link.argocd.argoproj.io/x": link };
    expect(urlsOf(object("v1", "ConfigMap", { annotations }))).toEqual([]);
  });

  it("leave out what an Ingress serves when it asks for it, and keep its own links", () => {
    const annotations = {
      "argocd.argoproj.io/ignore-default-links": "true",
      "link.argocd.argoproj.io/home": "https://home.example.com",
    };
    expect(urlsOf(ingress({ rules: [{ host: "dummy.example.com" }] }, { annotations }))).toEqual([
      "https://home.example.com",
    ]);
  });

  it("skip what is malformed", () => {
    const broken = [
      ingress({
        rules: [7, { host: 7 }, { host: "shop.example.com/evil path", http: { paths: "no" } }],
        tls: "no",
      }),
      object("v1", "Service", {
        spec: { type: "LoadBalancer", ports: ["http"] },
        status: { loadBalancer: 7 },
      }),
    ];
    expect(urlsOf(...broken)).toEqual(["http://203.0.113.7", "http://[2001:db8::7]"]);
  });
});

it("merges summaries, sorted and with a limit on each list", () => {
  const images = Array.from({ length: 600 }, (_, index) => `image:${1000 + index}`);
  const merged = mergeSummaries([
    { images: ["z:1", ...images], externalURLs: ["https://b.example.com"] },
    { images: ["image:1000", "a:1"], externalURLs: ["https://a.example.com", "https://b.example.com"] },
  ]);
  expect(merged.externalURLs).toEqual(["https://a.example.com", "https://b.example.com"]);
  expect(merged.images).toEqual(["a:1", ...images.slice(0, 499)]);
});
