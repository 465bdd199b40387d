import type { DescField } from "@bufbuild/protobuf";

const types = "github.com.argoproj.argo_cd.v3.pkg.apis.application.v1alpha1";

const inlined: ReadonlySet<string> = new Set([
  `${types}.ResourceNode.resourceRef`,
  `${types}.ApplicationSourcePluginParameter.map`,
  `${types}.ApplicationSourcePluginParameter.array`,
]);

/** Whether the fields of this field's message stand in JSON among those of its parent, as Go's embedded structs do. */
export function isInlined(field: DescField): boolean {
  return inlined.has(`${field.parent.typeName}.${field.name}`);
}
