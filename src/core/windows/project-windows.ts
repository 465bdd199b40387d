import { parseGlob } from "#core/project/glob.ts";
import type { PlacedWindow } from "./verdict.ts";
import type { WindowProblem, WindowSpec } from "./window.ts";
import { isActive, parseWindow } from "./window.ts";

/** What a window is matched with: an application and where it is deployed to. */
export interface WindowTarget {
  readonly application: string;
  readonly namespace: string;
  readonly cluster: { readonly server: string; readonly name: string };
}

/** The windows of one project, in its order. */
export interface OwnedWindows {
  readonly project: string;
  readonly windows: readonly WindowSpec[];
}

const parsed = new WeakMap<WindowSpec, ReturnType<typeof parseWindow>>();

/** Objects of the hub are replaced, never changed: a window that was read once is read. */
function parseOnce(spec: WindowSpec): ReturnType<typeof parseWindow> {
  const known = parsed.get(spec) ?? parseWindow(spec);
  parsed.set(spec, known);
  return known;
}

/** `Active`, `Inactive`, or `Invalid` where it cannot be known. */
export function windowStatus(spec: WindowSpec, nowMs: number): "Active" | "Inactive" | "Invalid" {
  const read = parseOnce(spec);
  if (!("window" in read)) return "Invalid";
  return isActive(read.window, nowMs) ? "Active" : "Inactive";
}

/** What cannot be kept in a project's windows; the paths start at the project's spec. */
export function windowProblems(
  windows: readonly WindowSpec[],
): readonly { readonly path: string; readonly message: string }[] {
  return windows.flatMap((spec, i) => {
    const read = parseOnce(spec);
    if ("window" in read) return [];
    return read.problems.map(({ field, message }: WindowProblem) => {
      const path = `spec.syncWindows[${i}].${field}`;
      return { path, message: `${path} ${message}` };
    });
  });
}

/**
 * The windows that apply to an application: any of their lists names it, its namespace or its cluster, or with `andOperator` each list that
 * there is. A window without lists applies to nothing. Windows that cannot be read are `windowProblems`; no sync may begin while there are any.
 */
export function windowsFor(owned: readonly OwnedWindows[], target: WindowTarget): readonly PlacedWindow[] {
  return owned.flatMap(({ project, windows }) =>
    windows.flatMap((spec, i) => {
      const read = parseOnce(spec);
      if (!("window" in read) || !applies(spec, target)) return [];
      return [{ window: read.window, place: `spec.syncWindows[${i}] of AppProject ${project}` }];
    }),
  );
}

function applies(spec: WindowSpec, { application, namespace, cluster }: WindowTarget): boolean {
  const lists = [
    { globs: spec.applications, texts: [application] },
    { globs: spec.namespaces, texts: [namespace] },
    { globs: spec.clusters, texts: [cluster.name, cluster.server].filter((text) => text !== "") },
  ];
  const given = lists.filter(({ globs = [] }) => globs.length > 0);
  const names = ({ globs = [], texts }: (typeof lists)[number]): boolean =>
    globs.some((glob) => texts.some((text) => parseGlob(glob).matches(text)));
  if (spec.andOperator === true) return given.length > 0 && given.every((list) => names(list));
  return given.some((list) => names(list));
}
