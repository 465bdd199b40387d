import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { viewObject } from "#core/object/index.ts";
import type { FieldError } from "../rules.ts";
import { type At, atLeast, fieldAt } from "./checks.ts";
import { forbidden, invalid, notSupported, required } from "./field-errors.ts";

const percent =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

export function checkDeploymentStrategy(spec: At): readonly FieldError[] {
  const strategy = fieldAt(spec, "strategy");
  if (strategy === undefined) return [];
  const { path, value } = strategy;
  const rolling = fieldAt(strategy, "rollingUpdate");
  if (value["type"] === "Recreate") {
    const detail = "may not be specified when strategy `type` is 'Recreate'";
    return rolling === undefined ? [] : [forbidden(`${path}.rollingUpdate`, detail)];
  }
  if (value["type"] !== "RollingUpdate")
    return [notSupported(path, goStrategy(value), ["Recreate", "RollingUpdate"])];
  return rolling === undefined
    ? [required(`${path}.rollingUpdate`, "this should be defaulted and never be nil")]
    : checkRolling(rolling);
}

function goStrategy(strategy: JsonObject): JsonObject {
  return { Type: strategy["type"] ?? "", RollingUpdate: strategy["rollingUpdate"] ?? null };
}

function checkRolling({ path, value }: At): readonly FieldError[] {
  const errors = ["maxUnavailable", "maxSurge"].flatMap((field) =>
    checkIntOrPercent(`${path}.${field}`, value[field]),
  );
  if (isZeroAmount(value["maxUnavailable"]) && isZeroAmount(value["maxSurge"])) {
    errors.push(
      invalid(`${path}.maxUnavailable`, value["maxUnavailable"], "may not be 0 when `maxSurge` is 0"),
    );
  }
  return [...errors, ...notAboveAll(`${path}.maxUnavailable`, value["maxUnavailable"])];
}

export function checkDaemonSetStrategy(spec: At): readonly FieldError[] {
  const strategy = fieldAt(spec, "updateStrategy");
  if (strategy === undefined || strategy.value["type"] === "OnDelete") return [];
  if (strategy.value["type"] !== "RollingUpdate") {
    return [notSupported(strategy.path, goStrategy(strategy.value), ["RollingUpdate", "OnDelete"])];
  }
  const { path, value } = {
    path: `${strategy.path}.rollingUpdate`,
    value: viewObject(strategy.value, "rollingUpdate"),
  };
  const errors = ["maxUnavailable", "maxSurge"].flatMap((field) => [
    ...checkIntOrPercent(`${path}.${field}`, value[field]),
    ...notAboveAll(`${path}.${field}`, value[field]),
  ]);
  const [unavailable, surge] = [isZeroAmount(value["maxUnavailable"]), isZeroAmount(value["maxSurge"])];
  if (!unavailable && !surge) {
    errors.push(
      invalid(`${path}.maxSurge`, value["maxSurge"], "may not be set when maxUnavailable is non-zero"),
    );
  } else if (unavailable && surge)
    errors.push(required(`${path}.maxUnavailable`, "cannot be 0 when maxSurge is 0"));
  return errors;
}

export function checkStatefulStrategy(spec: At): readonly FieldError[] {
  const strategy = fieldAt(spec, "updateStrategy");
  const rolling = strategy === undefined ? undefined : fieldAt(strategy, "rollingUpdate");
  const type = strategy?.value["type"];
  if (strategy === undefined || type === undefined) return [required(`${spec.path}.updateStrategy`)];
  if (type === "OnDelete") {
    const detail = `only allowed for updateStrategy 'RollingUpdate'`;
    return rolling === undefined ? [] : [invalid(`${strategy.path}.rollingUpdate`, rolling.value, detail)];
  }
  if (type !== "RollingUpdate") {
    return [invalid(strategy.path, goStrategy(strategy.value), "must be 'RollingUpdate' or 'OnDelete'")];
  }
  return rolling === undefined ? [] : atLeast(`${rolling.path}.partition`, rolling.value["partition"], 0);
}

/** A number that is not negative, or a percentage. */
export function checkIntOrPercent(path: string, value: JsonValue | undefined): readonly FieldError[] {
  if (typeof value === "string") return /^[0-9]+%$/.test(value) ? [] : [invalid(path, value, percent)];
  return atLeast(path, value, 0);
}

export function notAboveAll(path: string, value: JsonValue | undefined): readonly FieldError[] {
  const match = typeof value === "string" ? /^(\d+)%$/.exec(value) : null;
  return match !== null && Number(match[1]) > 100
    ? [invalid(path, value, "must not be greater than 100%")]
    : [];
}

function isZeroAmount(value: JsonValue | undefined): boolean {
  return value === 0 || value === "0%" || value === undefined;
}
