import type { ApplicationSource } from "#core/app/index.ts";
import { projectNameOf, sourcesOf } from "#core/app/index.ts";
import { parseValue } from "#core/crd/parse.ts";
import { sourceSchema } from "#core/crd/source-schema.ts";
import { MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { canonicalJson } from "#core/object/index.ts";
import { canonicalRepository, generatePathsOf } from "#core/preview/index.ts";
import { nameOf } from "../render/render-files.ts";
import { applySourceFlags } from "../source-flags/apply.ts";
import type { DeclaredApp, DeclaredFile } from "./find-apps.ts";
import type { PreviewValues } from "./flags.ts";

/** What is rendered on one side. */
export interface Subject {
  readonly name: string;
  readonly namespace: string;
  readonly project: string;
  readonly sources: readonly ApplicationSource[];
  /** Paths that `argocd.argoproj.io/manifest-generate-paths` names. */
  readonly generatePaths: readonly string[];
}

/** One application on both sides; of one that is new or deleted one is undefined. */
export interface Pair {
  readonly name: string;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly before: Subject | undefined;
  readonly after: Subject | undefined;
  /** Why its declaration at head cannot be used. */
  readonly problem: string | undefined;
  /** Whether that was so at base, too. */
  readonly isOld: boolean;
}

type Files = ReadonlyMap<string, DeclaredFile>;

/** The Applications of both sides, put together by name and, where several have one name, by file. */
export function pairApps(
  base: Files,
  head: Files,
  isOurs: (source: ApplicationSource) => boolean,
): readonly Pair[] {
  const [old, now] = [base, head].map((files) => [...files.values()].flatMap(({ apps }) => apps));
  const counted = new Map<string, number>();
  for (const side of [old ?? [], now ?? []]) {
    const names = Map.groupBy(side, ({ name }) => name);
    for (const [name, found] of names) counted.set(name, Math.max(found.length, counted.get(name) ?? 0));
  }
  const idOf = ({ name, file }: DeclaredApp) => ((counted.get(name) ?? 0) > 1 ? `${name} (${file})` : name);
  const [before, after] = [old ?? [], now ?? []].map((side) => new Map(side.map((one) => [idOf(one), one])));
  return [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])].toSorted().flatMap((name) => {
    const [was, is] = [before?.get(name), after?.get(name)];
    // One that leaves for another repository, or comes from there, is compared across both.
    if (![was, is].some((one) => one !== undefined && mayBeOurs(one, isOurs))) return [];
    const place = is ?? was;
    const pair = {
      name,
      file: place?.file,
      line: place?.line,
      before: subjectOf(was),
      after: subjectOf(is),
      problem: is?.problem,
      isOld: is?.problem !== undefined && reasonOf(is) === reasonOf(was),
    };
    return [pair];
  });
}

function reasonOf(declared: DeclaredApp | undefined): string | undefined {
  return declared?.problem?.replace(/^[^:]*:\d+: /u, "");
}

function mayBeOurs({ app }: DeclaredApp, isOurs: (source: ApplicationSource) => boolean): boolean {
  return app === undefined || sourcesOf(app).some(isOurs);
}

function subjectOf(declared: DeclaredApp | undefined): Subject | undefined {
  const app = declared?.app;
  if (app === undefined) return undefined;
  return {
    name: app.metadata.name,
    namespace: app.spec.destination.namespace ?? "",
    project: projectNameOf(app),
    sources: sourcesOf(app),
    generatePaths: generatePathsOf(app),
  };
}

/** A directory as the source of an Application that nobody has created. Throws APP_INVALID. */
export function subjectOfPath(
  path: string,
  url: string,
  { flags, literal }: { readonly flags: PreviewValues; readonly literal: string | undefined },
): Subject {
  const base = { repoURL: url, path: path === "" ? "." : path };
  const { repo: _repo, ...tools } = flags;
  const parsed = parseValue(sourceSchema, applySourceFlags(base, { flags: tools, literal }) ?? base);
  if (!parsed.ok)
    throw new MooringError("APP_INVALID", parsed.problems.map(({ message }) => message).join("; "));
  return {
    name: flags.name ?? nameOf(path),
    namespace: flags["dest-namespace"] ?? "default",
    project: flags.project ?? "default",
    sources: [parsed.value],
    generatePaths: [],
  };
}

export function isSameSubject(one: Subject, other: Subject): boolean {
  return canonicalJson(one as unknown as JsonValue) === canonicalJson(other as unknown as JsonValue);
}

/** Tells sources of this repository from others by what it is called. */
export function sourcesOfRepository(urls: readonly string[]): (source: ApplicationSource) => boolean {
  const ours = new Set(urls.map(canonicalRepository));
  return ({ repoURL, chart = "" }) => chart === "" && ours.has(canonicalRepository(repoURL));
}
