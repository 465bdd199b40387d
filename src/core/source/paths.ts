import { MooringError } from "#core/errors/index.ts";
import type { BuildEnvironment } from "./build-environment.ts";
import { substituteVariables } from "./build-environment.ts";
import type { HelmValues } from "./render-tool.ts";

/** Where the trees of other sources are mounted: no path of a repository can begin so. */
const mounts = ".git/mounts";

export interface PathContext {
  /** The source's directory, normalised; the root is the empty string. */
  readonly path: string;
  /** Names by which files of other sources are reached as `$name/…`. */
  readonly refs: ReadonlySet<string>;
  /** URL schemes that values files may have. */
  readonly schemes: readonly string[];
  readonly environment: BuildEnvironment;
}

/** `./a//b/` and `a/b` are the same directory. */
export function normalisePath(path: string): string {
  return path
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}

/**
 * Where a values file or a file parameter is: relative to the source's directory, `/…` from the repository's root, `$ref/…` in another
 * source, or a URL. Variables are replaced first, below `$ref` after it. Throws RENDER_INVALID.
 */
export function resolveFile(
  text: string,
  field: string,
  context: PathContext,
): Exclude<HelmValues, { kind: "text" }> {
  const { environment, refs } = context;
  const [first = "", ...rest] = text.split("/");
  const ref = first.startsWith("$") ? first.slice(1) : "";
  if (refs.has(ref)) {
    const inside = substituteVariables(rest.join("/"), environment);
    const path = resolvePath(`/${inside}`, { field, text, path: "" });
    return { kind: "file", path: `${mounts}/${ref}/${path}` };
  }
  if (rest.length > 0 && /^[\w-]+$/u.test(ref) && !environment.has(ref)) {
    throw invalid(field, text, `no source has ref: ${ref}, and no build variable is called so`);
  }
  const substituted = substituteVariables(text, environment);
  const scheme = /^([a-z][a-z0-9+.-]*):/iu.exec(substituted)?.[1]?.toLowerCase();
  if (scheme !== undefined) return { kind: "url", url: resolveUrl(substituted, scheme, { field, context }) };
  return { kind: "file", path: resolvePath(substituted, { field, text, path: context.path }) };
}

/** A directory for Jsonnet imports: always from the repository's root. Throws RENDER_INVALID. */
export function resolveLibrary(text: string, field: string): string {
  return climb(text.split("/")) ?? leaves(field, text);
}

function resolveUrl(
  url: string,
  scheme: string,
  { field, context }: { readonly field: string; readonly context: PathContext },
): string {
  if (!context.schemes.some((allowed) => allowed.toLowerCase() === scheme)) {
    throw invalid(
      field,
      `${scheme}:…`,
      "its scheme is not permitted; see helm.valuesFileSchemes of argocd-cm",
    );
  }
  if (scheme === "https" || scheme === "http") return url;
  throw invalid(field, `${scheme}:…`, "only files over http and https can be fetched");
}

function resolvePath(
  substituted: string,
  { field, text, path }: { readonly field: string; readonly text: string; readonly path: string },
): string {
  const base = substituted.startsWith("/") || path === "" ? [] : path.split("/");
  const resolved = climb([...base, ...substituted.split("/")]) ?? leaves(field, text);
  if (resolved === "") throw invalid(field, text, "it names the repository's root; name a file");
  return resolved;
}

/** The path with `..` worked out; undefined when it leaves the root. */
function climb(steps: readonly string[]): string | undefined {
  const kept: string[] = [];
  for (const step of steps) {
    if (step === "..") {
      if (kept.pop() === undefined) return undefined;
    } else if (step !== "" && step !== ".") kept.push(step);
  }
  return kept.join("/");
}

function leaves(field: string, text: string): never {
  throw invalid(field, text, "it leads out of the repository");
}

function invalid(field: string, text: string, reason: string): MooringError {
  return new MooringError("RENDER_INVALID", `source.${field} ${JSON.stringify(text)}: ${reason}`);
}
