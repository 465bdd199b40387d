import type { Project } from "../queries.ts";

export type Spec = NonNullable<Project["spec"]>;
type Row = Readonly<Record<string, string>>;

/** The lists of a project, with the texts that each of their items has. */
const lists = {
  destinations: ["server", "name", "namespace"],
  clusterResourceWhitelist: ["group", "kind", "name"],
  clusterResourceBlacklist: ["group", "kind", "name"],
  namespaceResourceWhitelist: ["group", "kind"],
  namespaceResourceBlacklist: ["group", "kind"],
  destinationServiceAccounts: ["server", "namespace", "defaultServiceAccount"],
  signatureKeys: ["keyID"],
} as const;

export type ListName = keyof typeof lists;
const listNames = Object.keys(lists) as readonly ListName[];

/** What somebody has typed of a project; roles and windows have forms of their own. */
export interface ProjectForm {
  readonly description: string;
  readonly labels: readonly Row[];
  readonly sourceRepos: readonly string[];
  readonly sourceNamespaces: readonly string[];
  readonly permitOnlyProjectScopedClusters: boolean;
  readonly lists: Readonly<Record<ListName, readonly Row[]>>;
  /** Repositories and keys are lists with commas. */
  readonly integrity: readonly Row[];
  readonly watchesOrphans: boolean;
  readonly warnsOfOrphans: boolean;
  readonly ignoredOrphans: readonly Row[];
}

export function projectFormOf({ metadata, spec = {} }: Project): ProjectForm {
  const rows = listNames.map((name) => [name, rowsOf(spec[name] ?? [], lists[name])] as const);
  return {
    description: spec.description ?? "",
    labels: Object.entries(metadata?.labels ?? {}).map(([key, value]) => ({ key, value })),
    sourceRepos: spec.sourceRepos ?? [],
    sourceNamespaces: spec.sourceNamespaces ?? [],
    permitOnlyProjectScopedClusters: spec.permitOnlyProjectScopedClusters ?? false,
    lists: Object.fromEntries(rows) as ProjectForm["lists"],
    integrity: (spec.sourceIntegrity?.git?.policies ?? []).map(({ repos = [], gpg }) => ({
      repos: repos.map(({ url = "" }) => url).join(", "),
      mode: gpg?.mode ?? "",
      keys: (gpg?.keys ?? []).join(", "),
    })),
    watchesOrphans: spec.orphanedResources !== undefined,
    // Argo CD warns unless told not to.
    warnsOfOrphans: spec.orphanedResources?.warn !== false,
    ignoredOrphans: rowsOf(spec.orphanedResources?.ignore ?? [], ["group", "kind", "name"]),
  };
}

function rowsOf(items: readonly object[], keys: readonly string[]): readonly Row[] {
  return items.map((item) => {
    const values = item as Readonly<Record<string, string | undefined>>;
    return Object.fromEntries(keys.map((key) => [key, values[key] ?? ""]));
  });
}

/** The project as it is to be; what the form does not ask for stays as it was. */
export function changedProject(before: Project, form: ProjectForm): Project {
  const {
    description: _description,
    sourceRepos: _repos,
    sourceNamespaces: _namespaces,
    permitOnlyProjectScopedClusters: _permit,
    orphanedResources: _orphans,
    sourceIntegrity: _integrity,
    ...rest
  } = before.spec ?? {};
  const others = Object.fromEntries(Object.entries(rest).filter(([key]) => !Object.hasOwn(lists, key)));
  const texts = (list: readonly string[]) => list.map((one) => one.trim()).filter((one) => one !== "");
  const old = before.spec ?? {};
  const spec = {
    ...others,
    ...(form.description.trim() === "" ? {} : { description: form.description.trim() }),
    ...kept("sourceRepos", texts(form.sourceRepos), old.sourceRepos),
    ...kept("sourceNamespaces", texts(form.sourceNamespaces), old.sourceNamespaces),
    ...Object.assign({}, ...listNames.map((name) => kept(name, itemsOf(name, form.lists[name]), old[name]))),
    ...(form.permitOnlyProjectScopedClusters ? { permitOnlyProjectScopedClusters: true } : {}),
    ...orphansOf(form, old),
    ...integrityOf(form.integrity),
  } as Spec;
  const labels = Object.fromEntries(
    form.labels.map(({ key = "", value = "" }) => [key.trim(), value.trim()]).filter(([key]) => key !== ""),
  ) as Readonly<Record<string, string>>;
  const { labels: _labels, ...metadata } = before.metadata ?? {};
  return {
    metadata: { ...metadata, ...(Object.keys(labels).length === 0 ? {} : { labels }) },
    spec,
  };
}

