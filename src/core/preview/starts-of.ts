import type { Application, ApplicationSource } from "#core/app/index.ts";
import { sourcesOf } from "#core/app/index.ts";
import { normalisePath } from "#core/source/index.ts";
import { climbingPaths } from "./climbing-paths.ts";

interface Declared {
  readonly sources: readonly ApplicationSource[];
  /** Paths that `argocd.argoproj.io/manifest-generate-paths` names. */
  readonly generatePaths: readonly string[];
}

/** What `argocd.argoproj.io/manifest-generate-paths` of an Application names, from the repository's root. */
export function generatePathsOf(app: Application): readonly string[] {
  const [first] = sourcesOf(app);
  const paths = app.metadata.annotations?.["argocd.argoproj.io/manifest-generate-paths"] ?? "";
  return paths
    .split(";")
    .filter((path) => path !== "")
    .map((path) => (path.startsWith("/") ? path : `${first?.path ?? ""}/${path}`));
}

/** Where in this repository a render begins to read, as far as its declaration says. */
export function startsOf(
  declared: Declared,
  isOurs: (source: ApplicationSource) => boolean,
): readonly string[] {
  const refs = new Set(declared.sources.filter(isOurs).flatMap(({ ref }) => ref ?? []));
  const paths = declared.sources.flatMap((source) => {
    const { path = "", helm, directory } = source;
    const files = [...(helm?.valueFiles ?? []), ...(helm?.fileParameters ?? []).map((one) => one.path ?? "")];
    const lent = files.flatMap((file) => fileIn(file, { refs, from: isOurs(source) ? path : undefined }));
    if (!isOurs(source)) return lent;
    const libs = directory?.jsonnet?.libs ?? [];
    // Components and patches are named from the source's directory.
    const climbs = climbingPaths(path, JSON.stringify(source));
    const mentioned = climbs === "anything" ? [""] : climbs;
    // What only lends files is read where others say so.
    return [...(path === "" && source.ref !== undefined ? [] : [path]), ...lent, ...libs, ...mentioned];
  });
  return [
    ...new Set([...paths, ...declared.generatePaths].map((path) => normalisePath(withoutClimbs(path)))),
  ];
}

function fileIn(
  file: string,
  { refs, from }: { readonly refs: ReadonlySet<string>; readonly from: string | undefined },
): readonly string[] {
  if (file.startsWith("$")) {
    const [ref = "", ...rest] = file.slice(1).split("/");
    return refs.has(ref) ? [beforeVariable(rest.join("/"))] : [];
  }
  if (from === undefined || file.includes("://")) return [];
  return [beforeVariable(file.startsWith("/") ? file : `${from}/${file}`)];
}

/** A build variable or a pattern may stand for anything. */
function beforeVariable(path: string): string {
  const at = path.search(/[$*?[{]/u);
  return at < 0 ? path : path.slice(0, Math.max(0, path.lastIndexOf("/", at)));
}

function withoutClimbs(path: string): string {
  const real: string[] = [];
  for (const step of path.split("/")) {
    if (step === "..") real.pop();
    else if (step !== "" && step !== ".") real.push(step);
  }
  return real.join("/");
}
