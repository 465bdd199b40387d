/** What names a resource in a cluster; group and namespace may be empty. */
export interface ResourceName {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

interface Named {
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** `group/kind/namespace/name`, as it stands in addresses. */
export function formatKey({ group = "", kind = "", namespace = "", name = "" }: Named): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

/** What a key names; undefined for what is none. No part of a name in Kubernetes holds a slash. */
export function parseKey(key: string): ResourceName | undefined {
  const [group, kind = "", namespace, name = "", more] = key.split("/");
  if (group === undefined || namespace === undefined || more !== undefined || kind === "" || name === "")
    return undefined;
  return { group, kind, namespace, name };
}
