import type { KubeObject, ObjectMeta } from "#core/object/index.ts";

interface BackupOptions {
  /** The control plane's: it is not written down, so that a backup can be imported under another name. */
  readonly namespace: string;
  readonly stripStatus: boolean;
}

/** An object as a backup has it: name, labels, annotations and finalizers, and all that is not metadata. */
export function backupOf(object: KubeObject, { namespace, stripStatus }: BackupOptions): KubeObject {
  const { metadata, ...rest } = object;
  const { status, ...withoutStatus } = rest;
  const kept: ObjectMeta = {
    name: metadata.name ?? "",
    ...(metadata.namespace === undefined || metadata.namespace === namespace
      ? {}
      : { namespace: metadata.namespace }),
    ...(isEmpty(metadata.labels) ? {} : { labels: metadata.labels }),
    ...(isEmpty(metadata.annotations) ? {} : { annotations: metadata.annotations }),
    ...(isEmpty(metadata.finalizers) ? {} : { finalizers: metadata.finalizers }),
  };
  const keepsStatus = !stripStatus && status !== undefined;
  return { ...withoutStatus, metadata: kept, ...(keepsStatus ? { status } : {}) };
}

function isEmpty(value: object | undefined): boolean {
  return value === undefined || Object.keys(value).length === 0;
}
