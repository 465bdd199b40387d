import { describe, expect, it } from "vitest";
import type { Application, ApplicationSource, Operation } from "#core/app/index.ts";
import { messageOf } from "#core/errors/index.ts";
import type { AppReferences } from "#core/hub/index.ts";
import { readLocalManifests, refuseLocalSync } from "./local-manifests.ts";

function outcome(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return messageOf(error);
  }
}

const configMap = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name } });
const text = (name: string) => JSON.stringify(configMap(name));

describe("manifests that an operation brings along", () => {
  const read = (...texts: readonly string[]) =>
    outcome(() => {
      const { manifests, origins } = readLocalManifests(texts);
      const objects = JSON.parse(new TextDecoder().decode(manifests)) as readonly ReturnType<
        typeof configMap
      >[];
      return objects.map((one, i) => `${one.metadata.name} of ${origins[i]}`);
    });

  it("are objects, arrays, lists and documents, as JSON and YAML", () => {
    const list = { apiVersion: "v1", kind: "List", items: [configMap("c"), configMap("d")] };
    const yaml = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
    expect(
      read(
        text("a"),
        `\n[${text("b")}]`,
        JSON.stringify(list),
        `# first\n---\n${yaml("e")}--- # more\n${yaml("f")}`,
      ),
    ).toEqual([
      "a of operation.sync.manifests[0]#1",
      "b of operation.sync.manifests[1]#1",
      "c of operation.sync.manifests[2]#1",
      "d of operation.sync.manifests[2]#2",
      "e of operation.sync.manifests[3]#1",
      "f of operation.sync.manifests[3]#2",
    ]);
  });

  it.each([
    ["{", "begins like JSON and is none; correct it, or write YAML in blocks"],
    ["a: [1", "not YAML (line 1); correct it"],
    ["a: 1\na: 2", "the key a is there twice"],
    ["", "holds no object; write apiVersion, kind and metadata, or leave the entry out"],
    [
      "# 1 manifest, left out when the sync ended",
      "holds no object; write apiVersion, kind and metadata, or leave the entry out",
    ],
    ["[]", "holds no object; write apiVersion, kind and metadata, or leave the entry out"],
    ["just text", "is not a Kubernetes object; a document must be a map with apiVersion, kind and metadata"],
    [
      '{"kind":"Secret"}',
      "apiVersion is missing; every Kubernetes object needs it (exclude the file if it is no manifest)",
    ],
    [
      '{"apiVersion":"v1","kind":"Secret","metadata":{}}',
      "metadata.name is missing; every object needs a name (or metadata.generateName)",
    ],
    [
      '{"apiVersion":"v1","kind":"A","metadata":{"name":"a"},"spec":{"id":9007199254740993}}',
      "holds an integer that would not survive as a number; put quotes around it",
    ],
    ["[".repeat(500_000) + "]".repeat(500_000), "nested more than 200 levels deep; flatten it"],
  ])("that are wrong are named, and no value is shown: %.40s", (wrong, problem) => {
    expect(read(text("a"), wrong)).toBe(`operation.sync.manifests[1]: ${problem}`);
  });

  it("name the part of several that is wrong", () => {
    expect(read("a: 1\n---\nb: [")).toBe(
      "operation.sync.manifests[0] (part 2): not YAML (line 2); correct it",
    );
  });

  it("never show what a broken Secret holds", () => {
    expect(read('{"apiVersion":"v1","kind":"Secret","stringData":{"password": hunter2}}')).not.toContain(
      "hunter2",
    );
  });

  it("are not read when they are too large", () => {
    expect(read("{".repeat(1024 * 1024), "{".repeat(1024 * 1024), "{")).toBe(
      "operation.sync.manifests holds 2049 KiB, more than 2048; send fewer objects, or commit them",
    );
    expect(read(text("a"), "a".repeat(256 * 1024), "b")).toBe(
      "operation.sync.manifests holds 257 KiB of YAML, more than 256; send JSON, of which 2048 KiB are read",
    );
  });
});

describe("a local sync", () => {
  const source: ApplicationSource = { repoURL: "https://git.example.com/shop.git", path: "web" };
  const local: Operation = { sync: { manifests: [text("a")] } };
  const git = { kind: "git", source };
  interface Fields {
    readonly automated?: object;
    readonly sources?: readonly unknown[];
    readonly project?: object;
  }
  const refused = ({ automated, sources = [git], project = {} }: Fields, operation = local) =>
    outcome(() => {
      const app = {
        metadata: { name: "web", namespace: "argocd" },
        spec: { source, ...(automated === undefined ? {} : { syncPolicy: { automated } }) },
      } as unknown as Application;
      const references = { key: "argocd/web", app, sources, signingKeys: new Map() };
      const own = { metadata: { name: "shop" }, spec: project };
      refuseLocalSync({ ...references, project: own } as unknown as AppReferences, operation);
    });

  it("is for one source, without automated sync but for a dry run, and where no signatures are wanted", () => {
    expect(refused({})).toBeUndefined();
    expect(refused({ sources: [git, git] })).toBe(
      "Application/argocd/web: operation.sync.manifests: cannot use local sync with 2 sources; commit the change to the source it belongs to",
    );
    expect(refused({ automated: {} })).toBe(
      "Application/argocd/web: cannot use local sync when Automatic Sync Policy is enabled unless for dry run; turn it off first with: mooring app set web --sync-policy none",
    );
    expect(refused({ automated: {} }, { sync: { ...local.sync, dryRun: true } })).toBeUndefined();
    expect(refused({ automated: { enabled: false } })).toBeUndefined();
    expect(refused({ project: { signatureKeys: [{ keyID: "4AEE18F83AFDEB23" }] } })).toBe(
      "Application/argocd/web: cannot use local sync when signatures are required: spec.signatureKeys of AppProject shop wants signed commits, and manifests from elsewhere carry no signature; commit them and sign the commit",
    );
  });
});
