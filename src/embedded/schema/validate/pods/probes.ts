import type { JsonObject } from "#core/object/index.ts";
import { isJsonObject, viewArray } from "#core/object/index.ts";
import type { FieldError } from "../../rules.ts";
import { type At, atLeast, between, fieldAt, portOrName, ports, supported } from "../checks.ts";
import { forbidden, invalid, required } from "../field-errors.ts";
import { isPortName } from "../names.ts";

const handlers = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"];
const seconds = [
  "initialDelaySeconds",
  "timeoutSeconds",
  "periodSeconds",
  "successThreshold",
  "failureThreshold",
];

/** `needsOneSuccess`: only readiness may ask for more than one success in a row. */
export function checkProbe(probe: At, needsOneSuccess: boolean): readonly FieldError[] {
  const { path, value } = probe;
  const errors = [
    ...checkHandler(probe),
    ...seconds.flatMap((field) => atLeast(`${path}.${field}`, value[field], 0)),
  ];
  const threshold = value["successThreshold"];
  if (needsOneSuccess && threshold !== 1)
    errors.push(invalid(`${path}.successThreshold`, threshold, "must be 1"));
  const grace = value["terminationGracePeriodSeconds"];
  if (typeof grace === "number" && grace <= 0) {
    errors.push(invalid(`${path}.terminationGracePeriodSeconds`, grace, "must be greater than 0"));
  }
  return errors;
}

export function checkLifecycle(container: At): readonly FieldError[] {
  const lifecycle = fieldAt(container, "lifecycle");
  if (lifecycle === undefined) return [];
  return ["postStart", "preStop"].flatMap((field) => {
    const handler = fieldAt(lifecycle, field);
    return handler === undefined ? [] : checkHandler(handler);
  });
}

function checkHandler(at: At): readonly FieldError[] {
  const given = handlers.filter((name) => isJsonObject(at.value[name]));
  if (given.length === 0) return [required(at.path, "must specify a handler type")];
  const more = given
    .slice(1)
    .map((name) => forbidden(`${at.path}.${name}`, "may not specify more than 1 handler type"));
  const first = given[0] ?? "";
  return [...checkAction(first, `${at.path}.${first}`, at.value[first] as JsonObject), ...more];
}

function checkAction(name: string, path: string, action: JsonObject): readonly FieldError[] {
  switch (name) {
    case "exec":
      return viewArray(action, "command").length === 0 ? [required(`${path}.command`)] : [];
    case "httpGet":
      return [
        ...portOrName(`${path}.port`, action["port"], isPortName),
        ...supported(`${path}.scheme`, action["scheme"], ["HTTP", "HTTPS"]),
      ];
    case "tcpSocket":
      return portOrName(`${path}.port`, action["port"], isPortName);
    case "grpc":
      return between(`${path}.port`, action["port"], ports);
    default:
      return [];
  }
}
