import type { JsonValue } from "#core/object/index.ts";
import { canonicalJson } from "#core/object/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { Renderer, RenderRequest, RenderResult } from "#ports/renderer.ts";
import type { SourceTree, TreeEntry } from "#ports/source-tree.ts";
import { throwIfAborted, waitOrAbort } from "#runtime/abort.ts";
import type { Clock } from "#runtime/clock.ts";
import { resolveRendererOptions } from "../../../src/render/options.ts";
import type { RenderJob } from "../../../src/render/protocol.ts";
import { renderDirectory } from "../../../src/render/thread/directory.ts";
import { Engines } from "../../../src/render/thread/engine/engines.ts";
import type { FileAccess } from "../../../src/render/thread/file-access.ts";
import { packOutput } from "../../../src/render/thread/pack-output.ts";
import type { Faults } from "../faults.ts";

export interface RendererOptions {
  readonly clock: Clock;
  /** None where nothing is slow. */
  readonly faults?: Pick<Faults, "renderMs">;
}

/** Renders plain directories as the real one does, but in this thread: what it does follows from its input alone. */
export function createRenderer({ clock, faults }: RendererOptions): Renderer {
  const known = new Map<string, RenderResult>();
  return {
    render: async (request) => {
      const { signal, tree, path } = request;
      throwIfAborted(signal);
      const files = await waitOrAbort(readBelow(tree, path, signal), signal);
      const key = canonicalJson([path, request.source, files.id] as unknown as JsonValue);
      const before = known.get(key);
      if (before !== undefined) return { ...before, cached: true };
      if (faults !== undefined) await clock.sleep(faults.renderMs(), signal);
      const result = renderFiles(request, files);
      known.set(key, result);
      return result;
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

interface FilesBelow {
  /** The object id of what is below the path. */
  readonly id: string;
  readonly entries: ReadonlyMap<string, TreeEntry>;
  readonly lists: ReadonlyMap<string, readonly TreeEntry[]>;
  readonly contents: ReadonlyMap<string, Uint8Array>;
}

const maxBytes = 10 * 1024 * 1024;

async function readBelow(tree: SourceTree, path: string, signal: AbortSignal): Promise<FilesBelow> {
  const entries = new Map<string, TreeEntry>();
  const lists = new Map<string, readonly TreeEntry[]>();
  const contents = new Map<string, Uint8Array>();
  const root = await tree.stat(path, signal);
  const visit = async (at: string, entry: TreeEntry): Promise<void> => {
    entries.set(at, entry);
    if (entry.type === "file") contents.set(at, await tree.read(at, { maxBytes, signal }));
    const below = entry.type === "directory" ? ((await tree.list(at, signal)) ?? []) : [];
    lists.set(at, below);
    for (const child of below) await visit(at === "" ? child.name : `${at}/${child.name}`, child);
  };
  if (root !== undefined) await visit(path, root);
  return { id: root?.oid ?? "", entries, lists, contents };
}

const engines = new Engines();
const { limits } = resolveRendererOptions({});

function renderFiles({ path, tree, source }: RenderRequest, files: FilesBelow): RenderResult {
  if (source.tool !== "directory") throw unsupported(source.tool);
  const job: RenderJob = {
    id: 1,
    path,
    revision: tree.revision,
    source,
    limits,
    substitution: undefined,
    native: false,
    seed: "",
    tenant: "",
  };
  const decryption = { file: (_path: string, content: Uint8Array) => content } as const;
  const output = renderDirectory(
    {
      files: accessTo(files),
      job,
      engines,
      decryption: { ...decryption, object: (object) => object, secrets: new Set(), used: false },
    },
    source,
  );
  const { holdsSecrets: _secrets, ...packed } = packOutput(output, limits.maxOutputBytes, undefined);
  return { ...packed, cached: false };
}

function accessTo({ entries, lists, contents }: FilesBelow): FileAccess {
  const refuse = (what: string) => (): never => {
    throw unsupported(what);
  };
  return {
    stat: (path) => entries.get(path),
    list: (path, { suffixes, directories }) =>
      lists
        .get(path)
        ?.filter(({ name, type }) =>
          type === "directory"
            ? directories
            : suffixes.length === 0 || suffixes.some((suffix) => name.endsWith(suffix)),
        ),
    readAll: (paths) => paths.map((path) => contents.get(path) ?? new Uint8Array()),
    resolve: (path) => {
      const entry = entries.get(path);
      return entry === undefined ? undefined : { path, entry };
    },
    checkStopped: () => undefined,
    dataKey: refuse("encrypted files"),
    runOutside: refuse("plugins"),
    mount: refuse("other sources"),
    askForEngine: refuse("engines"),
    engineModule: refuse("engines"),
    renderNatively: refuse("engines"),
  };
}

function unsupported(what: string): MooringError {
  return new MooringError("RENDER_INVALID", `${what}: the simulation renders plain directories only`);
}
