import { MooringError } from "#core/errors/index.ts";
import type { ObjectKey } from "#core/object/index.ts";
import { objectKey, parseObjectKey } from "#core/object/index.ts";

/** An API server takes 1 MiB of one object, and the object is more than its inventory. */
const maxBytes = 900 * 1024;
const maxNameLength = 253;
const prefix = "mooring-push-";

/** The Secret that holds the inventory of a pushed application, and the Lease of whoever applies it. Throws CLI_USAGE. */
export function inventoryName(app: string): string {
  const name = `${prefix}${app}`;
  if (/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/u.test(app) && name.length <= maxNameLength) return name;
  throw new MooringError(
    "CLI_USAGE",
    `application name ${JSON.stringify(app)}: it must be lower-case letters, digits, dots and dashes, and ${maxNameLength - prefix.length} of them at most; give another with --name`,
  );
}

/**
 * Keys as lines of `group/Kind/namespace name name…`, sorted, so that people can read them and equal inventories are equal texts. Throws
 * SYNC_REFUSED when an API server would not keep them.
 */
export function formatInventory(app: string, keys: Iterable<ObjectKey>): string {
  const sorted = [...new Set(keys)].toSorted();
  const lines = Map.groupBy(sorted, (key) => {
    const { group, kind, namespace } = parseObjectKey(key);
    return `${group}/${kind}/${namespace}`;
  })
    .entries()
    .map(([head, of]) => [head, ...of.map((key) => parseObjectKey(key).name)].join(" "))
    .toArray();
  const text = lines.length === 0 ? "" : `${lines.join("\n")}\n`;
  if (text.length <= maxBytes) return text;
  throw new MooringError(
    "SYNC_REFUSED",
    `application ${app}: the names of its ${sorted.length} objects take more than the ${maxBytes / 1024} KiB that fit into its inventory; split it into several applications`,
  );
}

/** What `formatInventory` wrote. Throws CONFIG_INVALID naming the line: from half an inventory things would be left behind. */
export function parseInventory(text: string, where: string): readonly ObjectKey[] {
  return text.split("\n").flatMap((line, i) => {
    if (line === "") return [];
    const [head = "", ...names] = line.split(" ");
    const [group = "", kind = "", namespace, ...more] = head.split("/");
    const isWhole = kind !== "" && namespace !== undefined && more.length === 0 && names.length > 0;
    if (isWhole) return names.map((name) => objectKey({ group, kind, namespace, name }));
    throw new MooringError(
      "CONFIG_INVALID",
      `${where}, line ${i + 1}: it is no group/Kind/namespace with names; restore the line, or delete the object and apply with --adopt, which forgets what left the files before`,
    );
  });
}
