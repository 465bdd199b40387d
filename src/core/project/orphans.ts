import { parseGlob } from "./glob.ts";
import type { ProjectResource } from "./resource.ts";
import { checkResource } from "./resource.ts";
import type { AppProject } from "./types.ts";

type OrphanIgnore = NonNullable<NonNullable<AppProject["spec"]["orphanedResources"]>["ignore"]>[number];

/** What Kubernetes itself puts into namespaces. */
const ownKinds: readonly OrphanIgnore[] = [
  { group: "", kind: "ServiceAccount", name: "default" },
  { group: "", kind: "ConfigMap", name: "kube-root-ca.crt" },
  { group: "", kind: "Endpoints" },
];

/** Whether a project has its Applications watch for objects that none of them manages. */
export function watchesForOrphans({ spec }: AppProject): boolean {
  return spec.orphanedResources !== undefined;
}

/** Watching for them warns, unless the project says not to. */
export function warnsOfOrphans({ spec }: AppProject): boolean {
  return spec.orphanedResources !== undefined && spec.orphanedResources.warn !== false;
}

/** Whether objects of a kind are looked for: what the project's Applications may not manage is nobody's orphan. */
export function looksForOrphans(project: AppProject, { group, kind }: Kind): boolean {
  const wanted = { group, kind, name: "", namespaced: true };
  const isIgnored = ({ name = "", ...rule }: OrphanIgnore) =>
    name === "" && covers(rule, { ...wanted, name: "" });
  return checkResource(project, wanted) === undefined && !rulesOf(project).some(isIgnored);
}

interface Kind {
  readonly group: string;
  readonly kind: string;
}

type Stray = Required<Omit<ProjectResource, "namespaced">>;

/** Whether an object that nobody owns or manages is an orphan to the project. */
export function isOrphan(project: AppProject, object: Stray): boolean {
  if (checkResource(project, { ...object, namespaced: true }) !== undefined) return false;
  const isApiService =
    object.namespace === "default" && object.kind === "Service" && object.name === "kubernetes";
  return !(isApiService && object.group === "") && !rulesOf(project).some((rule) => covers(rule, object));
}

function rulesOf({ spec }: AppProject): readonly OrphanIgnore[] {
  return [...ownKinds, ...(spec.orphanedResources?.ignore ?? [])];
}

/** As in Argo CD, an empty kind or name is any, and an empty group is the core group. */
function covers(rule: OrphanIgnore, { group, kind, name }: Omit<Stray, "namespace">): boolean {
  const matches = (glob: string | undefined, text: string) =>
    glob === undefined || glob === "" || parseGlob(glob).matches(text);
  return matches(rule.kind, kind) && parseGlob(rule.group ?? "").matches(group) && matches(rule.name, name);
}
