import type { JsonObject } from "#core/object/index.ts";
import { viewArray, viewString } from "#core/object/index.ts";
import type { FieldError } from "../../rules.ts";
import { type At, between, fieldAt, itemsOf, ports, requiredName, supported, text } from "../checks.ts";
import { duplicate, forbidden, invalid, required } from "../field-errors.ts";
import { isLabel, isPortName } from "../names.ts";
import { checkEnvironment } from "./environment.ts";
import { checkMounts } from "./mounts.ts";
import { checkLifecycle, checkProbe } from "./probes.ts";
import { checkResources } from "./resources.ts";
import { checkContainerSecurity } from "./security.ts";
import { textOf } from "../../text-of.ts";

const pullPolicies = ["Always", "IfNotPresent", "Never"];
const messagePolicies = ["File", "FallbackToLogsOnError"];
const protocols = ["SCTP", "TCP", "UDP"];
const restartPolicies = ["Always", "Never", "OnFailure"];

/** The containers of a pod, those that run first, and their names together. */
export function checkContainers(
  { path, value: spec }: At,
  volumes: ReadonlySet<string>,
): readonly FieldError[] {
  const main = itemsOf(spec, "containers", path);
  const initial = itemsOf(spec, "initContainers", path);
  const ephemeral = itemsOf(spec, "ephemeralContainers", path);
  return [
    ...(main.length === 0 ? [required(`${path}.containers`)] : []),
    ...main.flatMap((container) => [
      ...checkContainer(container, volumes),
      ...checkProbes(container),
      ...checkMessagePolicy(container),
    ]),
    ...initial.flatMap((container) => [
      ...checkContainer(container, volumes),
      ...checkInitial(container),
      ...checkMessagePolicy(container),
    ]),
    ...ephemeral.flatMap((container) => checkContainer(container, volumes)),
    ...repeatedNames([...main, ...initial, ...ephemeral]),
    ...repeatedHostPorts(main, spec),
    ...(spec["hostNetwork"] === true ? main.flatMap((container) => checkOnHost(container)) : []),
  ];
}

function checkContainer(container: At, volumes: ReadonlySet<string>): readonly FieldError[] {
  const { path, value } = container;
  return [
    ...requiredName(`${path}.name`, viewString(value, "name"), isLabel),
    ...(text(value, "image") === "" ? [required(`${path}.image`)] : []),
    ...checkPorts(container),
    ...checkEnvironment(container),
    ...checkMounts(container, volumes),
    ...supported(`${path}.imagePullPolicy`, value["imagePullPolicy"], pullPolicies),
    ...checkResources(container),
    ...checkContainerSecurity(container),
  ];
}

function checkMessagePolicy({ path, value }: At): readonly FieldError[] {
  return supported(`${path}.terminationMessagePolicy`, value["terminationMessagePolicy"], messagePolicies);
}

/** Templates may have images with blanks around them; no pod can be made of them. */
export function checkImages({ path, value: spec }: At): readonly FieldError[] {
  return ["containers", "initContainers"].flatMap((field) =>
    itemsOf(spec, field, path).flatMap((container) => {
      const image = text(container.value, "image");
      const detail = "must not have leading or trailing whitespace";
      return image.trim() === image ? [] : [invalid(`${container.path}.image`, image, detail)];
    }),
  );
}

function checkPorts({ path, value }: At): readonly FieldError[] {
  const names = new Set<string>();
  return itemsOf(value, "ports", path).flatMap((port) => {
    const name = text(port.value, "name");
    const wrong =
      name === "" ? [] : isPortName(name).map((detail) => invalid(`${port.path}.name`, name, detail));
    const isRepeated = name !== "" && wrong.length === 0 && names.has(name);
    names.add(name);
    const { containerPort, hostPort } = port.value;
    return [
      ...wrong,
      ...(isRepeated ? [duplicate(`${port.path}.name`, name)] : []),
      ...(containerPort === undefined || containerPort === 0
        ? [required(`${port.path}.containerPort`)]
        : between(`${port.path}.containerPort`, containerPort, ports)),
      ...(hostPort === 0 ? [] : between(`${port.path}.hostPort`, hostPort, ports)),
      ...supported(`${port.path}.protocol`, port.value["protocol"], protocols),
    ];
  });
}

/** On the node's network a container has the node's ports. */
function checkOnHost({ path, value }: At): readonly FieldError[] {
  return itemsOf(value, "ports", path).flatMap((port) => {
    const { hostPort = 0, containerPort } = port.value;
    const detail = "must match `containerPort` when `hostNetwork` is true";
    return hostPort === 0 || hostPort === containerPort
      ? []
      : [invalid(`${port.path}.hostPort`, hostPort, detail)];
  });
}

function checkProbes(container: At): readonly FieldError[] {
  return [
    ...checkLifecycle(container),
    ...(["livenessProbe", "readinessProbe", "startupProbe"] as const).flatMap((field) => {
      const probe = fieldAt(container, field);
      return probe === undefined ? [] : checkProbe(probe, field !== "readinessProbe");
    }),
  ];
}

/** A container that runs first and ends may have no probes; one that stays has what others have. */
function checkInitial(container: At): readonly FieldError[] {
  const { path, value } = container;
  const policy = supported(`${path}.restartPolicy`, value["restartPolicy"], restartPolicies);
  if (value["restartPolicy"] === "Always") return [...policy, ...checkProbes(container)];
  const detail = "may not be set for init containers without restartPolicy=Always";
  const fields = ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"];
  return [
    ...policy,
    ...fields
      .filter((field) => value[field] !== undefined)
      .map((field) => forbidden(`${path}.${field}`, detail)),
  ];
}

function repeatedNames(containers: readonly At[]): readonly FieldError[] {
  const names = new Set<string>();
  return containers.flatMap(({ path, value }) => {
    const name = text(value, "name");
    const isRepeated = name !== "" && names.has(name);
    names.add(name);
    return isRepeated ? [duplicate(`${path}.name`, name)] : [];
  });
}

function repeatedHostPorts(containers: readonly At[], spec: JsonObject): readonly FieldError[] {
  const used = new Set<string>();
  if (viewArray(spec, "containers").length === 0) return [];
  return containers.flatMap(({ path, value }) =>
    itemsOf(value, "ports", path).flatMap((port) => {
      const { hostPort, protocol, hostIP } = port.value;
      if (hostPort === undefined || hostPort === 0) return [];
      const key = `${textOf(protocol)}/${textOf(hostIP ?? "")}/${textOf(hostPort)}`;
      const isRepeated = used.has(key);
      used.add(key);
      return isRepeated ? [duplicate(`${port.path}.hostPort`, key)] : [];
    }),
  );
}
