import { describe, expect, it } from "vitest";
import type { SourceReference } from "#core/hub/index.ts";
import type { GitStore } from "#ports/git-store.ts";
import type { SourceFetcher } from "#ports/source-fetcher.ts";
import { createMemoryFetcher } from "#test/fixtures/memory-fetcher.ts";
import type { FetchOptions } from "./open-source.ts";
import { openSource, pathOf, resolveRevision } from "./open-source.ts";

const signal = new AbortController().signal;

function unused(): never {
  throw new Error("no repository is asked for a chart");
}

const git: GitStore = {
  resolve: unused,
  open: unused,
  readCommit: unused,
  checkSignatures: unused,
  listRefs: unused,
  test: unused,
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

function chart(targetRevision: string, helm: SourceReference["source"]["helm"] = {}): SourceReference {
  const url = "https://charts.example.com";
  const source = { repoURL: url, chart: "nginx", targetRevision, helm };
  return { kind: "chart", url, chart: "nginx", source };
}

const artifact: SourceReference = {
  kind: "artifact",
  url: "oci://registry.example.com/web",
  source: { repoURL: "oci://registry.example.com/web", path: "prod", targetRevision: "v1" },
};

function access(versions: Readonly<Record<string, string>> = {}) {
  const memory = createMemoryFetcher({
    "https://charts.example.com/nginx": { "Chart.yaml": "name: nginx\n" },
    "oci://registry.example.com/web": { "prod/a.yaml": "a: 1\n" },
  });
  const asked: FetchOptions[] = [];
  const fetcher: SourceFetcher = {
    resolve: async (source, at) => {
      const version = source.kind === "chart" ? versions[source.version] : undefined;
      return { ...(await memory.resolve(source, at)), ...(version === undefined ? {} : { version }) };
    },
    fetch: (source, at) => memory.fetch(source, at),
  };
  const fetcherFor = (options: FetchOptions) => {
    asked.push(options);
    return fetcher;
  };
  return { git, fetcherFor, maxAgeMs: 5_000, signal, memory, asked };
}

describe("a chart of a repository", () => {
  it("that is pinned to a version is at that version, and nobody is asked", async () => {
    const at = access();
    const pinned = ["1.2.3", "v1.2.3", "1.2.3-rc.1+build.5"];
    expect(await Promise.all(pinned.map((version) => resolveRevision(chart(version), "", at)))).toEqual(
      pinned,
    );
    expect(at.memory.calls).toEqual([]);
  });

  it("that names a range is at the version that was found", async () => {
    const at = access({ "1.*": "1.9.0" });
    expect(await resolveRevision(chart("1.*"), "", at)).toBe("1.9.0");
    expect(await resolveRevision(chart("1.*"), "1.2.3", at)).toBe("1.2.3");
    expect(at.memory.calls).toEqual(["resolve https://charts.example.com/nginx"]);
  });

  it("is opened as its directory, with the credentials that it asks for, and as it last was while nobody answers", async () => {
    const at = access();
    const tree = await openSource(chart("1.2.3", { passCredentials: true }), "1.2.3", at);
    expect((await tree.list("", signal))?.map((entry) => entry.name)).toEqual(["Chart.yaml"]);
    expect(at.asked).toEqual([{ maxAgeMs: 5_000, passCredentials: true, orKnown: true }]);
    expect(pathOf(chart("1.2.3"))).toBe("");
  });
});

describe("an artifact", () => {
  it("is at its digest, below which its path is", async () => {
    const at = access();
    const digest = await resolveRevision(artifact, "", at);
    const tree = await openSource(artifact, digest, at);
    expect([tree.revision === digest, pathOf(artifact)]).toEqual([true, "prod"]);
    expect(await tree.stat("prod/a.yaml", signal)).toMatchObject({ type: "file" });
  });
});
