import type { ApplicationSource } from "#core/app/index.ts";
import { parseValue } from "#core/crd/parse.ts";
import { sourceSchema } from "#core/crd/source-schema.ts";
import { MooringError } from "#core/errors/index.ts";
import type { SourceReference } from "#core/hub/index.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isKubeObject } from "#core/object/index.ts";
import type { RepositoryAccess } from "#core/repo/index.ts";
import { defaultSourceSettings } from "#core/source/index.ts";
import type { SourceFetcher } from "#ports/source-fetcher.ts";
import type { Renderer, RenderResult } from "#ports/renderer.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import { renderSource } from "#engine/render-source.ts";
import { applySourceFlags } from "../source-flags/apply.ts";
import type { RenderValues } from "./flags.ts";

/** A directory in a tree, and how it came there. */
export interface Files {
  readonly tree: SourceTree;
  readonly path: string;
  readonly access: RepositoryAccess;
  readonly revision: string;
}

type SourceFlag = "repo" | "path" | "revision";
type PrintFlag = "output" | "trace" | "diff" | "exit-code" | "app-namespace";

export interface FilesRequest {
  readonly flags: Omit<RenderValues, SourceFlag | PrintFlag> & Partial<Pick<RenderValues, SourceFlag>>;
  readonly literal: string | undefined;
  readonly renderer: Renderer;
  readonly fetcherFor: (reference: SourceReference) => SourceFetcher;
  readonly signal: AbortSignal;
}

/** Renders a directory as the source of an Application that nobody has created. Throws `GIT_` and `RENDER_` errors. */
export async function renderFiles(files: Files, request: FilesRequest): Promise<readonly KubeObject[]> {
  const { manifests } = await renderFilesTo(files, request);
  const objects = JSON.parse(new TextDecoder().decode(manifests)) as readonly JsonValue[];
  return objects.filter((object) => isKubeObject(object));
}

/** The same, with where each object came from. */
export async function renderFilesTo(files: Files, request: FilesRequest): Promise<RenderResult> {
  const { flags, renderer, fetcherFor, signal } = request;
  const { access, path, revision, tree } = files;
  const name = flags.name ?? nameOf(path === "" ? access.url : path);
  return await renderSource(0, {
    renderer,
    fetcherFor,
    subject: {
      name,
      instance: name,
      namespace: flags["dest-namespace"] ?? "default",
      project: flags.project ?? "default",
    },
    settings: { ...defaultSourceSettings, buildOptions: flags["kustomize-build-options"] ?? "" },
    sources: [{ kind: "git", url: access.url, access, source: sourceOf(files, request) }],
    revisions: [revision],
    open: () => Promise.resolve(tree),
    facts: () =>
      Promise.resolve({ kubeVersion: flags["kube-version"] ?? "", apiVersions: flags["api-versions"] }),
    signal,
  });
}

function sourceOf({ access, path }: Files, { flags, literal }: FilesRequest): ApplicationSource {
  const { repo: _repo, path: _path, revision, ...tools } = flags;
  const base: JsonObject = {
    repoURL: access.url,
    path: path === "" ? "." : path,
    ...(revision === undefined ? {} : { targetRevision: revision }),
  };
  const parsed = parseValue(sourceSchema, applySourceFlags(base, { flags: tools, literal }) ?? base);
  if (parsed.ok) return parsed.value;
  throw new MooringError("APP_INVALID", parsed.problems.map(({ message }) => message).join("; "));
}

/** The last part of a path or URL, as the name of an Application could be. */
export function nameOf(path: string): string {
  const last =
    path
      .replace(/\/+$/u, "")
      .replace(/\.git$/u, "")
      .split("/")
      .at(-1) ?? "";
  const name = last
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/gu, "-")
    .replaceAll(/^-+|-+$/gu, "")
    .slice(0, 53);
  return name === "" ? "app" : name;
}
