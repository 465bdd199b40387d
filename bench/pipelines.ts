import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { hubTypes } from "#engine/hub-types.ts";
import type { KubeObject } from "#core/object/index.ts";
import { viewArray, viewString } from "#core/object/index.ts";
import { auditMark } from "#test/control-plane/audit.ts";
import { eventually } from "#test/control-plane/eventually.ts";
import { createRepository, startGitHttpServer } from "#test/git-servers/index.ts";
import type { Bed } from "./lib/bed.ts";
import { createBed, formatRequests, hubNamespace } from "./lib/bed.ts";
import type { Figure, Note, Scenario } from "./lib/scenario.ts";
import { round } from "./lib/scenario.ts";

const count = 57;
const commits = 20_000;
const blobBytes = 100_000;
const targetMs = 5_000;

export const scenarios: readonly Scenario[] = [
  {
    name: "pipelines",
    what: `From the word of a commit until all ${count} pipelines on one repository of ${commits} commits and ${round((commits * blobBytes) / 1e9)} GB have taken it in`,
    against: "the target, 5 s",
    goal: 1,
    limits:
      "One ls-remote and one fetch of what is new for all; then, for each pipeline, what its folder holds at the new commit, by the mirror, and one write of its status.",
    measure,
  },
];

async function measure(note: Note): Promise<Figure> {
  await using bed = await createBed();
  const root = join(bed.directory, "git");
  const repository = await createRepository(join(root, "shop.git"));
  const generatedAt = performance.now();
  await generate(repository.directory);
  note(`the history was generated in ${round((performance.now() - generatedAt) / 1000)} s`);
  await repository.git("config", "uploadpack.allowFilter", "true");
  await repository.git("config", "uploadpack.allowAnySHA1InWant", "true");
  await repository.branch("prod", await repository.git("rev-parse", "main"));
  await using git = await startGitHttpServer({ root });
  const url = `${git.url}/shop.git`;
  await bed.create(Array.from({ length: count }, (_, i) => pipelineOf(i, url)));
  const startedAt = performance.now();
  await using _controller = await bed.startController();
  await taken(bed, await repository.git("rev-parse", "main"));
  note(`the first look at all of them took ${round((performance.now() - startedAt) / 1000)} s`);
  const mark = await auditMark(bed.controlPlane.auditLogPath);
  const listings = () => git.requests.filter(({ path }) => path.includes("info/refs")).length;
  const before = listings();
  const changes = Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`apps/${i}/web.yaml`, `changed: ${i}\n`] as const),
  );
  const commit = await repository.change(changes);
  const toldAt = performance.now();
  await tell(bed, url);
  await taken(bed, commit);
  const ms = performance.now() - toldAt;
  note(`the repository was asked for its branches ${listings() - before} times`);
  note(`requests: ${formatRequests(await bed.requestsSince(mark))}`);
  return { value: ms, unit: "ms", ratio: targetMs / ms };
}

/** As a webhook tells it. */
async function tell(bed: Bed, repoURL: string): Promise<void> {
  const news = { repoURL, revision: "main", at: new Date().toISOString() };
  const labels = { "app.kubernetes.io/part-of": "argocd" };
  await bed.create([
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "mooring-source-news", namespace: hubNamespace, labels },
      data: { news: JSON.stringify(news) },
    },
  ]);
}

async function taken({ cluster, signal }: Bed, tip: string): Promise<void> {
  await eventually(
    async () => {
      const pipelines = await cluster.list(hubTypes.pipeline, { namespace: hubNamespace, signal });
      const done = pipelines.filter(
        (pipeline) => viewString(viewArray(pipeline, "status", "stages")[0], "tip") === tip,
      );
      if (done.length < count) throw new Error(`${done.length} of ${count} pipelines have taken ${tip} in`);
    },
    { timeoutMs: 600_000, intervalMs: 100 },
  );
}

function pipelineOf(i: number, repoURL: string): KubeObject {
  const path = `apps/${i}`;
  return {
    apiVersion: "mooring.dev/v1alpha1",
    kind: "Pipeline",
    metadata: { name: `shop-${i}`, namespace: hubNamespace },
    spec: {
      repoURL,
      interval: "1h",
      stages: [
        { name: "dev", branch: "main", path, applications: [] },
        { name: "prod", branch: "prod", path, applications: [] },
      ],
    },
  };
}

/** Commits that each leave a file that does not compress. */
async function generate(directory: string): Promise<void> {
  const child = spawn("git", ["--git-dir", directory, "-c", "core.compression=0", "fast-import", "--quiet"], {
    stdio: ["pipe", "inherit", "inherit"],
    env: { PATH: process.env["PATH"] ?? "" },
  });
  const write = async (chunk: string | Buffer) => {
    if (!child.stdin.write(chunk)) await once(child.stdin, "drain");
  };
  for (let i = 0; i < commits; i += 1) {
    const author = `Ada <ada@example.com> ${1_700_000_000 + i} +0000`;
    await write(`commit refs/heads/main\nauthor ${author}\ncommitter ${author}\ndata 1\nc\n`);
    await write(`M 100644 inline apps/${i % count}/web.yaml\ndata ${blobBytes}\n`);
    await write(randomBytes(blobBytes));
    await write("\n");
  }
  child.stdin.end();
  await once(child, "exit");
}
