import { parseQuantity } from "#core/merge/quantity.ts";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import type { FieldError } from "../../rules.ts";
import { type At, fieldAt, named } from "../checks.ts";
import { invalid, required } from "../field-errors.ts";
import { isLabelKey } from "../names.ts";
import { textOf } from "../../text-of.ts";

const standard: ReadonlySet<string> = new Set([
  "cpu",
  "memory",
  "ephemeral-storage",
  "storage",
  "pods",
  "services",
  "replicationcontrollers",
  "resourcequotas",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
]);
const ofContainers: ReadonlySet<string> = new Set(["cpu", "memory", "ephemeral-storage"]);

/** Amounts of resources that a container asks for and may use. */
export function checkResources(container: At): readonly FieldError[] {
  const resources = fieldAt(container, "resources");
  if (resources === undefined) return [];
  const [limits, requests] = [fieldAt(resources, "limits"), fieldAt(resources, "requests")];
  const errors = [
    ...(limits === undefined ? [] : checkAmounts(limits, isContainerResource)),
    ...(requests === undefined ? [] : checkAmounts(requests, isContainerResource)),
  ];
  for (const [name, amount] of Object.entries(requests?.value ?? {})) {
    errors.push(
      ...checkAgainstLimit({ path: resources.path, value: amount ?? null }, name, limits?.value ?? {}),
    );
  }
  return errors;
}

/** Where an amount of an unknown name is told of: what may be asked for there. */
type ResourceRule = (name: string) => string | undefined;

const isContainerResource: ResourceRule = (name) =>
  ofContainers.has(name) || name.startsWith("hugepages-")
    ? undefined
    : "must be a standard resource for containers";

/** Names are known or qualified, amounts are not negative. */
export function checkAmounts({ path, value }: At, rule: ResourceRule): readonly FieldError[] {
  return Object.entries(value).flatMap(([name, amount]) => {
    const at = `${path}[${name}]`;
    const nanos = typeof amount === "string" ? parseQuantity(amount) : 0n;
    const negative = (nanos ?? 0n) < 0n ? [invalid(at, amount, "must be greater than or equal to 0")] : [];
    return [...checkResourceName(at, name, rule), ...negative];
  });
}

function checkResourceName(at: string, name: string, rule: ResourceRule): readonly FieldError[] {
  const errors = [...named(at, name, isLabelKey)];
  if (errors.length > 0 || name.includes("/")) return errors;
  const isStandard =
    standard.has(name) ||
    name.startsWith("hugepages-") ||
    name.startsWith("requests.") ||
    name.startsWith("limits.");
  if (!isStandard) errors.push(invalid(at, name, "must be a standard resource type or fully qualified"));
  const detail = rule(name);
  return detail === undefined ? errors : [...errors, invalid(at, name, detail)];
}

/** Extended resources cannot be promised twice: what is asked for is what may be used. */
function checkAgainstLimit(request: At<JsonValue>, name: string, limits: JsonObject): readonly FieldError[] {
  const [amount, limit] = [request.value, limits[name]];
  const path = `${request.path}.requests`;
  const isShared = ofContainers.has(name) || !name.includes("/");
  if (typeof limit !== "string") {
    return isShared
      ? []
      : [required(`${request.path}.limits`, "Limit must be set for non overcommitable resources")];
  }
  const [asked, allowed] = [parseQuantity(textOf(amount)) ?? 0n, parseQuantity(limit) ?? 0n];
  if (!isShared && asked !== allowed)
    return [invalid(path, amount, `must be equal to ${name} limit of ${limit}`)];
  return asked > allowed
    ? [invalid(path, amount, `must be less than or equal to ${name} limit of ${limit}`)]
    : [];
}
