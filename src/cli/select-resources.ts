import type { Application } from "#core/app/index.ts";
import { appKeyOf, formatAppKey } from "#core/app/index.ts";
import { usageError } from "./usage-error.ts";

/** One object of an Application that a command names. */
export interface SelectedResource {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

interface Pattern {
  readonly text: string;
  readonly exclude: boolean;
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

export const resourceFlag = {
  resource: {
    type: "strings",
    value: "GROUP:KIND:[NAMESPACE/]NAME",
    description: "Only this object; * matches any field, ! in front leaves it out",
  },
} as const;

/** The objects of an Application that `--resource` patterns choose, as argocd reads them. Throws CLI_USAGE when one chooses none. */
export function selectResources(app: Application, patterns: readonly string[]): readonly SelectedResource[] {
  const parsed = patterns.map((text) => parsePattern(text));
  const known = (app.status?.resources ?? []).map((one) => ({
    group: one.group ?? "",
    kind: one.kind ?? "",
    name: one.name ?? "",
    namespace: one.namespace ?? "",
  }));
  const lost = parsed.find((pattern) => !known.some((one) => matches(pattern, one)));
  if (lost !== undefined) {
    const some = known.slice(0, 5).map(formatResource).join(", ");
    const hint = some === "" ? "it has none yet" : `it has ${some}${known.length > 5 ? ", …" : ""}`;
    throw usageError(`${formatAppKey(appKeyOf(app))}: no object matches --resource ${lost.text}; ${hint}`);
  }
  const included = parsed.filter(({ exclude }) => !exclude);
  const excluded = parsed.filter(({ exclude }) => exclude);
  return known.filter(
    (one) =>
      (included.length === 0 || included.some((pattern) => matches(pattern, one))) &&
      !excluded.some((pattern) => matches(pattern, one)),
  );
}

function parsePattern(text: string): Pattern {
  const exclude = text.startsWith("!");
  const parts = (exclude ? text.slice(1) : text).split(":");
  if (parts.length !== 3) {
    throw usageError(
      `flag --resource: ${JSON.stringify(text)} is no GROUP:KIND:NAME; write it like apps:Deployment:web or :Service:web`,
    );
  }
  const [group = "", kind = "", place = ""] = parts;
  const slash = place.indexOf("/");
  return {
    text,
    exclude,
    group,
    kind,
    namespace: slash < 0 ? "*" : place.slice(0, slash),
    name: place.slice(slash + 1),
  };
}

function matches(pattern: Pattern, resource: SelectedResource): boolean {
  return (
    (pattern.group === "*" || pattern.group === resource.group) &&
    isAny(pattern.kind, resource.kind) &&
    isAny(pattern.name, resource.name) &&
    isAny(pattern.namespace, resource.namespace)
  );
}

/** Blank and `*` match anything; a blank group is the core group and does not come here. */
function isAny(pattern: string, text: string): boolean {
  return pattern === "" || pattern === "*" || pattern === text;
}

function formatResource({ group, kind, namespace, name }: SelectedResource): string {
  return `${group}:${kind}:${namespace === "" ? "" : `${namespace}/`}${name}`;
}

/** The key under which objects of an Application are compared with a selection. */
export function resourceKey(one: {
  readonly group?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
}): string {
  return [one.group ?? "", one.kind ?? "", one.namespace ?? "", one.name ?? ""].join("/");
}