/** An empty list is left out, unless it was there: an empty list of what is allowed may mean another thing than none. */
function kept(name: string, list: readonly unknown[], old: readonly unknown[] | undefined): object {
  const wasEmpty = old !== undefined && old.length === 0;
  return list.length === 0 && !wasEmpty ? {} : { [name]: list };
}

function itemsOf(name: ListName, rows: readonly Row[]): readonly object[] {
  const isKind = name.startsWith("clusterResource") || name.startsWith("namespaceResource");
  return rows
    .map((row) => trimmed(row))
    .flatMap((row) => {
      if (Object.keys(row).length === 0) return [];
      // The core group is the empty text, and must be there.
      return [isKind ? { group: "", ...row } : row];
    });
}

function trimmed(row: Row): Row {
  const entries = Object.entries(row).map(([key, value]) => [key, value.trim()] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ""));
}

function orphansOf(form: ProjectForm, { orphanedResources: old }: Spec): Partial<Spec> {
  if (!form.watchesOrphans) return {};
  const ignore = form.ignoredOrphans.map((row) => trimmed(row)).filter((row) => Object.keys(row).length > 0);
  const isUsual = form.warnsOfOrphans && old?.warn === undefined;
  return {
    orphanedResources: {
      ...(isUsual ? {} : { warn: form.warnsOfOrphans }),
      ...(ignore.length === 0 ? {} : { ignore }),
    },
  };
}

function integrityOf(rows: readonly Row[]): Partial<Spec> {
  const policies = rows
    .map((row) => trimmed(row))
    .filter((row) => Object.keys(row).length > 0)
    .map(({ repos = "", mode = "", keys = "" }) => ({
      repos: splitList(repos).map((url) => ({ url })),
      gpg: { mode, keys: splitList(keys) },
    }));
  return policies.length === 0 ? {} : { sourceIntegrity: { git: { policies } } };
}

function splitList(text: string): readonly string[] {
  return text
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
}

/** Why it cannot be sent as it is; undefined when it can. The server knows more. */
export function projectProblem({ lists: rows, integrity }: ProjectForm): string | undefined {
  const both = rows.destinations.find((row) => (row["server"] ?? "") !== "" && (row["name"] ?? "") !== "");
  if (both !== undefined)
    return `The destination ${both["name"] ?? ""} has both a server and a name; leave one out.`;
  const kinds = listNames.filter((name) => name.includes("Resource"));
  const nameless = kinds.find((name) =>
    rows[name].some((row) => (row["kind"] ?? "").trim() === "" && Object.keys(trimmed(row)).length > 0),
  );
  if (nameless !== undefined) return "A kind is missing; write * for every kind of a group.";
  const account = rows.destinationServiceAccounts.find(
    (row) => (row["defaultServiceAccount"] ?? "").trim() === "" && Object.keys(trimmed(row)).length > 0,
  );
  if (account !== undefined) return "A service account is missing; name it.";
  const mode = integrity.find(
    (row) => Object.keys(trimmed(row)).length > 0 && !["none", "head", "strict"].includes(row["mode"] ?? ""),
  );
  return mode === undefined ? undefined : "A signature policy needs a mode: none, head or strict.";
}
