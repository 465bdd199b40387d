import { isIP } from "node:net";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewObject, viewString } from "#core/object/index.ts";
import type { ClusterAllocations } from "../complete/prepare/prepare.ts";
import type { FieldError } from "../rules.ts";
import { textOf } from "../text-of.ts";
import { type At, supported } from "./checks.ts";
import { duplicate, forbidden, invalid, required } from "./field-errors.ts";
import { checkAddress } from "./pods/dns.ts";

const policies = ["PreferDualStack", "RequireDualStack", "SingleStack"];
const families = ["IPv4", "IPv6"];

interface Update {
  readonly spec: At;
  readonly live: JsonObject | undefined;
  readonly cluster: ClusterAllocations;
  readonly dryRun?: boolean | undefined;
}

/** Addresses and ports are given out before anything else is looked at; what is wrong with them is told alone. */
export function checkAllocations(update: Update): readonly FieldError[] {
  const { spec } = update;
  if (spec.value["type"] === "ExternalName") return [];
  const steps = [
    () => checkClusterIPs(spec),
    () => checkSingleStack(spec),
    () => [...checkConfigured(spec), ...checkDualStack(spec)],
    () => checkFreeAddress(update),
    () => checkFreePorts(update),
  ];
  for (const step of steps) {
    const errors = step();
    if (errors.length > 0) return errors;
  }
  return [];
}

/** What fits together of addresses, families and policy. */
function checkClusterIPs({ path, value }: At): readonly FieldError[] {
  const errors = [
    ...checkFirst(`${path}.clusterIPs`, value),
    ...checkFamilies(`${path}.ipFamilies`, viewArray(value, "ipFamilies")),
    ...supported(`${path}.ipFamilyPolicy`, value["ipFamilyPolicy"], policies),
  ];
  const addresses = viewArray(value, "clusterIPs").map((address) => textOf(address));
  const wrong = addresses.flatMap((address, i) => {
    if (i > 0 || address !== "None") return checkAddress(`${path}.clusterIPs[${i}]`, address);
    return addresses.length > 1
      ? [invalid(`${path}.clusterIPs`, addresses, "'None' must be the first and only value")]
      : [];
  });
  errors.push(...wrong);
  if (addresses.length > 2)
    errors.push(invalid(`${path}.clusterIPs`, addresses, "may only hold up to 2 values"));
  if (wrong.length === 0 && addresses.length > 1 && !isDualStack(addresses)) {
    const detail = "may specify no more than one IP for each IP family";
    errors.push(invalid(`${path}.clusterIPs`, addresses, detail));
  }
  return errors.length > 0 || addresses[0] === "None" ? errors : checkOfFamily({ path, value });
}

function checkFirst(path: string, spec: JsonObject): readonly FieldError[] {
  const [clusterIP, all] = [viewString(spec, "clusterIP") ?? "", viewArray(spec, "clusterIPs")];
  if (clusterIP === "" && all.length > 0)
    return [invalid(path, all, "must be empty when `clusterIP` is not specified")];
  if (clusterIP !== "" && all.length === 0) return [required(path)];
  return clusterIP === "" || all[0] === clusterIP
    ? []
    : [invalid(path, all, "first value must match `clusterIP`")];
}

function checkFamilies(path: string, given: readonly JsonValue[]): readonly FieldError[] {
  return given.flatMap((family, i) => [
    ...supported(`${path}[${i}]`, family, families),
    ...(given.indexOf(family) < i ? [duplicate(`${path}[${i}]`, family)] : []),
  ]);
}

function checkOfFamily({ path, value }: At): readonly FieldError[] {
  const given = viewArray(value, "ipFamilies");
  return viewArray(value, "clusterIPs").flatMap((address, i) => {
    const family = `IPv${isIP(textOf(address))}`;
    const wanted = given[i];
    if (wanted === undefined || wanted === family) return [];
    const detail = `expected an ${textOf(wanted)} value as indicated by \`ipFamilies[${i}]\``;
    return [invalid(`${path}.clusterIPs[${i}]`, address, detail)];
  });
}

function isDualStack(addresses: readonly string[]): boolean {
  return new Set(addresses.map((address) => isIP(address))).size === 2;
}

