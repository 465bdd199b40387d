import { pathToFileURL } from "node:url";
import { isAbortError, isMooringError, messageOf } from "#core/errors/index.ts";
import type { SourceReference } from "#core/hub/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { defaultProject } from "#core/project/index.ts";
import { resolveRepositoryAccess } from "#core/repo/index.ts";
import { fetcherForSource } from "#engine/open-source.ts";
import type { TreeEntry } from "#ports/source-tree.ts";
import { readLocatedYaml } from "#runtime/located-yaml.ts";
import { fetchersFor } from "../desired.ts";
import type { CliPorts, LocalDirectory } from "../ports.ts";
import { readText } from "../read-text.ts";
import type { FilesRequest } from "../render/render-files.ts";
import { renderFilesTo } from "../render/render-files.ts";
import { readLiteral } from "../source-flags/read-literal.ts";
import { usageError } from "../usage-error.ts";
import type { Collected, Finding, Manifest } from "./finding.ts";
import type { ValidateValues } from "./flags.ts";

const kustomization = /^(?:kustomization\.ya?ml|Kustomization)$/u;
const manifestFile = /\.(?:ya?ml|json)$/u;
const maxFileBytes = 16 * 1024 * 1024;
const publicAccess = { repositories: [], templates: [] };

/** Reads files and directories; what charts, kustomizations and Jsonnet make is rendered. */
class Collector {
  readonly #ports: CliPorts;
  readonly #request: FilesRequest;
  readonly #manifests: Manifest[] = [];
  readonly #findings: Finding[] = [];

  constructor(ports: CliPorts, request: FilesRequest) {
    this.#ports = ports;
    this.#request = request;
  }

  get collected(): Collected {
    return { manifests: this.#manifests, findings: this.#findings };
  }

  async addPath(path: string): Promise<void> {
    const directory = await this.#ports.findDirectory(path);
    if (directory === undefined) return await this.addFile(path);
    const shown = path.replace(/\/+$/u, "");
    await this.#walk(directory, { path: directory.path, shown: shown === "." ? "" : shown });
  }

  async addFile(file: string): Promise<void> {
    const text = file === "-" ? await this.#ports.stdin.readAll() : await readText(file, this.#ports);
    if (text.length > maxFileBytes) throw usageError(`file ${file}: it is larger than 16 MiB; split it`);
    this.#addText(file, text, true);
  }

  #addText(file: string, text: string, isNamed: boolean): void {
    const { documents, problems } = readLocatedYaml(text);
    for (const { line, message } of problems)
      this.#findings.push({ severity: "error", file, line, object: "", message: `the file ${message}` });
    for (const { value, lineOf } of documents) this.#manifests.push({ file, value, lineOf, isNamed });
  }

  async #walk(directory: LocalDirectory, { path, shown }: Place): Promise<void> {
    const { tree } = directory;
    const { signal } = this.#ports;
    const entries = (await tree.list(path, signal)) ?? [];
    const names = entries.filter(({ type }) => type !== "directory").map(({ name }) => name);
    if (names.includes("Chart.yaml")) return await this.#render(directory, { path, shown }, undefined);
    const built = names.find((name) => kustomization.test(name));
    if (built !== undefined) {
      // A component is built by those who use it.
      const text = await this.#read(directory, join(path, built));
      if (!/^kind:\s*["']?Component/mu.test(text)) await this.#render(directory, { path, shown }, undefined);
      return;
    }
    if (names.some((name) => name.endsWith(".jsonnet")))
      await this.#render(directory, { path, shown }, "*.jsonnet");
    for (const entry of entries) await this.#visit(directory, { path, shown }, entry);
  }

  /** Symbolic links are not followed: what they lead to is looked at where it is. */
  async #visit(directory: LocalDirectory, { path, shown }: Place, { name, type }: TreeEntry): Promise<void> {
    if (name.startsWith(".")) return;
    const place = { path: join(path, name), shown: join(shown, name) };
    if (type === "directory") await this.#walk(directory, place);
    if (type === "file" && manifestFile.test(name))
      this.#addText(place.shown, await this.#read(directory, place.path), false);
  }

  async #read({ tree }: LocalDirectory, path: string): Promise<string> {
    const content = await tree.read(path, { maxBytes: maxFileBytes, signal: this.#ports.signal });
    return new TextDecoder().decode(content);
  }

  async #render(
    { root, tree }: LocalDirectory,
    { path, shown }: Place,
    include: string | undefined,
  ): Promise<void> {
    const access = resolveRepositoryAccess(pathToFileURL(root).href, undefined, publicAccess);
    const flags = {
      ...this.#request.flags,
      ...(include === undefined ? {} : { "directory-include": include }),
    };
    const files = { tree, path, access, revision: tree.revision };
    try {
      const { manifests, origins } = await renderFilesTo(files, { ...this.#request, flags });
      const values = JSON.parse(new TextDecoder().decode(manifests)) as readonly JsonValue[];
      for (const [i, value] of values.entries()) {
        const [origin = ""] = (origins[i] ?? "").split("#", 1);
        const file = origin === "" ? shown : shownOrigin(origin, { path, shown });
        this.#manifests.push({ file, value, lineOf: () => undefined, isNamed: true });
      }
    } catch (error) {
      if (isAbortError(error) || !isMooringError(error)) throw error;
      const message = `cannot be rendered: ${messageOf(error)}`;
      this.#findings.push({ severity: "error", file: shown, line: undefined, object: "", message });
    }
  }
}

interface Place {
  /** In the tree. */
  readonly path: string;
  /** As it was asked for. */
  readonly shown: string;
}

function shownOrigin(origin: string, { path, shown }: Place): string {
  if (origin === path) return shown;
  if (path === "") return join(shown, origin);
  return origin.startsWith(`${path}/`) ? join(shown, origin.slice(path.length + 1)) : origin;
}

function join(directory: string, name: string): string {
  return directory === "" ? name : `${directory}/${name}`;
}

/** All that the command line names. Throws CLI_USAGE for what cannot be read. */
export async function collectManifests(
  paths: readonly string[],
  flags: ValidateValues,
  ports: CliPorts,
): Promise<{ readonly inputs: Collected; readonly crds: Collected }> {
  await using git = await ports.startGit();
  await using registry = await ports.startRegistry();
  await using renderer = await ports.startRenderer();
  const fetcherFor = fetchersFor(
    { project: defaultProject(""), repositories: publicAccess },
    { git, registry },
  );
  const request: FilesRequest = {
    flags,
    literal: await readLiteral(flags["values-literal-file"], ports),
    renderer,
    fetcherFor: (reference: SourceReference) => fetcherForSource(reference, { fetcherFor, maxAgeMs: 0 }),
    signal: ports.signal,
  };
  const [inputs, crds] = [new Collector(ports, request), new Collector(ports, request)];
  for (const path of paths) await inputs.addPath(path);
  for (const file of flags.filename) await inputs.addFile(file);
  for (const path of flags.crds) await crds.addPath(path);
  return { inputs: inputs.collected, crds: crds.collected };
}
