import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { MooringError } from "#core/errors/index.ts";
import type { PluginOutput, PluginRun, PluginRunner } from "#ports/plugin-runner.ts";
import { archiveTree } from "./archive-tree.ts";
import type { PluginArchive, PluginCall, PluginClient } from "./plugin-client.ts";
import { createPluginClient } from "./plugin-client.ts";

export interface PluginRunnerOptions {
  /** Where the sidecars' sockets are, `<name>.sock` or `<name>-<version>.sock`; they may come and go. */
  readonly socketDirectory: string;
  /** For one answer of a plugin; 90 s unless told, as Argo CD's. */
  readonly timeoutMs?: number;
  /** Of a repository's files, 100 MiB unless told. */
  readonly maxArchiveBytes?: number;
  /** Plugins at the same time, 4 unless told: each works on the whole repository. */
  readonly concurrency?: number;
}

const suffix = ".sock";
const mebibyte = 1024 * 1024;

/** Runs the config management plugins whose sidecars listen in a directory. */
export function createPluginRunner(options: PluginRunnerOptions): PluginRunner {
  return new SidecarRunner(options);
}

class SidecarRunner implements PluginRunner {
  readonly #options: PluginRunnerOptions;
  readonly #clients = new Map<string, PluginClient>();

  constructor(options: PluginRunnerOptions) {
    this.#options = options;
  }

  async run(run: PluginRun): Promise<PluginOutput> {
    const { timeoutMs = 90_000 } = this.#options;
    const call: PluginCall = { timeoutMs, signal: run.signal };
    const names = await this.#names();
    if (run.plugin !== "" && !names.includes(run.plugin)) throw unknownPlugin(run.plugin, names);
    const archive = await this.#archive(run);
    const plugin = await this.#choose(run.plugin, { names, archive, call });
    return { plugin, manifests: await this.#client(plugin).generate(archive, call) };
  }

  [Symbol.dispose](): void {
    for (const client of this.#clients.values()) client[Symbol.dispose]();
    this.#clients.clear();
  }

  async #names(): Promise<readonly string[]> {
    const { socketDirectory } = this.#options;
    try {
      const entries = await readdir(socketDirectory);
      const sockets = entries.filter((entry) => entry.endsWith(suffix));
      return sockets.map((entry) => entry.slice(0, -suffix.length)).toSorted();
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
      throw error;
    }
  }

  #client(name: string): PluginClient {
    const known = this.#clients.get(name);
    if (known !== undefined) return known;
    const client = createPluginClient(name, join(this.#options.socketDirectory, `${name}${suffix}`));
    this.#clients.set(name, client);
    return client;
  }

  async #archive({ tree, path, appName, env, signal }: PluginRun): Promise<PluginArchive> {
    const maxBytes = this.#options.maxArchiveBytes ?? 100 * mebibyte;
    const content = await archiveTree(tree, { maxBytes, include: () => true, signal });
    return { content, path: path === "" ? "." : path, appName, env };
  }

  async #choose(
    wanted: string,
    {
      names,
      archive,
      call,
    }: { readonly names: readonly string[]; readonly archive: PluginArchive; readonly call: PluginCall },
  ): Promise<string> {
    if (wanted !== "") {
      // A plugin with discovery rules is asked even when it is named, as in Argo CD.
      const client = this.#client(wanted);
      if (!(await client.hasDiscovery(call)) || (await client.matches(archive, call))) return wanted;
      throw new MooringError(
        "RENDER_INVALID",
        `plugin ${wanted}: its discovery rules do not match ${archive.path}; correct source.path, or the plugin's rules`,
      );
    }
    for (const name of names) {
      const client = this.#client(name);
      if ((await client.hasDiscovery(call)) && (await client.matches(archive, call))) return name;
    }
    throw new MooringError(
      "RENDER_INVALID",
      `${archive.path}: no plugin's discovery rules match it; name one in source.plugin.name (there are ${listed(names)})`,
    );
  }
}

function unknownPlugin(name: string, names: readonly string[]): MooringError {
  return new MooringError(
    "RENDER_PLUGIN_NOT_FOUND",
    `plugin ${name}: no sidecar of this name listens; correct source.plugin.name, or install the plugin (there are ${listed(names)})`,
  );
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(", ");
}
