import type { UnsupportedField } from "#core/crd/unsupported.ts";
import { listUnsupported } from "#core/crd/unsupported.ts";
import { annotationKey } from "#core/tracking/index.ts";
import { unknownSyncOptions } from "./sync-options.ts";
import type { Application, Operation } from "./types.ts";

/**
 * Fields of an Application, its operation included, that are set and not acted on yet: to be reported, never passed
 * over in silence. The blocking ones are also problems of `validateApplicationSpec` or `validateOperation`.
 */
export function unsupportedFields(app: Application): readonly UnsupportedField[] {
  const { syncPolicy } = app.spec;
  // An automated operation has its options from the spec: they would be told of twice, as long as it runs.
  const options =
    app.operation?.initiatedBy?.automated === true ? undefined : app.operation?.sync?.syncOptions;
  return [
    ...listUnsupported(app, "application"),
    ...fieldsWithoutEffect(app),
    ...unknownSyncOptions("spec.syncPolicy.syncOptions", syncPolicy?.syncOptions),
    ...unknownSyncOptions("operation.sync.syncOptions", options),
  ];
}

/** The same for an operation that has been taken off its Application; paths start at the operation. */
export function unsupportedOperationFields(operation: Operation): readonly UnsupportedField[] {
  return [
    ...listUnsupported(operation, "operation"),
    ...unknownSyncOptions("sync.syncOptions", operation.sync?.syncOptions),
  ];
}

/** `spec.ignoreDifferences is set, but …`: one line for a condition's message. */
export function formatUnsupported(field: UnsupportedField): string {
  return `${field.path} is set, but ${field.reason}`;
}

function fieldsWithoutEffect({ spec, metadata }: Application): readonly UnsupportedField[] {
  const { source, sources = [], sourceHydrator, syncPolicy } = spec;
  const without: UnsupportedField[] = [];
  const manager = annotationKey.clientSideApplyMigrationManager;
  if (metadata.annotations?.[manager] !== undefined) {
    const reason =
      "what kubectl and Argo CD applied is taken over, and the fields of other managers stay theirs; remove it";
    without.push({ path: `metadata.annotations[${manager}]`, reason, blocking: false });
  }
  for (const field of ["source", "sources"] as const) {
    if (sourceHydrator === undefined || spec[field] === undefined) continue;
    const reason = "spec.sourceHydrator wins over it; remove one of them";
    without.push({ path: `spec.${field}`, reason, blocking: false });
  }
  if (source !== undefined && sources.length > 0) {
    const reason = "spec.sources wins over it; remove one of them";
    without.push({ path: "spec.source", reason, blocking: false });
  }
  if (source?.ref !== undefined && source.ref !== "" && sources.length === 0) {
    const reason = "there are no other sources that could refer to it; use spec.sources";
    without.push({ path: "spec.source.ref", reason, blocking: false });
  }
  const createsNamespace = syncPolicy?.syncOptions?.some((entry) => entry.trim() === "CreateNamespace=true");
  if (syncPolicy?.managedNamespaceMetadata !== undefined && createsNamespace !== true) {
    const reason = "it has no effect without sync option CreateNamespace=true; add it";
    without.push({ path: "spec.syncPolicy.managedNamespaceMetadata", reason, blocking: false });
  }
  return without;
}
