import type { FieldError } from "../../rules.ts";
import { type At, itemsOf, present, supported, text } from "../checks.ts";
import { invalid, notFound } from "../field-errors.ts";

const propagations = ["Bidirectional", "HostToContainer", "None"];

/** Mounts name volumes that are there, each at a path of its own. */
export function checkMounts({ path, value }: At, volumes: ReadonlySet<string>): readonly FieldError[] {
  const places = new Set<string>();
  return itemsOf(value, "volumeMounts", path).flatMap((mount) => {
    const mountPath = text(mount.value, "mountPath");
    const errors = [...checkMount(mount, volumes)];
    if (places.has(mountPath)) errors.push(invalid(`${mount.path}.mountPath`, mountPath, "must be unique"));
    places.add(mountPath);
    const subPath = text(mount.value, "subPath");
    // The API server tells of them without the index.
    if (subPath !== "") errors.push(...checkRelativePath(`${path}.volumeMounts.subPath`, subPath));
    return [
      ...errors,
      ...supported(`${mount.path}.mountPropagation`, mount.value["mountPropagation"], propagations),
    ];
  });
}

function checkMount({ path, value }: At, volumes: ReadonlySet<string>): readonly FieldError[] {
  const name = text(value, "name");
  return [
    ...present(`${path}.name`, name),
    ...(volumes.has(name) ? [] : [notFound(`${path}.name`, name)]),
    ...present(`${path}.mountPath`, text(value, "mountPath")),
  ];
}

/** A path below another that does not lead out of it. */
export function checkRelativePath(path: string, target: string): readonly FieldError[] {
  if (target.startsWith("/")) return [invalid(path, target, "must be a relative path")];
  return target.split("/").includes("..") ? [invalid(path, target, "must not contain '..'")] : [];
}
