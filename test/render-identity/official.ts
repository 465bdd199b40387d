import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { globSync, lstatSync, readFileSync, readlinkSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { cacheDirectory } from "#test/control-plane/cache.ts";
import { type Progress, versionKey } from "#test/control-plane/programs.ts";
import { resolveTool } from "#test/official-tools/resolve.ts";
import { type RenderTool, tools } from "#test/official-tools/tools.ts";
import type { Case, Entry } from "./cases.ts";

/** What the official tool made of a case. */
export interface Official {
  readonly ok: boolean;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export type Tools = Readonly<Record<RenderTool, string>>;

const subcommand: Readonly<Record<RenderTool, readonly string[]>> = {
  helm: ["template"],
  kustomize: ["build"],
  jsonnet: [],
};

export async function resolveTools(progress: Progress): Promise<Tools> {
  const helm = await resolveTool("helm", { progress });
  const kustomize = await resolveTool("kustomize", { progress });
  return { helm, kustomize, jsonnet: await resolveTool("jsonnet", { progress }) };
}

/** Runs the official tool, or reads what it said before about the same files, arguments and version. */
export async function runOfficial(path: Tools, entry: Entry, one: Case): Promise<Official> {
  const file = join(cacheDirectory("official-tools"), "outputs", `${digest(entry, one)}.json`);
  const known = await readFile(file, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  });
  if (known !== undefined) {
    const { ok, stdout, stderr } = JSON.parse(known) as { ok: boolean; stdout: string; stderr: string };
    return { ok, stdout: Buffer.from(stdout, "base64"), stderr };
  }
  const official = await executeOfficial(path, entry, one);
  await mkdir(dirname(file), { recursive: true });
  const written = JSON.stringify({ ...official, stdout: official.stdout.toString("base64") });
  // A rename, so that another run never reads half of it.
  await writeFile(`${file}.${process.pid}`, written);
  await rename(`${file}.${process.pid}`, file);
  return official;
}

function digest(entry: Entry, { tool, cli, prepare }: Case): string {
  const hash = createHash("sha256");
  const part = (content: string | Buffer) => hash.update(`${content.length}:`).update(content);
  // Kustomize runs Helm too.
  for (const name of new Set([tool, "helm" as const])) part(versionKey(tools[name]));
  part(JSON.stringify([cli, prepare]));
  const options = { cwd: entry.directory, exclude: ["cases.json"] };
  for (const name of [...globSync("**", options), ...globSync("**/.*", options)].toSorted()) {
    const path = join(entry.directory, name);
    const status = lstatSync(path);
    if (status.isDirectory()) continue;
    part(name);
    part(status.isSymbolicLink() ? readlinkSync(path) : readFileSync(path));
  }
  return hash.digest("hex");
}

/** Runs the official tool in any case. */
export async function executeOfficial(path: Tools, entry: Entry, one: Case): Promise<Official> {
  const scratch = await mkdtemp(join(tmpdir(), "mooring-official-"));
  try {
    let directory = entry.directory;
    if (one.prepare.length > 0) {
      directory = join(scratch, "tree");
      await cp(entry.directory, directory, { recursive: true, verbatimSymlinks: true });
    }
    const execute = (args: readonly string[], cwd: string) =>
      spawnTool(path[one.tool], { args, cwd, home: scratch });
    const below = one.tool === "kustomize" ? String(one.request["path"]) : "";
    for (const command of one.prepare) {
      const prepared = await execute(command, join(directory, below));
      if (!prepared.ok) return prepared;
    }
    const cli = one.cli.map((argument) => (argument === "$HELM" ? path.helm : argument));
    return await execute([...subcommand[one.tool], ...cli], directory);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Execution {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly home: string;
}

async function spawnTool(path: string, { args, cwd, home }: Execution): Promise<Official> {
  const env = { PATH: process.env["PATH"] ?? "", HOME: home, TMPDIR: home };
  const child = spawn(path, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const code = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const [stdout, stderr, status] = await Promise.all([buffer(child.stdout), text(child.stderr), code]);
  return { ok: status === 0, stdout, stderr };
}
