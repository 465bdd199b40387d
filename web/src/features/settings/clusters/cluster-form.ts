import type { Cluster } from "../queries.ts";

/** What can be changed of a cluster here. Its credentials are changed on the command line. */
export interface ClusterForm {
  readonly name: string;
  readonly namespaces: readonly string[];
  readonly clusterResources: boolean;
  readonly project: string;
  readonly shard: string;
  readonly labels: readonly { readonly key: string; readonly value: string }[];
}

const typeLabel = "argocd.argoproj.io/secret-type";

/** Whether it has a Secret, and so something that can be changed: the cluster that the control plane runs in needs none. */
export function isRegistered({ labels = {} }: Cluster): boolean {
  return labels[typeLabel] === "cluster";
}

/** Labels that people gave it. */
export function ownLabels({ labels = {} }: Cluster): readonly (readonly [key: string, value: string])[] {
  return Object.entries(labels).filter(([key]) => key !== typeLabel);
}

export function clusterFormOf(cluster: Cluster): ClusterForm {
  const { name = "", namespaces = [], clusterResources = false, project = "", shard } = cluster;
  return {
    name,
    namespaces,
    clusterResources,
    project,
    shard: shard === undefined ? "" : String(shard),
    labels: ownLabels(cluster).map(([key, value]) => ({ key, value })),
  };
}

/** The fields that were changed, and the cluster that has them. */
export function clusterChange(
  before: Cluster,
  form: ClusterForm,
): { readonly cluster: Cluster; readonly updatedFields: readonly string[] } {
  const old = clusterFormOf(before);
  const namespaces = form.namespaces.map((one) => one.trim()).filter((one) => one !== "");
  const labels = Object.fromEntries(
    form.labels.map(({ key, value }) => [key.trim(), value.trim()]).filter(([key]) => key !== ""),
  ) as Readonly<Record<string, string>>;
  const changed: Partial<Record<string, Cluster>> = {
    ...(form.name.trim() === old.name ? {} : { name: { name: form.name.trim() } }),
    ...(namespaces.join() === old.namespaces.join() ? {} : { namespaces: { namespaces } }),
    ...(form.clusterResources === old.clusterResources
      ? {}
      : { clusterResources: { clusterResources: form.clusterResources } }),
    ...(form.project.trim() === old.project ? {} : { project: { project: form.project.trim() } }),
    ...(form.shard.trim() === old.shard || form.shard.trim() === ""
      ? {}
      : { shard: { shard: Number(form.shard) } }),
    ...(hasLabels(before, labels) ? {} : { labels: { labels } }),
  };
  return {
    cluster: Object.assign({ server: before.server ?? "" }, ...Object.values(changed)) as Cluster,
    updatedFields: Object.keys(changed),
  };
}

function hasLabels(cluster: Cluster, labels: Readonly<Record<string, string>>): boolean {
  const own = ownLabels(cluster);
  return own.length === Object.keys(labels).length && own.every(([key, value]) => labels[key] === value);
}

/** Why it cannot be sent as it is; undefined when it can. */
export function clusterProblem(before: Cluster, form: ClusterForm): string | undefined {
  if (form.name.trim() === "") return "Give it a name.";
  const shard = form.shard.trim();
  if (shard !== "" && !/^\d{1,6}$/u.test(shard)) return "The shard must be a number.";
  if (shard === "" && before.shard !== undefined) return "A shard can be changed, and not taken away here.";
  const keys = form.labels.map(({ key }) => key.trim());
  const twice = keys.find((key, i) => key !== "" && keys.indexOf(key) !== i);
  if (twice !== undefined) return `The label ${twice} is there twice.`;
  const wrong = form.labels.find(({ key, value }) => !isLabel(key.trim(), value.trim()));
  if (wrong !== undefined) return `${wrong.key}=${wrong.value} is no label.`;
  return clusterChange(before, form).updatedFields.length === 0 ? "Nothing was changed." : undefined;
}

const labelPart = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/u;

function isLabel(key: string, value: string): boolean {
  if (key === "") return value === "";
  const [name = "", prefix, ...more] = key.split("/").toReversed();
  const isKey =
    labelPart.test(name) && more.length === 0 && (prefix === undefined || /^[a-z0-9.-]+$/u.test(prefix));
  return isKey && (value === "" || labelPart.test(value));
}
