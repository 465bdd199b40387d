import type { Stats } from "node:fs";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { stringify } from "yaml";
import { MooringError } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { isJsonObject, viewArray } from "#core/object/index.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import { parseSmallYaml } from "#runtime/small-yaml.ts";
import { editCommands, texts } from "./kustomize-edits.ts";
import type { ProgramLimits } from "./run-program.ts";
import { runProgram } from "./run-program.ts";
import { writeTree } from "./write-tree.ts";

export interface KustomizeRun {
  /** The version's name, for messages. */
  readonly version: string;
  /** The program that argocd-cm names for the version. */
  readonly program: string;
  readonly tree: SourceTree;
  readonly path: string;
  /** Overrides of `source.kustomize`. */
  readonly edits: JsonObject;
  /** Of `kustomize build`. */
  readonly options: readonly string[];
  readonly maxTreeBytes: number;
  readonly limits: ProgramLimits;
  readonly signal: AbortSignal;
}

const names = ["kustomization.yaml", "kustomization.yml", "Kustomization"] as const;
const maxKustomizationBytes = 256 * 1024;

/**
 * What another version of Kustomize than the built-in one prints: the repository is written into a scratch directory, and the program
 * runs there with limits and without credentials. Not hermetic: it is a program of the user's, with a network.
 */
export async function runKustomize(run: KustomizeRun): Promise<Buffer> {
  if (!isAbsolute(run.program)) {
    throw new MooringError(
      "CONFIG_INVALID",
      `ConfigMap argocd-cm: kustomize.path.${run.version}: ${run.program} is not an absolute path; write the program's full path`,
    );
  }
  const scratch = await mkdtemp(join(tmpdir(), "mooring-kustomize-"));
  try {
    const { tree, maxTreeBytes: maxBytes, signal } = run;
    await writeTree(tree, scratch, { maxBytes, signal });
    const directory = join(scratch, run.path);
    await applyEdits(run, directory, scratch);
    return await execute(run, { args: ["build", ".", ...run.options], directory, scratch });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Execution {
  readonly args: readonly string[];
  readonly directory: string;
  readonly scratch: string;
}

async function execute(run: KustomizeRun, { args, directory, scratch }: Execution): Promise<Buffer> {
  const { program: path, version, limits, signal } = run;
  const env = { PATH: process.env["PATH"] ?? "/usr/bin:/bin", HOME: scratch, TMPDIR: scratch };
  const name = `kustomize ${version}`;
  try {
    return await runProgram({ name, path, args, directory, env, limits, signal });
  } catch (error) {
    if (!(error instanceof MooringError)) throw error;
    // Where the scratch directory was says nothing to anybody.
    throw new MooringError(error.code, error.message.replaceAll(scratch, ""), { cause: error });
  }
}

async function applyEdits(run: KustomizeRun, directory: string, scratch: string): Promise<void> {
  for (const args of editCommands(run.edits)) await execute(run, { args, directory, scratch });
  await addPatches(run, directory);
  const components = texts(run.edits, "components");
  const found =
    run.edits["ignoreMissingComponents"] === true ? await present(components, directory) : components;
  if (found.length > 0) {
    await execute(run, { args: ["edit", "add", "component", "--", ...found], directory, scratch });
  }
}

async function present(components: readonly string[], directory: string): Promise<readonly string[]> {
  const found = await Promise.all(components.map((component) => statIfThere(join(directory, component))));
  return components.filter((_, index) => found[index]?.isDirectory() === true);
}

/** Undefined when nothing is there. */
async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

async function addPatches({ path, edits }: KustomizeRun, directory: string): Promise<void> {
  const patches = viewArray(edits, "patches");
  if (patches.length === 0) return;
  for (const name of names) {
    const file = join(directory, name);
    const found = await statIfThere(file);
    if (found?.isFile() !== true) continue;
    const shown = path === "" ? name : `${path}/${name}`;
    if (found.size > maxKustomizationBytes) {
      throw new MooringError("RENDER_TOO_LARGE", `${shown}: is larger than ${maxKustomizationBytes} bytes`);
    }
    const content = parseSmallYaml(await readFile(file, "utf8"), shown);
    if (!isJsonObject(content)) throw new MooringError("RENDER_INVALID", `${shown}: must be a map`);
    await writeFile(file, stringify({ ...content, patches: [...viewArray(content, "patches"), ...patches] }));
    return;
  }
}
