import { describe, expect, it } from "vitest";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import type { WebhookEvent } from "#core/webhook/index.ts";
import { touchedSources } from "./match.ts";

const repoURL = "https://github.com/acme/shop";

const app = (name: string, spec: JsonObject, namespace = "argocd"): KubeObject => ({
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Application",
  metadata: { name, namespace },
  spec,
});

const follows = (targetRevision: string, more: JsonObject = {}): KubeObject =>
  app("web", { source: { repoURL, targetRevision, path: ".", ...more } });

const push = (refs: readonly string[], defaultBranch?: string): WebhookEvent => ({
  kind: "push",
  urls: ["git@github.com:Acme/shop.git"],
  refs,
  defaultBranch,
});

const revisions = (event: WebhookEvent, apps: readonly KubeObject[]) =>
  touchedSources([event], apps).map(({ revision }) => revision);

describe("a push", () => {
  it.each([
    ["main", ["refs/heads/main"], true],
    ["refs/heads/main", ["refs/heads/main"], true],
    ["main", ["refs/heads/other"], false],
    ["main", ["refs/heads/main/sub"], false],
    ["feature/a", ["refs/heads/feature/a"], true],
    ["v1.0.0", ["refs/tags/v1.0.0"], true],
    ["refs/tags/v1.0.0", ["refs/tags/v1.0.0"], true],
    ["refs/tags/v1.0.0", ["refs/heads/v1.0.0"], false],
    ["v1.*", ["refs/tags/v1.4.0"], true],
    ["v1.*", ["refs/tags/v2.0.0"], false],
    ["v1.*", ["refs/heads/v1.4.0"], false],
    [">=1.2 <2", ["refs/heads/x", "refs/tags/1.3.0"], true],
    ["pull/7/head", ["refs/pull/7/head"], true],
    ["2".repeat(40), ["refs/heads/main"], false],
    ["2".repeat(40), [`refs/heads/${"2".repeat(40)}`], false],
    ["(a+)+$", ["refs/heads/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"], false],
    [".*", ["refs/heads/main"], false],
  ])("touches who follows %s when %s are pushed: %s", (revision, refs, isTouched) => {
    expect(revisions(push(refs, "main"), [follows(revision)])).toEqual(isTouched ? [revision] : []);
  });

  it("touches who follows HEAD when the default branch is pushed, or any where the forge does not say which it is", () => {
    const heads = [follows("HEAD"), follows("")];
    expect(revisions(push(["refs/heads/main"], "main"), heads)).toEqual(["HEAD", ""]);
    expect(revisions(push(["refs/heads/other"], "main"), heads)).toEqual([]);
    expect(revisions(push(["refs/heads/other"]), heads)).toEqual(["HEAD", ""]);
    expect(revisions(push(["refs/tags/v1"]), heads)).toEqual([]);
  });

  it("heeds the prefix of the tags that a range is about", () => {
    const apps = [follows("1.x", { tagPrefix: "web-" })];
    expect(revisions(push(["refs/tags/web-1.2.0"]), apps)).toEqual(["1.x"]);
    expect(revisions(push(["refs/tags/api-1.2.0"]), apps)).toEqual([]);
  });

  it("touches each of several sources, those that only give values included, in whatever namespace, and names each once", () => {
    const other = "https://github.com/acme/values.git";
    const sources = [
      { repoURL: "https://charts.example.com", chart: "web", targetRevision: "1.0.0" },
      { repoURL: other, ref: "values", targetRevision: "main" },
    ];
    const apps = [app("a", { sources }), app("b", { sources }, "team-a"), follows("main")];
    const urls = ["ssh://git@github.com/acme/values"];
    const event: WebhookEvent = { kind: "push", urls, refs: ["refs/heads/main"], defaultBranch: undefined };
    expect(touchedSources([event, event], apps)).toEqual([{ repoURL: other, revision: "main" }]);
  });

  it("tells apart how applications write one repository, since each is asked for as it is written", () => {
    const apps = [follows("main"), follows("main", { repoURL: "git@github.com:acme/shop.git" })];
    expect(touchedSources([push(["refs/heads/main"])], apps)).toHaveLength(2);
  });

  it("touches nobody who deploys something else, and no Application that is broken", () => {
    const broken = [
      app("a", {}),
      app("b", { source: null }),
      app("c", { sources: [null, 7, { repoURL: 5 }] }),
      app("d", { source: { repoURL: "not a url", targetRevision: "main" } }),
      follows("main", { chart: "web" }),
      follows("main", { repoURL: "https://github.com/acme/shop2" }),
    ];
    expect(touchedSources([push(["refs/heads/main"])], broken)).toEqual([]);
  });
});

describe("a pushed artifact", () => {
  const artifact = (tag: string | undefined, repository = "ghcr.io/acme/charts/web"): WebhookEvent => ({
    kind: "artifact",
    repository,
    tag,
  });
  const chart = (targetRevision: string): KubeObject =>
    app("chart", { source: { repoURL: "ghcr.io/acme/charts", chart: "web", targetRevision } });
  const manifests = (targetRevision: string): KubeObject =>
    app("artifact", { source: { repoURL: "oci://ghcr.io/Acme/charts/web", targetRevision } });

  it.each([
    ["1.2.3", "1.2.3", true],
    ["1.2.3", "1.2.4", false],
    ["1.x", "1.9.0", true],
    ["1.x", "2.0.0", false],
    ["", "3.0.0", true],
    ["", "latest", true],
    ["1.2.3+build.1", "1.2.3_build.1", true],
    ["latest", "latest", true],
    ["latest", "stable", false],
    [`sha256:${"a".repeat(64)}`, "1.0.0", false],
  ])("touches who follows %s when %s is pushed: %s", (revision, tag, isTouched) => {
    const wanted = isTouched ? [revision] : [];
    expect(revisions(artifact(tag), [chart(revision)])).toEqual(wanted);
    expect(revisions(artifact(tag), [manifests(revision)])).toEqual(wanted);
  });

  it("without a tag touches everybody who follows anything but a digest", () => {
    expect(revisions(artifact(undefined), [chart("1.0.0"), manifests("sha256:abc")])).toEqual(["1.0.0"]);
  });

  it("touches nobody who follows another repository, or one in Git", () => {
    const others = [
      app("a", { source: { repoURL: "ghcr.io/acme/charts", chart: "web2", targetRevision: "1.0.0" } }),
      app("b", { source: { repoURL: "https://ghcr.io/acme/charts/web", targetRevision: "1.0.0" } }),
    ];
    expect(revisions(artifact("1.0.0"), others)).toEqual([]);
  });
});

it("passes over a source with a field longer than 2 KiB, and over no other", () => {
  const padded = (bytes: number) => "main".padEnd(bytes);
  const apps = [
    follows(padded(2_049)),
    follows(padded(2_048)),
    follows("main", { tagPrefix: "x".repeat(2_049) }),
  ];
  expect(revisions(push(["refs/heads/main"]), apps)).toEqual([padded(2_048)]);
});
