import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { startEmbeddedCluster } from "#embedded/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { KubeCluster } from "#kube/index.ts";
import { startCluster } from "#kube/index.ts";
import { writeEmbeddedKubeconfig } from "#main/embedded-kubeconfig.ts";
import type { ResourceType } from "#ports/cluster.ts";
import { createRepository } from "../git-servers/repository.ts";
import { eventually } from "../control-plane/eventually.ts";
import { startUp } from "./running-up.ts";

const free = ["--port", "0", "--insecure"];
const { signal } = new AbortController();
const namespaceType: ResourceType = {
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  namespaced: false,
  verbs: [],
  shortNames: [],
};

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "mooring-up-cluster-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
});

interface Outside {
  readonly kubeconfig: string;
  readonly cluster: KubeCluster;
}

/** A cluster that somebody else runs, with a kubeconfig whose context is `production`. */
async function startOutside(): Promise<Outside> {
  const stack = new AsyncDisposableStack();
  onTestFinished(() => stack.disposeAsync());
  const failures: unknown[] = [];
  const embedded = stack.use(
    await startEmbeddedCluster({ onFailure: (error) => void failures.push(error), signal }),
  );
  stack.defer(() => expect(failures).toEqual([]));
  const kubeconfig = join(directory, "production.kubeconfig");
  await writeEmbeddedKubeconfig(kubeconfig, [{ name: "production", cluster: embedded }]);
  return { kubeconfig, cluster: stack.use(startCluster(embedded.connection, { keepFresh: false })) };
}

async function namespacesOf({ cluster }: Outside): Promise<readonly string[]> {
  const namespaces = await cluster.list(namespaceType, { signal });
  return namespaces.map(({ metadata }) => metadata.name ?? "").toSorted();
}

describe("mooring up in a shell with KUBECONFIG", () => {
  it("leaves the cluster of KUBECONFIG alone, starts its own one and says how to use the other", async () => {
    const outside = await startOutside();
    const before = await namespacesOf(outside);
    const data = join(directory, "data");
    const { said } = await startUp(["--data", data, ...free], { KUBECONFIG: outside.kubeconfig });
    expect(await namespacesOf(outside)).toEqual(before);
    expect(said).toContain(`  export KUBECONFIG=${join(data, "kubeconfig")}`);
    expect(said.filter((line) => line.startsWith("KUBECONFIG "))).toEqual([
      'KUBECONFIG is set and not used: what it leads to may be in production. To run on its cluster: mooring up --kubeconfig "$KUBECONFIG"',
    ]);
  });

  it("starts again, without a word about it, where KUBECONFIG is the file that it wrote itself", async () => {
    const data = join(directory, "data");
    const kubeconfig = join(data, "kubeconfig");
    const first = await startUp(["--data", data, ...free]);
    await first.kill();
    const before = await readFile(kubeconfig, "utf8");
    const { said } = await startUp(["--data", data, ...free], { KUBECONFIG: kubeconfig });
    expect(await readFile(kubeconfig, "utf8")).toBe(before);
    expect(said.filter((line) => line.startsWith("KUBECONFIG "))).toEqual([]);
  });

  it("names --context where KUBECONFIG lists several files, and takes a context of them that a flag names", async () => {
    const outside = await startOutside();
    const listed = { KUBECONFIG: `${outside.kubeconfig}:${join(directory, "none")}` };
    const own = await startUp(["--data", join(directory, "own"), ...free], listed);
    expect(own.said.find((line) => line.startsWith("KUBECONFIG "))).toContain("mooring up --context NAME");
    expect(await namespacesOf(outside)).not.toContain("argocd");
    await startUp(["--context", "production", "--data", join(directory, "given"), ...free], listed);
    expect(await namespacesOf(outside)).toContain("argocd");
  });
});

describe("mooring up --kubeconfig", () => {
  it("serves on a namespace that exists, with Applications of other namespaces, whatever KUBECONFIG says", async () => {
    const outside = await startOutside();
    for (const name of ["argocd-e2e", "a", "b", "c"]) await create(outside, namespaceType, namespace(name));
    const args = ["--namespace", "argocd-e2e", ...free, "--application-namespaces", "a,b"];
    const { said } = await startUp(["--kubeconfig", outside.kubeconfig, ...args], {
      KUBECONFIG: join(directory, "none"),
    });
    expect(said.filter((line) => line.includes("embedded cluster") || line.startsWith("KUBECONFIG"))).toEqual(
      [],
    );
    const url = /(http:\/\/\S+)\.$/u.exec(
      said.find((line) => line.startsWith("The server listens")) ?? "",
    )?.[1];
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect(await namespacesOf(outside)).not.toContain("argocd");
    const repository = await createRepository(join(directory, "shop.git"));
    await repository.commit({ "web.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n" });
    await create(outside, hubTypes.project, project);
    for (const within of ["a", "b", "c"]) {
      await create(outside, hubTypes.application, application(within, repository.url));
    }
    const statusIn = async (within: string): Promise<string | undefined> => {
      const ref = { type: hubTypes.application, namespace: within, name: "web" };
      const app = await outside.cluster.read(ref, signal);
      return viewString(app as JsonObject, "status", "sync", "status");
    };
    await eventually(
      async () => expect(await Promise.all(["a", "b"].map(statusIn))).toEqual(["Synced", "Synced"]),
      { timeoutMs: 60_000 },
    );
    expect(await statusIn("c"), "namespace c was not named").toBeUndefined();
  });

  it("refuses what is asked of embedded clusters for a cluster that is named", async () => {
    const asked = ["--kubeconfig", join(directory, "none"), "--clusters", "2"];
    await expect(startUp([...asked, ...free])).rejects.toThrow("--clusters is about embedded clusters");
  });

  it("starts nothing where the flag's value is empty, as of a variable that is not set", async () => {
    await expect(startUp(["--kubeconfig", "", ...free])).rejects.toThrow("--kubeconfig");
  });
});

function create({ cluster }: Outside, type: ResourceType, object: KubeObject) {
  return cluster.create(type, object, { fieldManager: "test", signal });
}

function namespace(name: string): KubeObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

const project: KubeObject = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "AppProject",
  metadata: { name: "shared", namespace: "argocd-e2e" },
  spec: {
    sourceRepos: ["*"],
    sourceNamespaces: ["a", "b", "c"],
    destinations: [{ server: "*", namespace: "*" }],
  },
};

function application(within: string, repoURL: string): KubeObject {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: "web", namespace: within },
    spec: {
      project: "shared",
      source: { repoURL, path: "." },
      destination: { name: "in-cluster", namespace: within },
      syncPolicy: { automated: {} },
    },
  };
}
