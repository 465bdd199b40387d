import type { KubeObject } from "#core/object/index.ts";
import { viewArray, viewObject, viewString } from "#core/object/index.ts";

export function serviceWarnings(service: KubeObject): readonly string[] {
  const spec = viewObject(service, "spec");
  const isExternalName = spec["type"] === "ExternalName";
  const hasAddresses = viewArray(spec, "externalIPs").length > 0;
  const warnings: string[] = [];
  if (hasAddresses && spec["clusterIP"] !== "None")
    warnings.push("spec.externalIPs is deprecated and may no longer be implemented in some clusters");
  if (spec["clusterIP"] === "None") {
    const ignored = (field: string): number =>
      warnings.push(`spec.${field} is ignored for headless services`);
    if ((viewString(spec, "loadBalancerIP") ?? "") !== "") ignored("loadBalancerIP");
    if (hasAddresses) ignored("externalIPs");
    if (spec["sessionAffinity"] !== "None") ignored("SessionAffinity");
  }
  if (isExternalName && hasAddresses)
    warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  if (!isExternalName && (viewString(spec, "externalName") ?? "") !== "")
    warnings.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  if (spec["trafficDistribution"] === "PreferClose")
    warnings.push('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"');
  return warnings;
}