/** Of an update of one with addresses. */
export function checkUnchanged(spec: JsonObject, live: JsonObject | undefined): readonly FieldError[] {
  const before = viewObject(live, "spec");
  if (live === undefined || before["type"] === "ExternalName" || spec["type"] === "ExternalName") return [];
  if (viewString(before, "clusterIP") === undefined || before["clusterIP"] === spec["clusterIP"]) return [];
  return [invalid("spec.clusterIPs[0]", spec["clusterIPs"], "may not change once set")];
}

/** The cluster has addresses of IPv4 alone, but a Service without any may speak of both. */
function checkConfigured({ path, value }: At): readonly FieldError[] {
  if (isOpen(value)) return [];
  return viewArray(value, "ipFamilies").flatMap((family, i) =>
    family === "IPv6" ? [invalid(`${path}.ipFamilies[${i}]`, family, "not configured on this cluster")] : [],
  );
}

function checkSingleStack({ path, value }: At): readonly FieldError[] {
  if (value["ipFamilyPolicy"] !== "SingleStack") return [];
  const told = (what: string): FieldError =>
    invalid(
      `${path}.ipFamilyPolicy`,
      "SingleStack",
      `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`,
    );
  return [
    ...(viewArray(value, "clusterIPs").length === 2 ? [told("cluster IPs")] : []),
    ...(viewArray(value, "ipFamilies").length === 2 ? [told("IP families")] : []),
  ];
}

function checkDualStack({ path, value }: At): readonly FieldError[] {
  const policy = value["ipFamilyPolicy"];
  if (policy !== "RequireDualStack" || isOpen(value)) return [];
  const detail = "this cluster is not configured for dual-stack services";
  return [invalid(`${path}.ipFamilyPolicy`, policy, detail)];
}

/** Headless and without a selector. */
function isOpen(spec: JsonObject): boolean {
  return spec["clusterIP"] === "None" && Object.keys(viewObject(spec, "selector")).length === 0;
}

function checkFreeAddress({ spec: { path, value }, live, cluster, dryRun }: Update): readonly FieldError[] {
  const address = viewString(value, "clusterIP") ?? "";
  const hasAddress = live !== undefined && viewString(live, "spec", "type") !== "ExternalName";
  if (address === "None" || hasAddress) return [];
  if (dryRun === true && address === "10.96.0.0") return [];
  const why = cluster.allocate.refusesAddress?.(address, dryRun === true);
  if (why === undefined) return [];
  return [invalid(`${path}.clusterIPs`, value["clusterIPs"], `failed to allocate IP ${address}: ${why}`)];
}

function checkFreePorts({ spec: { path, value }, live, cluster }: Update): readonly FieldError[] {
  if (value["type"] !== "NodePort" && value["type"] !== "LoadBalancer") return [];
  const own = new Set(viewArray(live, "spec", "ports").map((port) => viewObject(port)["nodePort"]));
  const given = new Map<number, JsonValue | undefined>();
  for (const [i, port] of viewArray(value, "ports").entries()) {
    const nodePort = isJsonObject(port) ? port["nodePort"] : undefined;
    if (typeof nodePort !== "number" || nodePort === 0 || own.has(nodePort)) continue;
    const isRepeated = given.has(nodePort) && given.get(nodePort) !== viewObject(port)["port"];
    given.set(nodePort, viewObject(port)["port"]);
    const why = isRepeated ? "provided port is already allocated" : cluster.allocate.refusesPort?.(nodePort);
    if (why !== undefined) return [invalid(`${path}.ports[${i}].nodePort`, nodePort, why)];
  }
  return [];
}

/** What an ExternalName has none of. */
export function checkWithoutAddresses({ path, value }: At): readonly FieldError[] {
  const detail = "may not be set for ExternalName services";
  return [
    ...(viewArray(value, "clusterIPs").length > 0 || (viewString(value, "clusterIP") ?? "") !== ""
      ? [forbidden(`${path}.clusterIPs`, detail)]
      : []),
    ...(viewArray(value, "ipFamilies").length > 0 ? [forbidden(`${path}.ipFamilies`, detail)] : []),
    ...(value["ipFamilyPolicy"] === undefined ? [] : [forbidden(`${path}.ipFamilyPolicy`, detail)]),
  ];
}
