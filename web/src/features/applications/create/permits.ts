import type { AnswerOf } from "../../../lib/api/index.ts";
import { sourcesIn } from "../../application/source/edit-source.ts";
import type { Spec } from "./new-manifest.ts";

type Project = NonNullable<AnswerOf<"project", "list">["items"]>[number];
type Destination = NonNullable<NonNullable<Project["spec"]>["destinations"]>[number];
type Cluster = NonNullable<AnswerOf<"cluster", "list">["items"]>[number];

export interface Refused {
  readonly repoURL?: string;
  readonly destination?: string;
}

/**
 * What a project seems not to permit, to be said before the server says it. It reads the common patterns; the server, which also knows global
 * projects, decides.
 */
export function refusedBy(project: Project | undefined, spec: Spec, clusters: readonly Cluster[]): Refused {
  if (project === undefined) return {};
  const { sourceRepos = [], destinations = [] } = project.spec ?? {};
  const name = project.metadata?.name ?? "";
  const refusedUrl = sourcesIn(spec)
    .map(({ repoURL = "" }) => repoURL)
    .find((url) => url !== "" && !permits(sourceRepos, url, "/"));
  const target = targetOf(spec, clusters);
  return {
    ...(refusedUrl === undefined
      ? {}
      : {
          repoURL: `Project ${name} does not permit this repository: it must match one of ${said(sourceRepos)}.`,
        }),
    ...(target === undefined || permitsTarget(destinations, target)
      ? {}
      : {
          destination: `Project ${name} does not permit this cluster with this namespace: it must match one of ${said(destinations.map((one) => formatDestination(one)))}.`,
        }),
  };
}

interface Target {
  readonly server: string;
  readonly name: string;
  readonly namespace: string;
}

function targetOf({ destination }: Spec, clusters: readonly Cluster[]): Target | undefined {
  const { server = "", name = "", namespace = "" } = destination ?? {};
  if (server === "" && name === "") return undefined;
  const cluster = clusters.find((one) => (server === "" ? one.name === name : one.server === server));
  return { server: cluster?.server ?? server, name: cluster?.name ?? name, namespace };
}

function permitsTarget(destinations: readonly Destination[], { server, name, namespace }: Target): boolean {
  const isBanned = destinations.some((one) =>
    [
      [one.server, server],
      [one.name, name],
      [one.namespace, namespace],
    ].some(([pattern = "", text = ""]) => pattern.startsWith("!") && matches(pattern.slice(1), text, "")),
  );
  if (isBanned) return false;
  return destinations.some(
    (one) => (passes(one.server, server) || passes(one.name, name)) && passes(one.namespace, namespace),
  );
}

function passes(pattern = "", text: string): boolean {
  return pattern.startsWith("!") || matches(pattern, text, "");
}

function permits(patterns: readonly string[], text: string, separator: string): boolean {
  const bans = patterns.filter((pattern) => pattern.startsWith("!"));
  if (bans.some((pattern) => matches(pattern.slice(1), text, separator))) return false;
  return bans.length > 0 || patterns.some((pattern) => pattern === "*" || matches(pattern, text, separator));
}

/** With `*` for anything between separators and `**` for anything at all; addresses with and without `.git` are the same. */
function matches(pattern: string, text: string, separator: string): boolean {
  const bare = (url: string): string => url.replace(/\.git$/u, "").replace(/\/$/u, "");
  const source = bare(pattern)
    .split(/(\*\*|\*|\?)/u)
    .map((part) => {
      if (part === "**") return ".*";
      if (part === "*") return separator === "" ? ".*" : `[^${separator}]*`;
      return part === "?" ? "." : part.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);
    })
    .join("");
  return new RegExp(`^${source}$`, "iu").test(bare(text));
}

function formatDestination({ server = "", name = "", namespace = "" }: Destination): string {
  return `${server === "" ? name : server} / ${namespace}`;
}

function said(patterns: readonly string[]): string {
  const shown = patterns.slice(0, 5);
  const more = patterns.length - shown.length;
  if (shown.length === 0) return "none";
  return `${shown.join(", ")}${more === 0 ? "" : ` and ${more} more`}`;
}
